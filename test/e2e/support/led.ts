import { afterEach, beforeEach, expect } from 'vitest';
import { leaderOf } from '../../../local/control/leader.ts';
import { isRunning, listJobs } from '../../../local/show/list-jobs.ts';
import { waitFor } from '../../../local/wait-for.ts';
import type { ZooKeeper } from '../../../local/zookeeper.ts';
import { RUNNING_MAX_MS } from './jobs.ts';
import { report } from './report.ts';
import type { Stage, Task } from './stage.ts';

/** The JobManager that leads, as soon as one does. */
export const leader = ({ world }: Stage): Promise<Task> =>
  waitFor('a leader', RUNNING_MAX_MS, () => leaderOf(world).catch(() => undefined));

/** Waits until the leader, which need not be the newest JobManager, lists the job with all tasks running; gives its id. */
export const runsOnLeader = (stage: Stage, name: string): Promise<string> =>
  waitFor(`${name} to run`, RUNNING_MAX_MS, async () => {
    const jobs = await listJobs((await leader(stage)).address).catch(() => []);
    return jobs.find((job) => job.name === name && isRunning(job))?.jobId;
  });

/** That of the world. */
export const zookeeperOf = ({ world: { zookeeper } }: Stage): ZooKeeper => {
  if (zookeeper === undefined) throw new Error('the world has no ZooKeeper');
  return zookeeper;
};

/** Each test of this block ends without a copy under another id since `fromMs`; one that fails says what a person needs. */
export const judgeCopiesOfEachTest = (stageOf: () => Stage, fromMs: () => number): void => {
  beforeEach(({ onTestFailed }) => {
    onTestFailed(async () => console.error(await report(stageOf(), fromMs())));
  });
  afterEach(async () => expect(await stageOf().watcher.copies(fromMs())).toEqual([]));
};
