import type { Cluster, Job } from '../../../lib/core/model.ts';
import type { World } from '../world/world.ts';
import type { Run } from './checker.ts';
import { copiesOf } from './nowhere.ts';

/** What is told of jobs that are live, and of which what is so in the calm: those that may be healed have to be, within half an hour. */
export const ofHealth: Readonly<Record<string, (run: Run, cluster: Cluster, job: Job | undefined) => boolean>> = {
  TASKS_NOT_RUNNING: (run, _cluster, job) =>
    copiesIn(run, job).some(({ jobId }) => !isNew(run, jamOf(run.world, jobId)?.atMs)),
  MANY_JOBS_ILL: (run, { name }) =>
    run.world.truth.copies.filter(({ cluster, jobId }) => cluster === name && isIll(run, jobId)).length > 2,
};

const copiesIn = ({ world }: Run, job: Job | undefined) => (job === undefined ? [] : copiesOf(world, job));

const jamOf = ({ truth }: World, jobId: string) => truth.jams.findLast(({ jobIds }) => jobIds.includes(jobId));

/** It may still be healed, or heal. */
const isNew = ({ sim }: Run, sinceMs: number | undefined): boolean =>
  sinceMs !== undefined && sim.time.nowMs() - sinceMs < HEALED_MS;

const HEALED_MS = 1_800_000;

/** What passes by itself has to pass first. */
const isIll = ({ world }: Run, jobId: string): boolean => {
  const jam = jamOf(world, jobId);
  return jam !== undefined && jam.untilMs === undefined;
};
