import { defaults } from '../../../lib/core/defaults.ts';
import type { Cluster, ClusterMemory, Incident, Job } from '../../../lib/core/model.ts';
import { isHeldBack } from '../../../lib/core/telling/flapping.ts';
import { untold } from '../../../lib/core/telling/marks.ts';
import { PAUSE_MAX_MS } from '../world/people/orders.ts';
import { WEBHOOK } from '../world/world.ts';
import type { Run } from './checker.ts';
import { mayExplain } from './explanations.ts';
import { savepointsWrong } from './savepoints-settled.ts';

/** The slowest main(), and the JobManager that comes after one that it ended. */
const SLOW_KILL_MS = 240_000 + 90_000;

/** What fails is started again so often, so far apart. */
const HEALED_MS = defaults.healing.restartsMax * defaults.healing.distanceMs;

/** A check that was refused is made again when no job waits any more, and no savepoint is on its way or in the way. */
const CHECKED_AGAIN_MS = HEALED_MS + defaults.rulesAgainMs + defaults.checkIdleMs + 900_000;

/** 180 s and the waiting that the rules name: a POST to settle, the slowest main() after it, a draining JobManager, a pause, and a main() that ends its JobManager as often as it may; or a check. */
export const CONVERGES_MS = Math.max(
  CHECKED_AGAIN_MS,
  180_000 +
    defaults.uploadCallMs +
    defaults.mainWithinMs +
    240_000 +
    150_000 +
    PAUSE_MAX_MS +
    defaults.slowKillsMax * SLOW_KILL_MS,
);

/**
 * I10: each wanted job runs once, or is held, or waits, and an open incident says why, which the truth bears out; nothing
 * else is open or untold. Says what is missing; asked in the calm.
 */
export const notConverged = (run: Run): string | undefined => {
  for (const cluster of run.world.clusters()) {
    const memory = run.world.store.memory(cluster.name);
    const how =
      incidentsWrong(run, cluster, memory) ??
      ordersWait(cluster, memory) ??
      cluster.jobs.map((job) => jobWrong(run, cluster, job, memory)).find((each) => each !== undefined);
    if (how !== undefined) return `${cluster.name}: ${how}`;
  }
  return undefined;
};

const incidentsWrong = (run: Run, cluster: Cluster, { incidents: all }: ClusterMemory): string | undefined => {
  // What stands in the way of the cluster hides what has become of its jobs: their incidents stay as they were.
  const isHidden = all.some(
    (each) => each.state === 'open' && each.job === undefined && mayExplain(run, cluster, each),
  );
  const incidents = all.filter(({ job }) => job === undefined || !isHidden);
  // Nor does a job that waits for something else show whether what it suffered from lasts.
  const explained = new Set(incidents.filter(({ state }) => state === 'open').map(({ job }) => job));
  const pending = incidents.find(
    (each) => each.state === 'pending' && !explained.has(each.job) && !isTriedFirst(each, run.sim.time.nowMs()),
  );
  if (pending !== undefined) return `${NOT_TOLD}: ${pending.key} ${pending.what}`;
  const isUntold = (incident: Incident): boolean =>
    [undefined, WEBHOOK].some((channel) => untold(incident, channel) !== undefined);
  // What comes and goes is told to be over when it has not come back for a while.
  const silent = incidents.find((each) => isUntold(each) && !isHeldBack(each, run.sim.time.nowMs()));
  if (silent !== undefined) return `untold: ${silent.state} ${silent.key}`;
  const wrong = incidents.find((incident) => incident.state === 'open' && !mayExplain(run, cluster, incident));
  return wrong && `not closed: ${wrong.key} ${wrong.what}`;
};

/** What ends by itself after many minutes: looks bring nothing before. */
export const isWaitedFor = (missing: string): boolean => WAITED_FOR.test(missing);

/** What is told once it has lasted: looks show only that it does. */
export const isToLast = (missing: string): boolean => missing.includes(`: ${NOT_TOLD}`);

const NOT_TOLD = 'not told yet';

const WAITED_FOR = /not closed: (JOB_FAILED|JOBMANAGER_CRASHES|TASKMANAGER_CRASHES|RESTORED_OLDER|STARTED_EMPTY)/;

/** A scheduled savepoint is tried again, an hour later as a rule, before anybody is told. */
const isTriedFirst = ({ code, graceMs, firstSeenMs, unlookedMs = 0 }: Incident, nowMs: number): boolean =>
  code === 'SAVEPOINT_FAILED' && nowMs - firstSeenMs - unlookedMs < graceMs;

/** Those of a job in a dry run are shown and stay. */
const ordersWait = (cluster: Cluster, { orders, incidents }: ClusterMemory): string | undefined => {
  const isDry = (name: string | undefined): boolean =>
    cluster.mode === 'dry-run' || cluster.jobs.some((job) => job.name === name && job.mode === 'dry-run');
  const waiting = orders.filter(({ job }) => !isDry(job));
  // What stands in the way of the cluster stands in the way of its orders.
  const isHindered = incidents.some(({ state, job }) => state === 'open' && job === undefined);
  return waiting.length === 0 || isHindered ? undefined : `orders wait: ${waiting.map(({ kind }) => kind)}`;
};

const jobWrong = (run: Run, cluster: Cluster, job: Job, memory: ClusterMemory): string | undefined => {
  const { world } = run;
  const { incidents, jobs } = memory;
  // Also what a person said is this job.
  const ids = jobs[job.name]?.attempts.map(({ jobId }) => jobId) ?? [];
  const copies = world.truth.copies.filter(({ lineage, jobId }) => lineage === job.lineage || ids.includes(jobId));
  // What is switched off is a person's own, who may run it twice: nobody is told of it.
  const [copy] = copies;
  if (copy !== undefined && copies.length === 1) return savepointsWrong(run, cluster, job, memory, copy);
  if (!job.enabled) return undefined;
  // What is lost again and again is started again each time: it neither runs nor is it held.
  const open = incidents.filter(
    ({ state, code, job: of = job.name }) => state === 'open' && of === job.name && code !== 'JOB_LOST_REPEATEDLY',
  );
  if (open.length > 0) return undefined;
  if (copies.length > 1) return `${copies.length} copies of ${job.name}, and nothing says so`;
  const isWanted = cluster.mode === undefined && job.mode === undefined;
  const isDone = jobs[job.name]?.attempts.at(-1)?.end?.state;
  if (!isWanted || isDone === 'FINISHED' || (job.bounded === true && isDone === 'GONE')) return undefined;
  return `${job.name} does not run, and nothing says why`;
};
