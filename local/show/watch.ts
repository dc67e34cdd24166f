import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { clientConfig } from '../aws.ts';
import { PRODUCT } from '../deploy/deployments.ts';
import type { World } from '../world.ts';
import { followLog } from './follow-log.ts';
import { type FlinkJob, listJobs } from './list-jobs.ts';

/** Something seen from outside the product; `atMs` is epoch time. */
export type Happening =
  | { readonly kind: 'task'; readonly atMs: number; readonly task: Task }
  | { readonly kind: 'log'; readonly atMs: number; readonly line: Readonly<Record<string, unknown>> }
  | { readonly kind: 'job'; readonly atMs: number; readonly job: FlinkJob; readonly address: string };

export type Task = ReturnType<World['agent']['tasks']>[number];

/**
 * Watches a world: each change of a task, each line that the functions log, each change of a job on any JobManager that
 * runs. Returns the end of the watch.
 */
export const watchWorld = (world: World, on: (happening: Happening) => void): (() => Promise<void>) => {
  const ended = new AbortController();
  const tasksSeen = new Map<string, string>();
  world.agent.onTask((task) => {
    if (ended.signal.aborted || tasksSeen.get(task.taskArn) === task.lastStatus) return;
    tasksSeen.set(task.taskArn, task.lastStatus);
    on({ kind: 'task', atMs: Date.now(), task });
  });
  const logs = new CloudWatchLogsClient(clientConfig(world.client));
  const loops = [
    ...FUNCTIONS.map((name) => {
      const follow = followLog(logs, `/aws/lambda/${PRODUCT}-${name}`);
      return repeat(ended.signal, LOG_MS, async () => {
        for (const { atMs, line } of await follow()) on({ kind: 'log', atMs, line });
      });
    }),
    repeat(ended.signal, JOBS_MS, watchJobs(world, on)),
  ];
  return async () => {
    ended.abort();
    await Promise.all(loops);
    logs.destroy();
  };
};

const FUNCTIONS = ['task-started', 'health-check'];
const LOG_MS = 250;
const JOBS_MS = 100;

const watchJobs = (world: World, on: (happening: Happening) => void): (() => Promise<void>) => {
  const seen = new Map<string, string>();
  return async () => {
    for (const { address, role, alive } of world.agent.tasks()) {
      if (role !== 'jobmanager' || !alive) continue;
      for (const job of await listJobs(address)) {
        const state = `${job.state} ${job.running}/${job.total}`;
        const key = `${address} ${job.jobId}`;
        if (seen.get(key) !== state) on({ kind: 'job', atMs: Date.now(), job, address });
        seen.set(key, state);
      }
    }
  };
};

// A look that fails (a function not deployed yet, a JobManager on its way up) is not news: the next one tells.
const repeat = async (signal: AbortSignal, everyMs: number, look: () => Promise<void>): Promise<void> => {
  while (!signal.aborted) {
    await look().catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
};
