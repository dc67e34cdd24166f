import { committedIncidents, type Plan } from './changes.ts';
import { defaults } from './defaults.ts';
import { type JobSamples, newestOf, restartsOf, type Samples, samplesOf } from './health/samples.ts';
import { liveCopies, viewsOf } from './liveness.ts';
import type { Attempt, Cluster, ClusterMemory, FlinkJob, JobMemory, Observation } from './model.ts';
import type { Readiness } from './readiness.ts';
import { memoryOf } from './remember.ts';

/**
 * What graphs and alarms are made of: every metric, its unit as CloudWatch names units, and what the cluster's own figure is
 * where several jobs have one in the same pass.
 */
export const METRICS = {
  /** From the start of a JobManager's task until a job is submitted to it, or is seen on it, for the first time. */
  TimeToReady: { unit: 'Milliseconds', of: 'each' },
  /** From the intent to submit, when all is ready for it, until all tasks of the job run. */
  TimeToRunning: { unit: 'Milliseconds', of: 'each' },
  /** Attempts that the autopilot started after the first one of a job. */
  RestartsByAutopilot: { unit: 'Count', of: 'sum' },
  /** Restarts of a live job by Flink itself. */
  RestartsByFlink: { unit: 'Count', of: 'sum' },
  /** Since the newest snapshot of a live job that takes checkpoints, where that is long ago: as much would be done again if it were lost now. */
  CheckpointAge: { unit: 'Seconds', of: 'max' },
  IncidentsOpen: { unit: 'Count', of: 'sum' },
  /** Of a whole pass that did something, or was slow: look, commit, effects, messages. */
  PassDuration: { unit: 'Milliseconds', of: 'each' },
} as const;

/** How finely they are told: CloudWatch bills each metric of each cluster, or of each job. */
export const METRICS_MODES = ['off', 'cluster', 'job'] as const;

export type MetricsMode = (typeof METRICS_MODES)[number];

/** One figure of a cluster; of one of its jobs where that has a name. */
export type Metric = { readonly name: keyof typeof METRICS; readonly value: number; readonly job?: string };

/** What a pass knows at its end. `isFirst`: the others of one invocation tell nothing but what happens in them. */
export type PassFacts = {
  readonly cluster: Cluster;
  readonly before: ClusterMemory;
  readonly memories: Readonly<Record<string, JobMemory>>;
  readonly samples: Samples | undefined;
  readonly observation: Observation;
  readonly readiness: Readiness;
  readonly plan: Plan;
  readonly isFirst: boolean;
  readonly startedMs: number;
  readonly seenMs: number;
  readonly nowMs: number;
};

/**
 * What happened in this pass, each thing told once; with the first pass of an invocation also how things are, where that is
 * worth a look. CloudWatch bills a metric by the hours in which it was told, so that a healthy cluster costs nothing.
 */
export const metricsOf = (facts: PassFacts): readonly Metric[] => [
  ...timeToReady(facts),
  ...facts.cluster.jobs.flatMap(({ name }) => ofJob(name, facts)),
  ...restartsByAutopilot(facts),
  ...incidentsOpen(facts),
  ...passDuration(facts),
];

/**
 * A task that no attempt knew and now one knows is new. One that started long ago was only found, and of several the one
 * that leads may have stood by for long.
 */
const timeToReady = ({ before, observation, readiness, plan, seenMs }: PassFacts): readonly Metric[] => {
  if (!readiness.ready || !observation.ecs.known) return [];
  const [task, ...others] = observation.ecs.value.tasks.filter(({ desiredStatus }) => desiredStatus === 'RUNNING');
  if (task?.startedMs === undefined || others.length > 0) return [];
  const isKnown = (jobs: readonly JobMemory[]) => jobs.some(({ attempts }) => attempts.some(isOn(task.taskArn)));
  const isNew = !isKnown(Object.values(before.jobs)) && isKnown(Object.values(plan.jobs));
  return isNew ? within('TimeToReady', seenMs - task.startedMs) : [];
};

const isOn =
  (taskArn: string) =>
  ({ sightedOn, posts }: Attempt): boolean =>
    sightedOn?.taskArn === taskArn || posts.some(({ to }) => to.taskArn === taskArn);

