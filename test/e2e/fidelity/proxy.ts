import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { AwsClient } from '../../../local/aws.ts';

/**
 * Stands between functions and AWS, passes everything on and writes each call into `file`. A thread with an event loop of
 * its own, which ends with this process: neither a busy test slows the functions nor they the test.
 */
export const startProxy = (file: string): Proxy => {
  let worker: Worker | undefined;
  return {
    functionsClient: async (services) => {
      worker = new Worker(new URL('proxy-thread.ts', import.meta.url), { workerData: { services, file } });
      const [port] = await once(worker, 'message');
      const endpoint = `http://127.0.0.1:${port}`;
      return { endpoint, ecsEndpoint: endpoint };
    },
    close: async () => {
      await worker?.terminate();
    },
  };
};

export type Proxy = {
  /** Starts it in front of these services; functions find them all at the address that it gives. */
  functionsClient(services: AwsClient): Promise<AwsClient>;
  close(): Promise<void>;
};
