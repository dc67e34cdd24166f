import { defaults } from '../../../lib/core/defaults.ts';
import type { Cluster, Incident, Job, JobManagerIdentity } from '../../../lib/core/model.ts';
import { slotsNeeded } from '../../../lib/core/slots.ts';
import { TOO_OLD } from '../world/trouble/deployments.ts';
import type { JobCopy } from '../world/truth.ts';
import type { World } from '../world/world.ts';
import type { Run } from './checker.ts';
import { ofHealth } from './explanations-of-health.ts';
import { isBurned, ofState } from './explanations-of-state.ts';
import { copiesOf, isNowhere } from './nowhere.ts';
import { lineageOf } from './sender.ts';

/** What an incident that is still open says may be so in the calm, and is. */
export const mayExplain = (run: Run, cluster: Cluster, incident: Incident): boolean => {
  const { world } = run;
  const job = cluster.jobs.find(({ name }) => name === incident.job);
  // A job that left the manifest is closed with that reason.
  if (incident.job !== undefined && job === undefined) return false;
  const bears = ofCluster[incident.code];
  const ofTheirHealth = ofHealth[incident.code];
  if (isDueAgain(run, cluster, incident, job)) return false;
  if (OF_RUNNING.has(incident.code) && ofHealth.TASKS_NOT_RUNNING?.(run, cluster, job)) return true;
  if (ofTheirHealth !== undefined)
    return ofTheirHealth(run, cluster, job) || (job !== undefined && isStopped(world, cluster, job));
  if (job === undefined) return bears?.(world, cluster) === true;
  return ofJob[incident.code]?.(world, cluster, job) === true;
};

/** Whether they last shows when its tasks run. */
const OF_RUNNING: ReadonlySet<string> = new Set([
  'CHECKPOINTS_FAILING',
  'RESTART_LOOP',
  'SECOND_EXECUTE',
  'STATE_AT_RISK',
]);

/** A job that failed is started again by itself when its time has come, and nothing else stands in its way: neither failing nor held is how it may stay. */
const isDueAgain = ({ world }: Run, cluster: Cluster, { code, next }: Incident, job: Job | undefined): boolean =>
  code === 'JOB_FAILED' &&
  next.startsWith('It is started again') &&
  (job?.mode ?? cluster.mode) === undefined &&
  !world.store
    .memory(cluster.name)
    .incidents.some((each) => each.job === job?.name && each.state === 'open' && each.code !== code);

type OfCluster = (world: World, cluster: Cluster) => boolean;
type OfJob = (world: World, cluster: Cluster, job: Job) => boolean;

const livingOf = ({ truth }: World, { name }: Cluster) =>
  truth.processes.filter(({ cluster, endedMs }) => cluster === name && endedMs === undefined);

/** A JobManager that lives is so; while none does, the last one was. */
function runsWith(isSo: (identity: JobManagerIdentity) => boolean): OfCluster {
  return (world, cluster) => {
    const living = livingOf(world, cluster);
    const last = world.truth.processes.findLast(({ cluster: of }) => of === cluster.name);
    return (living.length === 0 && last !== undefined ? [last] : living).some(({ identity }) => isSo(identity));
  };
}

const ofCluster: Readonly<Record<string, OfCluster>> = {
  HA_UNSUPPORTED: (world, cluster) =>
    runsWith(({ ha }) => (ha === 'none') === (cluster.leader !== undefined))(world, cluster),
  FLINK_TOO_OLD: runsWith(({ version }) => version === TOO_OLD),
  SUBMISSION_DISABLED: runsWith(({ submission }) => !submission),
  TWO_JOBMANAGERS: (world, cluster) => livingOf(world, cluster).length > 1,
};

const postsOf = ({ truth }: World, { lineage }: Job) => truth.posts.filter(({ jobId }) => lineageOf(jobId) === lineage);

/** Those that are known as this job: what other hands started is nobody's before it is adopted, and then also of another lineage. */
const recordedOf = ({ store, truth }: World, cluster: Cluster, { name }: Job) => {
  const ids = store.memory(cluster.name).jobs[name]?.attempts.map(({ jobId }) => jobId) ?? [];
  return truth.copies.filter(({ jobId }) => ids.includes(jobId));
};

/** One of its copies ended so, which the product may be the last to have seen. */
const endedAs =
  (...states: readonly string[]): OfJob =>
  (world, cluster, job) => {
    // Also what a person said is this job.
    const ids = world.store.memory(cluster.name).jobs[job.name]?.attempts.map(({ jobId }) => jobId) ?? [];
    const isOne = (copy: JobCopy): boolean => copy.lineage === job.lineage || ids.includes(copy.jobId);
    return (
      isNowhere(world, cluster, job) &&
      world.truth.starts.some(({ copy }) => isOne(copy) && states.includes(copy.state))
    );
  };

/**
 * ZooKeeper began anew under JobManagers that lived on: over REST alone that looks as if the job had ended, and so it does of one that a person had
 * started before and that was first seen afterwards.
 */
const isForgotten: OfJob = (world, cluster, job) =>
  isNowhere(world, cluster, job) &&
  memoriesOf(world, cluster).size > 1 &&
  (cluster.leader === 'rest' || world.store.memory(cluster.name).jobs[job.name]?.attempts.at(-1)?.posts.length === 0);

const memoriesOf = ({ truth }: World, { name }: Cluster): ReadonlySet<string> =>
  new Set(truth.leaderships.filter(({ cluster }) => cluster === name).map(({ memory }) => memory));

