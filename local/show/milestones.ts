import { isRunning } from './list-jobs.ts';
import type { Happening } from './watch.ts';

/** The rungs from nothing to running jobs, in their order. */
export const RUNGS = [
  'cloud-up',
  'deployed',
  'task-started',
  'event-received',
  'ready',
  'submitted',
  'running',
] as const;

export type Rung = (typeof RUNGS)[number];

/** One rung reached at `atMs` (epoch); each job reaches the last two for itself. */
export type Milestone = {
  readonly milestone: Rung;
  readonly atMs: number;
  readonly job?: string;
  readonly jobId?: string;
  readonly attempt?: number;
};

/**
 * Tells from what is seen which rungs have been reached, in the order of the rungs. What a function logged is read a
 * little later than Flink's answers, so a rung waits for those below it; but once all jobs run no longer than `graceMs`,
 * for a rung may be missing for good (the schedule needs no event).
 */
export const createMilestones = (jobs: readonly string[], graceMs: number): Milestones => {
  const reached = new Map<string, Milestone>();
  const told = new Set<string>();
  const evidence: Evidence = { submitted: new Map(), runningAtMs: new Map(), saying: 'nothing was logged yet' };
  const wanted = RUNGS.flatMap((rung) => (isOfJob(rung) ? jobs.map((job) => keyOf(rung, job)) : [keyOf(rung)]));
  const missing = () => wanted.findIndex((key) => !reached.has(key));
  const allRunAtMs = () => Math.max(...jobs.map((job) => reached.get(keyOf('running', job))?.atMs ?? Infinity));
  const reach = (milestone: Milestone) => {
    const key = keyOf(milestone.milestone, milestone.job);
    if (!reached.has(key)) reached.set(key, milestone);
  };
  return {
    reach,
    see: (happening) => {
      for (const milestone of milestonesIn(happening, evidence)) reach(milestone);
    },
    take: (nowMs) => {
      const patient = nowMs < allRunAtMs() + graceMs;
      const sure = patient && missing() !== -1 ? wanted.slice(0, missing()) : wanted;
      const fresh = sure.filter((key) => !told.has(key)).flatMap((key) => reached.get(key) ?? []);
      for (const { milestone, job } of fresh) told.add(keyOf(milestone, job));
      return fresh;
    },
    hungOn: () => `${wanted[missing()] ?? 'nothing'} (${evidence.saying})`,
    finished: () => jobs.every((job) => told.has(keyOf('running', job))),
  };
};

export type Milestones = {
  reach(milestone: Milestone): void;
  see(happening: Happening): void;
  /** Rungs not told before, lowest first. */
  take(nowMs: number): Milestone[];
  /** The lowest rung that is missing, and the last that the product said. */
  hungOn(): string;
  /** True when it was told of every job that it runs. */
  finished(): boolean;
};

type Evidence = {
  readonly submitted: Map<string, { readonly job: string; readonly attempt: number }>;
  readonly runningAtMs: Map<string, number>;
  saying: string;
};

const isOfJob = (rung: Rung): boolean => rung === 'submitted' || rung === 'running';

const keyOf = (rung: Rung, job?: string): string => (job === undefined ? rung : `${rung} ${job}`);

const milestonesIn = (happening: Happening, evidence: Evidence): Milestone[] => {
  const { kind, atMs } = happening;
  if (kind === 'task') {
    const { role, lastStatus } = happening.task;
    return role === 'jobmanager' && lastStatus === 'RUNNING' ? [{ milestone: 'task-started', atMs }] : [];
  }
  if (kind === 'job') {
    const { job } = happening;
    if (isRunning(job) && !evidence.runningAtMs.has(job.jobId)) evidence.runningAtMs.set(job.jobId, atMs);
    return runningIn(evidence);
  }
  return [...milestonesInLog(happening.line, atMs, evidence), ...runningIn(evidence)];
};

const milestonesInLog = (line: Readonly<Record<string, unknown>>, atMs: number, evidence: Evidence): Milestone[] => {
  const { message, rung, job, jobId, attempt, because } = line;
  if (typeof because === 'string') evidence.saying = because;
  if (message === 'event received') return [{ milestone: 'event-received', atMs }];
  if (message === 'pass' && rung === 'ready') return [{ milestone: 'ready', atMs }];
  if (message !== 'submitted' || typeof job !== 'string' || typeof jobId !== 'string' || typeof attempt !== 'number')
    return [];
  evidence.submitted.set(jobId, { job, attempt });
  return [{ milestone: 'submitted', atMs, job, jobId, attempt }];
};

const runningIn = ({ submitted, runningAtMs }: Evidence): Milestone[] =>
  [...submitted].flatMap(([jobId, { job, attempt }]) => {
    const atMs = runningAtMs.get(jobId);
    return atMs === undefined ? [] : [{ milestone: 'running', atMs, job, jobId, attempt }];
  });
