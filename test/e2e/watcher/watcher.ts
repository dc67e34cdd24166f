import { Worker } from 'node:worker_threads';
import type { World } from '../../../local/world.ts';
import { processesOf } from '../support/leftovers.ts';
import { defer } from './prefer.ts';
import type { Watched } from './samples.ts';
import type { Order } from './thread.ts';
import { allCopiesOf, copiesOf, type Verdict, verdictOf } from './verdict.ts';

/** Watches from outside, from now on, every JobManager process that the world's agent starts. */
export const startWatcher = (world: World): Watcher => {
  const worker = new Worker(new URL('thread.ts', import.meta.url));
  const order = (given: Order): void => worker.postMessage(given);
  const broken = new Promise<never>((_resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the watcher ended with code ${code}`)));
  });
  broken.catch(() => {}); // told to whoever asks for a verdict
  const watch = ({ role, pid, taskArn, address }: Task): void => {
    if (pid === 0) return;
    if (role === 'jobmanager') order({ watch: { taskArn, address, pid } });
    else defer(pid);
  };
  for (const { pid } of processesOf(world.dir)) defer(pid); // the emulator, in which the functions run
  world.agent.tasks().forEach(watch);
  world.agent.onTask(watch);
  let asked = 0;
  const watched = (): Promise<Watched> => {
    asked += 1;
    const number = asked;
    const answer = new Promise<Watched>((resolve) => {
      const hear = (message: Watched & { told: number }): void => {
        if (message.told !== number) return;
        worker.off('message', hear);
        resolve({ records: message.records, untilMs: message.untilMs, late: message.late });
      };
      worker.on('message', hear);
    });
    order({ tell: number });
    return Promise.race([answer, broken]);
  };
  return {
    watched,
    copies: async (fromMs) => copiesOf(await watched(), fromMs),
    allCopies: async (fromMs) => allCopiesOf(await watched(), fromMs),
    verdict: async (fromMs) => verdictOf(await watched(), fromMs),
    close: async () => {
      await worker.terminate();
    },
  };
};

export type Watcher = {
  /** All that was seen so far. */
  watched(): Promise<Watched>;
  /** Copies of one job under several ids since then (epoch ms), where several JobManagers are one cluster. */
  copies(fromMs: number): Promise<readonly string[]>;
  /** Copies of one job since then (epoch ms), where each JobManager is a cluster of its own. */
  allCopies(fromMs: number): Promise<readonly string[]>;
  /** On all that was seen since then (epoch ms). */
  verdict(fromMs: number): Promise<Verdict>;
  close(): Promise<void>;
};

type Task = ReturnType<World['agent']['tasks']>[number];
