import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { crc32 } from 'node:zlib';

/**
 * `node stub.ts s3` or `node stub.ts flink`: one of the two ends of the stream as a process of its own. Prints its URL as
 * JSON, ends when its input does.
 */
const chunk = Buffer.alloc(64 * 1024);

/** Sends `/bucket/N.jar`, N MB of zeros, as fast as they are taken, with a checksum when asked, as S3 does. */
const s3: RequestListener = async (request, response) => {
  const chunks = Number(/\/(\d+)\.jar/.exec(request.url ?? '')?.[1]) * 16;
  response.setHeader('content-length', chunks * chunk.length).setHeader('etag', '"zeros"');
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  if (request.headers['x-amz-checksum-mode'] === 'ENABLED')
    response.setHeader('x-amz-checksum-crc32', checksum(chunks));
  await pipeline(Readable.from(zeros(chunks), { objectMode: false }), response);
};

function* zeros(chunks: number): Generator<Buffer> {
  for (let n = 0; n < chunks; n++) yield chunk;
}

const checksum = (chunks: number): string => {
  let sum = 0;
  for (let n = 0; n < chunks; n++) sum = crc32(chunk, sum);
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(sum);
  return bytes.toString('base64');
};

/** Takes an upload at its own pace, slower than S3 sends it: what is not held back then would pile up in between. */
const flink: RequestListener = async (request, response) => {
  let bytes = 0;
  for await (const part of request) {
    bytes += part.length;
    await sleep(1);
  }
  answer(request, response, bytes);
};

const answer = (request: IncomingMessage, response: ServerResponse, bytes: number): void => {
  const isWhole = request.url === '/jars/upload' && bytes === Number(request.headers['content-length']);
  response.writeHead(isWhole ? 200 : 400, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify(isWhole ? { filename: '/flink-web-upload/0_zeros.jar', status: 'success' } : { errors: ['cut'] }),
  );
};

const server = createServer(process.argv[2] === 's3' ? s3 : flink);
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify(`http://127.0.0.1:${port}`));
});
process.stdin.resume().once('end', () => process.exit());