const refusals: ReadonlySet<string | undefined> = new Set([
  'NOT_A_JAR',
  'CLASS_MISSING',
  'NO_JOB',
  'DUPLICATE_JOB',
  'threw after start',
]);

const isTold = ({ store }: World, cluster: Cluster, { name }: Job, of?: string): boolean =>
  store
    .memory(cluster.name)
    .incidents.some(({ job, state, code }) => job === name && state === 'open' && (of ?? code) === code);

const ofJob: Readonly<Record<string, OfJob>> = {
  // A POST that was lost on its way looks the same as one that ended its process.
  SUBMISSION_KILLS_JOBMANAGER: ({ truth }, { name }) =>
    truth.processes.filter(({ cluster, endedMs }) => cluster === name && endedMs !== undefined).length >=
    defaults.killsMax,
  // What a second execute() was refused for ran, and may have ended and been forgotten unseen.
  SUBMISSION_REFUSED: (world, _cluster, job) =>
    postsOf(world, job).some(
      ({ ended }) => refusals.has(ended) || (ended === 'executed twice' && copiesOf(world, job).length === 0),
    ),
  // What is not submitted any more may fail for ever, and nobody sees whether it would while it waits for others, which is told.
  SUBMISSION_FAILING: (world, cluster, job) =>
    (job.mode ?? cluster.mode) !== undefined || isStopped(world, cluster, job),
  // Nor whether its snapshots can be seen now, nor how it would run.
  SNAPSHOTS_UNREADABLE: isStopped,
  RESTART_LOOP: isStopped,
  CHECKPOINTS_FAILING: isStopped,
  MAIN_THREW: (world, _cluster, job) => postsOf(world, job).some(({ ended }) => ended === 'MAIN_THREW'),
  SECOND_EXECUTE: isExecutedTwice,
  // Its job may have started and ended while nobody looked, too.
  SUBMISSION_UNANSWERED: isNowhere,
  // Only watched since it was ordered: the cancel that nobody heard of is not made again.
  CANCEL_UNFINISHED: (world, cluster, job) =>
    (job.mode ?? cluster.mode) !== undefined && recordedOf(world, cluster, job).length > 0,
  JOB_CANCELED: endedAs('CANCELED'),
  // What was started again after it may be stuck.
  JOB_FAILED: (world, cluster, job) =>
    endedAs('FAILED')(world, cluster, job) ||
    isBurned(world, cluster, job) ||
    copiesOf(world, job).some(({ jobId }) => world.truth.jams.some(({ jobIds }) => jobIds.includes(jobId))),
  JOB_STOPPED: endedAs('FINISHED'),
  ...ofState,
  JOB_GONE: (world, cluster, job) =>
    endedAs('CANCELED', 'FAILED', 'FINISHED')(world, cluster, job) || isForgotten(world, cluster, job),
  JOB_ABSENT: (world, cluster, job) =>
    isNowhere(world, cluster, job) && (job.mode === 'watch' || cluster.mode === 'watch'),
  JOB_LOST_REPEATEDLY: ({ truth }, cluster) =>
    truth.processes.filter(({ cluster: of, endedMs }) => of === cluster.name && endedMs !== undefined).length > 1,
  UNMATCHED_JOB: isUnmatched,
  TWO_LIVE_COPIES: (world, cluster, job) => recordedOf(world, cluster, job).length > 1,
  AFTER_NOT_RUNNING: waitsForOthers,
  SLOTS_MISSING: (world, cluster, job) =>
    copiesOf(world, job).length === 0 &&
    livingOf(world, cluster).some(({ told }) => told !== undefined && told.slots.free < slotsNeeded(job)),
};

/** What stands before its start is told, and so. */
function isStopped(world: World, cluster: Cluster, job: Job): boolean {
  const before = { AFTER_NOT_RUNNING: waitsForOthers, UNMATCHED_JOB: isUnmatched };
  return (
    isNowhere(world, cluster, job) &&
    Object.entries(before).some(([code, isSo]) => isTold(world, cluster, job, code) && isSo(world, cluster, job))
  );
}

function waitsForOthers(world: World, cluster: Cluster, { after = [] }: Job): boolean {
  return cluster.jobs.some(
    (job) =>
      after.includes(job.name) &&
      (!job.enabled || recordedOf(world, cluster, job).length === 0 || isTold(world, cluster, job)),
  );
}

/** The main() of the copy that lives did it, or of one that is to be started again. */
function isExecutedTwice(world: World, _cluster: Cluster, job: Job): boolean {
  const copies = copiesOf(world, job);
  return postsOf(world, job).some(
    ({ jobId, ended }) =>
      ended === 'executed twice' && (copies.length === 0 || copies.some((copy) => copy.jobId === jobId)),
  );
}

/** A job of other hands lives there that may be this one; of its own name it would have been adopted, if it is alone. */
function isUnmatched({ truth }: World, cluster: Cluster, job: Job): boolean {
  const lineages = new Set(cluster.jobs.map(({ lineage }) => lineage));
  const foreign = truth.copies.filter((copy) => copy.cluster === cluster.name && !lineages.has(lineageOf(copy.jobId)));
  const named = foreign.filter(({ name }) => job.flinkName === undefined || name === job.flinkName);
  const isClaimed = cluster.jobs.filter(({ flinkName }) => flinkName === job.flinkName).length > 1;
  return job.flinkName === undefined || isClaimed ? named.length > 0 : named.length > 1;
}
