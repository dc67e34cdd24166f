import { Readable } from 'node:stream';
import { Fault } from '../core/errors.ts';

/** A multipart body of one file part, streamed: its length is known before its bytes are. */
export const multipart = (file: FilePart): Multipart => {
  const disposition = `Content-Disposition: form-data; name="jarfile"; filename="${file.name}"`;
  const head = Buffer.from(`--${BOUNDARY}\r\n${disposition}\r\nContent-Type: application/java-archive\r\n\r\n`);
  const tail = Buffer.from(`\r\n--${BOUNDARY}--\r\n`);
  const source: { fault?: Fault } = {};
  // Nobody may be reading any more when it fails: an unheard 'error' would end the whole program.
  file.stream.on('error', () => {});
  return {
    body: Readable.from(parts(head, file, tail, source), { objectMode: false }),
    headers: {
      'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
      'content-length': String(head.length + file.sizeBytes + tail.length),
    },
    sourceFault: () => source.fault,
  };
};

/** A file of a known length that is read while it is sent. `name` needs no quoting. */
export type FilePart = { readonly name: string; readonly sizeBytes: number; readonly stream: Readable };

export type Multipart = {
  readonly body: Readable;
  readonly headers: Readonly<Record<string, string>>;
  /** What went wrong while reading the file, as opposed to sending it. */
  sourceFault(): Fault | undefined;
};

/**
 * What was sent is garbage outside of V8's heap, of which V8 by itself lets 64 MB pile up: a quarter of a small Lambda.
 * Lambda's runtime exposes the collector; one of the young garbage takes milliseconds. Elsewhere nothing happens.
 */
const COLLECT_EVERY_BYTES = 4 * 1024 * 1024;

const BOUNDARY = 'flink-autopilot-7f3a9c1e5b2d4806';

async function* parts(head: Buffer, file: FilePart, tail: Buffer, source: { fault?: Fault }): AsyncGenerator<Buffer> {
  yield head;
  yield* contents(file, source);
  yield tail;
}

/** Only what goes wrong while reading is caught here: a broken connection ends this by `return`, never by a throw. */
async function* contents(file: FilePart, source: { fault?: Fault }): AsyncGenerator<Buffer> {
  const reader: AsyncIterator<Buffer> = file.stream[Symbol.asyncIterator]();
  let sent = 0;
  let collectAt = COLLECT_EVERY_BYTES;
  try {
    for (;;) {
      const next = await read(reader, file.name, source);
      if (next.done) break;
      sent += next.value.length;
      if (sent > file.sizeBytes) break;
      yield next.value;
      if (sent < collectAt) continue;
      globalThis.gc?.({ type: 'minor' });
      collectAt = sent + COLLECT_EVERY_BYTES;
    }
  } finally {
    file.stream.destroy();
  }
  if (sent === file.sizeBytes) return;
  source.fault = interrupted(file.name, `${sent} of ${file.sizeBytes} bytes`);
  throw source.fault;
}

const read = async (
  reader: AsyncIterator<Buffer>,
  name: string,
  source: { fault?: Fault },
): Promise<IteratorResult<Buffer>> => {
  try {
    return await reader.next();
  } catch (thrown) {
    source.fault = interrupted(name, thrown instanceof Error ? thrown.message : String(thrown));
    throw source.fault;
  }
};

const interrupted = (name: string, why: string): Fault =>
  new Fault('transient', 'UPLOAD_INTERRUPTED', `${name} could not be read whole: ${why}`);
