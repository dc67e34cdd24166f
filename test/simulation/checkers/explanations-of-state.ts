import { defaults } from '../../../lib/core/defaults.ts';
import type { Cluster, Job } from '../../../lib/core/model.ts';
import { sinceOrder } from '../../../lib/core/ordered.ts';
import type { World } from '../world/world.ts';
import { lineageOf } from './sender.ts';
import { isRestoreRefused, refusedOf, usable } from './usable.ts';

type OfJob = (world: World, cluster: Cluster, job: Job) => boolean;

/** Incidents of state that may be open in the calm, and what has to be so then. */
export const ofState: Readonly<Record<string, OfJob>> = {
  // Held only where nothing is left that it could begin from, or nothing that Flink takes.
  STATE_REQUIRED: (world, cluster, job) =>
    job.state !== 'none' &&
    isDown(world, cluster, job) &&
    mayHaveRun(world, cluster, job) &&
    leftOf(world, cluster, job).length === 0,
  RESTORE_REFUSED: (world, cluster, job) =>
    isDown(world, cluster, job) && refusalsOf(world, job).length > (job.restoreDepth ?? defaults.restoreDepth),
  FLINK_CHANGED: (world, cluster, job) => isDown(world, cluster, job) && majorsOf(world, cluster).size > 1,
  // Until the job ends, or the order is given again.
  SAVEPOINT_FAILED: ({ truth }, _cluster, { lineage }) =>
    truth.triggers.some(({ jobId, path }) => lineageOf(jobId) === lineage && path === undefined),
};

/** Of a restore that Flink refused nothing is left but an id that FAILED. */
export const isBurned: OfJob = (world, cluster, job) =>
  isDown(world, cluster, job) && refusalsOf(world, job).length > 0;

/** What other hands started is nobody's before it is adopted. */
const isDown = (world: World, cluster: Cluster, job: Job): boolean => {
  const ids = new Set(attemptsOf(world, cluster, job).map(({ jobId }) => jobId));
  return world.truth.copies.every(
    ({ lineage, by, jobId }) => !ids.has(jobId) && (lineage !== job.lineage || by === 'person'),
  );
};

const attemptsOf = ({ store }: World, { name }: Cluster, job: Job) => store.memory(name).jobs[job.name]?.attempts ?? [];

/** By what is on record: a POST that nobody heard of may have brought a copy. */
const mayHaveRun: OfJob = (world, cluster, job) =>
  attemptsOf(world, cluster, job).some(({ posts, sightedOn }) => posts.length > 0 || sightedOn);

const leftOf = (world: World, cluster: Cluster, job: Job) => {
  const attempts = attemptsOf(world, cluster, job);
  const refused = refusedOf(world, job.lineage);
  const complete = world.truth.snapshots(job.lineage).filter((each) => each.complete && !refused.has(each.path));
  const { from, attempts: since } = sinceOrder(attempts);
  // What a person named counts alone, until the next one ran.
  const isNamedOnly = from?.kind === 'snapshot' && since.every(({ sightedOn }) => sightedOn === undefined);
  return usable(complete, job.lineage, attempts).filter(({ path }) => !isNamedOnly || path === from.path);
};

const refusalsOf = ({ truth }: World, { lineage }: Job) =>
  truth.posts.filter((post) => lineageOf(post.jobId) === lineage && isRestoreRefused(post));

/** Of all Flinks that the cluster ever was. */
const majorsOf = ({ truth }: World, { name }: Cluster): ReadonlySet<string | undefined> =>
  new Set(
    truth.processes.filter(({ cluster }) => cluster === name).map(({ identity }) => identity.version.split('.')[0]),
  );
