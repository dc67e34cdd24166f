import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

/**
 * An address at which connections neither come up nor fail: a listener that never accepts, whose queue is filled. The
 * kernel then drops what asks for more, as a network does for a machine that is gone.
 */
export const silentAddress = async (): Promise<{ url: string; close(): Promise<void> }> => {
  const worker = new Worker(LISTENER, { eval: true });
  const [port] = await once(worker, 'message');
  const waiting: Socket[] = [];
  for (let n = 0; n < QUEUE_MAX; n += 1) {
    const socket = connect({ host: '127.0.0.1', port: Number(port) });
    socket.on('error', () => {});
    waiting.push(socket);
    const connected = once(socket, 'connect').then(() => true);
    const silent = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), SILENCE_MS));
    if (!(await Promise.race([connected, silent]))) break;
  }
  const close = async () => {
    for (const socket of waiting) socket.destroy();
    await worker.terminate();
  };
  return { url: `http://127.0.0.1:${port}`, close };
};

const QUEUE_MAX = 16;
/** A connection to this machine takes less than a millisecond. */
const SILENCE_MS = 200;

const LISTENER = `
  const { parentPort } = require('node:worker_threads');
  const server = require('node:net').createServer();
  server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
`;
