import { defaults } from '../../../lib/core/defaults.ts';
import type { Attempt, Cluster, Job } from '../../../lib/core/model.ts';
import { sinceOrder } from '../../../lib/core/state/ordered.ts';
import type { ReachedTrigger } from '../world/truth.ts';
import type { World } from '../world/world.ts';
import { isNowhere } from './nowhere.ts';
import { lineageOf } from './sender.ts';
import { isRestoreRefused, refusedOf, usable } from './usable.ts';

type OfJob = (world: World, cluster: Cluster, job: Job) => boolean;

/** Incidents of state that may be open in the calm, and what has to be so then. */
export const ofState: Readonly<Record<string, OfJob>> = {
  // Held only where nothing is left that it could begin from, or nothing that Flink takes.
  STATE_REQUIRED: (world, cluster, job) =>
    job.state !== 'none' &&
    isNowhere(world, cluster, job) &&
    (mayHaveRun(world, cluster, job) || isForgotten(world, cluster, job) || isLeftover(world, cluster, job)) &&
    leftOf(world, cluster, job).length === 0,
  RESTORE_REFUSED: (world, cluster, job) =>
    isNowhere(world, cluster, job) && refusalsOf(world, job).length > (job.restoreDepth ?? defaults.restoreDepth),
  FLINK_CHANGED: (world, cluster, job) => isNowhere(world, cluster, job) && majorsOf(world, cluster).size > 1,
  // While it is down nobody can judge it; what a person said is this job may be of another lineage.
  STATE_AT_RISK: (world, cluster, job) =>
    attemptsOf(world, cluster, job).some(({ jobId }) => isLeftToChance(world, jobId)) ||
    (isNowhere(world, cluster, job) && (wasLost(world, cluster) || wasRefused(world, cluster, job))),
  // Until the job ends, or there is a newer one.
  SAVEPOINT_FAILED: (world, cluster, job) => attemptsOf(world, cluster, job).some((each) => hasFailed(world, each)),
};

/** One of it failed, never reached Flink, or was asked of a leader that ended, or led no more, before anybody heard: its job goes on with the next. */
const hasFailed = ({ truth }: World, { jobId, savepoint }: Attempt): boolean =>
  truth.triggers.some((trigger) => trigger.jobId === jobId && (trigger.path === undefined || isLeft(truth, trigger))) ||
  (savepoint?.failed !== undefined && truth.triggers.every(({ triggerId }) => triggerId !== savepoint.triggerId));

/** Another leader came after it was asked for: what it came to is told nobody any more. */
export const isLeft = ({ leaderships }: World['truth'], { cluster, led, atMs }: ReachedTrigger): boolean =>
  led !== undefined && leaderships.some((each) => each.cluster === cluster && each.atMs >= atMs);

const isLeftToChance = ({ truth }: World, id: string): boolean =>
  truth.starts.some(({ copy: { jobId, lineage } }) => jobId === id && truth.retention(lineage) !== 'retain');

/** Its item was lost after it was submitted, or ran: nobody judges what was told of it before it runs again. */
const isForgotten: OfJob = (world, cluster, job) => {
  const { losses, posts, starts } = world.truth;
  const ran = [
    ...posts.filter(({ jobId }) => lineageOf(jobId) === job.lineage),
    ...starts.filter(({ copy }) => copy.lineage === job.lineage),
  ];
  const isKnown = attemptsOf(world, cluster, job).some(({ jobId }) => starts.some(({ copy }) => copy.jobId === jobId));
  return !isKnown && losses.some((loss) => loss.cluster === cluster.name && ran.some(({ atMs }) => atMs < loss.atMs));
};

/** With its item went what was known of its snapshots. */
const wasLost = ({ truth }: World, { name }: Cluster): boolean => truth.losses.some(({ cluster }) => cluster === name);

/** Its last check was refused: the next one is made when it runs. */
const wasRefused: OfJob = ({ store }, { name }, job) => {
  const { unlisted, rulesUnseen } = store.memory(name).jobs[job.name]?.check ?? {};
  return unlisted !== undefined || rulesUnseen !== undefined;
};

/** Of a restore that Flink refused nothing is left but an id that FAILED. */
export const isBurned: OfJob = (world, cluster, job) =>
  isNowhere(world, cluster, job) && refusalsOf(world, job).length > 0;

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

/** The table lost one of which files lie, or lay, there. */
const isLeftover: OfJob = (world, cluster, job) => {
  const { losses, lostSnapshots } = world.truth;
  const left = world.truth.snapshots(job.lineage);
  return attemptsOf(world, cluster, job).some(
    ({ jobId, leftIn }) =>
      leftIn !== undefined &&
      losses.some((loss) => loss.cluster === cluster.name) &&
      (left.some((each) => each.jobId === jobId) || lostSnapshots.some(({ path }) => path.includes(`/${jobId}/`))),
  );
};

/** Of all Flinks that the cluster ever was. */
const majorsOf = ({ truth }: World, { name }: Cluster): ReadonlySet<string | undefined> =>
  new Set(
    truth.processes.filter(({ cluster }) => cluster === name).map(({ identity }) => identity.version.split('.')[0]),
  );
