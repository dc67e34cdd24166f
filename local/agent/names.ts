import { mkdir, rename, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import * as z from 'zod/mini';
import type { Emulator } from './emulator.ts';

/**
 * Discovery names. Each task reads a hosts file of its own (its JVM gets `-Djdk.net.hosts.file`), in which `localhost`
 * is the task's own address, as in a network of its own. A change reaches the files after a delay, as DNS would.
 */
export const createNames = (options: { delayMs: number; log: (line: string) => void }): Names => {
  const registered = new Map<string, readonly Registration[]>();
  const readers = new Map<string, Reader>();
  const timers = new Set<NodeJS.Timeout>();
  let closed = false;
  let published: readonly Registration[] = [];
  let writing = Promise.resolve();
  const write = (files: Iterable<Reader>) => {
    const content = published;
    const all = [...files];
    writing = writing.then(async () => {
      await Promise.all(all.map((reader) => writeHosts(reader, content)));
    });
    writing = writing.catch((error: unknown) => options.log(`hosts files: ${error}`));
    return writing;
  };
  const publishLater = () => {
    if (closed) return;
    const then = [...registered.values()].flat();
    const timer = setTimeout(() => {
      timers.delete(timer);
      published = then;
      void write(readers.values());
    }, options.delayMs);
    timers.add(timer);
  };
  return {
    open: async (id, reader) => {
      readers.set(id, reader);
      await mkdir(dirname(reader.file), { recursive: true });
      await writeHosts(reader, published);
    },
    register: (id, names, address) => {
      registered.set(
        id,
        names.map((name) => ({ name, address })),
      );
      if (names.length > 0) publishLater();
    },
    deregister: (id) => {
      const had = registered.get(id);
      if (registered.delete(id) && had !== undefined && had.length > 0) publishLater();
    },
    shut: (id) => void readers.delete(id),
    close: async () => {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
      await writing;
    },
  };
};

/** Who answers to which name, and who can look it up. */
export type Names = {
  /** Gives a task its hosts file, before its first process starts. */
  open(id: string, reader: Reader): Promise<void>;
  /** ECS registers a task when its containers run … */
  register(id: string, names: readonly string[], address: string): void;
  /** … and takes it away as soon as the task is to stop. */
  deregister(id: string): void;
  shut(id: string): void;
  close(): Promise<void>;
};

type Reader = { readonly file: string; readonly address: string; readonly ownNames: readonly string[] };
type Registration = { readonly name: string; readonly address: string };

/** Resolves Cloud Map registries to DNS names (`name.namespace`), each asked once. */
export const createRegistries = (emulator: Emulator) => {
  const known = new Map<string, string>();
  return async (registryArns: readonly string[]): Promise<string[]> => {
    const names: string[] = [];
    for (const arn of registryArns) {
      const name = known.get(arn) ?? (await nameOf(emulator, arn));
      known.set(arn, name);
      names.push(name);
    }
    return names;
  };
};

const nameOf = async (emulator: Emulator, registryArn: string): Promise<string> => {
  const id = registryArn.split('/').at(-1) ?? '';
  const { Service } = serviceAnswer.parse(await emulator.call('cloudMap', 'GetService', { Id: id }));
  const namespaceId = Service.NamespaceId ?? Service.DnsConfig?.NamespaceId ?? '';
  const { Namespace } = namespaceAnswer.parse(await emulator.call('cloudMap', 'GetNamespace', { Id: namespaceId }));
  return `${Service.Name}.${Namespace.Name}`;
};

const serviceAnswer = z.object({
  Service: z.object({
    Name: z.string(),
    NamespaceId: z.optional(z.nullable(z.string())),
    DnsConfig: z.optional(z.nullable(z.object({ NamespaceId: z.optional(z.string()) }))),
  }),
});
const namespaceAnswer = z.object({ Namespace: z.object({ Name: z.string() }) });

const writeHosts = async (reader: Reader, registrations: readonly Registration[]): Promise<void> => {
  // The machine's own name must resolve inside the task too, or a JVM stalls while it looks for itself.
  const own = `${reader.address} ${[...reader.ownNames, 'localhost', hostname()].join(' ')}`;
  const lines = [own, ...registrations.map(({ name, address }) => `${address} ${name}`)];
  const next = `${reader.file}.next`;
  await writeFile(next, `${lines.join('\n')}\n`);
  await rename(next, reader.file); // a JVM reads it at any moment: never half a file
};