const ofJob = (job: string, facts: PassFacts): readonly Metric[] => {
  const attempt = facts.memories[job]?.attempts.at(-1);
  return attempt === undefined ? [] : ofAttempt(job, attempt, facts);
};

const ofAttempt = (job: string, attempt: Attempt, facts: PassFacts): readonly Metric[] => {
  const { before, samples, observation, isFirst, seenMs } = facts;
  const [copy] = liveCopies([attempt.jobId], observation);
  if (copy === undefined) return [];
  const was = samplesOf(before.samples, job, attempt.jobId);
  const now = samplesOf(samples, job, attempt.jobId);
  return [
    ...timeToRunning(attempt, copy.job, was, now, seenMs),
    ...restartsByFlink(was, now),
    ...(isFirst ? checkpointAge(attempt, observation, seenMs) : []),
  ].map((metric) => ({ ...metric, job }));
};

type Kept = JobSamples | undefined;

/** When its tasks came to run Flink knows, however late it was looked at; its clock may be another. */
const timeToRunning = ({ posts }: Attempt, job: FlinkJob, was: Kept, now: Kept, seenMs: number): readonly Metric[] => {
  const [first] = posts;
  const ranBefore = was?.samples.some((sample) => sample.allRun) === true;
  if (first === undefined || ranBefore || newestOf(now)?.allRun !== true) return [];
  return within('TimeToRunning', Math.min(job.changedMs ?? seenMs, seenMs) - first.sentMs);
};

/** Nobody waited for what took longer: it was found, not started. */
const within = (name: 'TimeToReady' | 'TimeToRunning', ms: number): readonly Metric[] =>
  ms > defaults.startWithinMs ? [] : [{ name, value: Math.max(0, ms) }];

/** Without a look before nobody knows when they were. */
const restartsByFlink = (was: Kept, now: Kept): readonly Metric[] => {
  const [before, after] = [restartsOf(was), restartsOf(now)];
  return before === undefined || after === undefined || after <= before
    ? []
    : [{ name: 'RestartsByFlink', value: after - before }];
};

/** Where it is old; only where Flink was asked in this look, because the ledger goes on now and then only. */
const checkpointAge = (attempt: Attempt, observation: Observation, nowMs: number): readonly Metric[] => {
  const { jobId, checkpointing, source, posts } = attempt;
  if (checkpointing?.intervalMs === undefined || checkpointing.inMemory) return [];
  const seen = viewsOf(observation).find(({ checkpoints }) => checkpoints[jobId]?.known)?.checkpoints[jobId];
  if (!seen?.known) return [];
  const atMs = seen.value.snapshots[0]?.atMs ?? source?.atMs ?? posts[0]?.sentMs ?? nowMs;
  const ageMs = nowMs - atMs;
  return ageMs < defaults.health.progressLeastMs ? [] : [{ name: 'CheckpointAge', value: Math.round(ageMs / 1_000) }];
};

const restartsByAutopilot = ({ before, plan }: PassFacts): readonly Metric[] =>
  plan.effects.flatMap((effect) => {
    if (effect.kind !== 'run') return [];
    const { n } = effect.attempt;
    const isKnown = memoryOf(before, effect.job).attempts.some((attempt) => attempt.n === n);
    return n === 1 || isKnown ? [] : [{ name: 'RestartsByAutopilot', value: 1, job: effect.job } as const];
  });

const passDuration = ({ plan, isFirst, startedMs, nowMs }: PassFacts): readonly Metric[] => {
  const value = nowMs - startedMs;
  const isSlow = isFirst && value >= defaults.slowPassMs;
  return plan.effects.length > 0 || isSlow ? [{ name: 'PassDuration', value }] : [];
};

/** None is told once, when the last one is over. */
const incidentsOpen = ({ before, plan, isFirst }: PassFacts): readonly Metric[] => {
  const open = committedIncidents(before, plan).filter(({ state }) => state === 'open').length;
  const was = before.incidents.filter(({ state }) => state === 'open').length;
  return open !== was || (isFirst && open > 0) ? [{ name: 'IncidentsOpen', value: open }] : [];
};
