import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';

/**
 * An address at which connections neither come up nor fail: a listener that never accepts, whose queue is filled. The
 * kernel then drops what asks for more, as a network does for a machine that is gone.
 */
export const silentAddress = async (): Promise<{ url: string; close(): Promise<void> }> => {
  const worker = new Worker(LISTENER, { eval: true });
  const [port] = await once(worker, 'message');
  const waiting = Array.from({ length: MORE_THAN_THE_QUEUE }, () => {
    const socket = connect({ host: '127.0.0.1', port: Number(port) });
    return socket.on('error', () => {});
  });
  const deadline = Date.now() + FULL_WITHIN_MS;
  while (!isDropping(Number(port))) {
    if (Date.now() > deadline) throw new Error(`port ${port} still takes connections`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const close = async () => {
    for (const socket of waiting) socket.destroy();
    await worker.terminate();
  };
  return { url: `http://127.0.0.1:${port}`, close };
};

const MORE_THAN_THE_QUEUE = 16;
const FULL_WITHIN_MS = 10_000;

/** The kernel lists a connection to the port that was asked for and not answered: state 2, SYN_SENT. */
const isDropping = (port: number): boolean => {
  const remote = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const asked = readFileSync('/proc/net/tcp', 'utf8').split('\n');
  return asked.some((line) => line.includes(`${remote} 02 `));
};

const LISTENER = `
  const { parentPort } = require('node:worker_threads');
  const server = require('node:net').createServer();
  server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
`;
