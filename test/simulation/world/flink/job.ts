import type { FlinkJob } from '../../../../lib/core/model.ts';

/**
 * A job on a JobManager as a list of what it is from when on. It is read by the clock, so that nothing has to happen for
 * it while it runs; only its end is an event.
 */
export type JobLife = {
  readonly cluster: string;
  readonly jobId: string;
  readonly name: string;
  /** Whose copy it is; undefined = of no job that the manifest ever named. */
  readonly lineage: string | undefined;
  readonly by: StartedBy;
  readonly tasks: number;
  readonly bornMs: number;
  readonly phases: Phase[];
  /** When Flink restarted it (epoch ms), in their order. */
  restartsMs?: readonly number[];
  /** The list of jobs lacks it until then: a slow JobMaster. */
  hiddenUntilMs: number;
  /** Nor is it known by its id meanwhile: that fails, but for what was answered a moment ago; or it is not found. */
  hiddenById?: 'fails' | 'absent';
  endedMs?: number;
  /** Where its state does not say it. */
  endedHow?: string;
};

/** `flink`: recovered from HA. */
export type StartedBy = 'autopilot' | 'person' | 'flink';

export type Phase = { readonly fromMs: number; readonly state: string; readonly allRun: boolean };

/** From the submission on: none of its tasks runs before there are slots. */
export const bornAt = (nowMs: number, createdMs: number, runningMs: number): Phase[] => [
  { fromMs: nowMs, state: 'INITIALIZING', allRun: false },
  { fromMs: createdMs, state: 'CREATED', allRun: false },
  { fromMs: createdMs + 50, state: 'RUNNING', allRun: false },
  { fromMs: Math.max(runningMs, createdMs + 50), state: 'RUNNING', allRun: true },
];

/** From now on it is this, and later what follows. */
export const becomes = (life: JobLife, ...phases: readonly Phase[]): void => {
  const fromMs = phases[0]?.fromMs ?? 0;
  const before = life.phases.filter((phase) => phase.fromMs < fromMs).slice(-2);
  life.phases.splice(0, life.phases.length, ...before, ...phases);
  const restarts = phases.filter(({ state }) => state === 'RESTARTING').map((phase) => phase.fromMs);
  // What was to come comes otherwise.
  life.restartsMs = [...restartsBy(life, fromMs - 1), ...restarts];
};

/** It does not fail again. */
export const runsOn = (life: JobLife, nowMs: number): void => {
  if (life.phases.some(({ fromMs, state }) => fromMs > nowMs && state === 'RESTARTING'))
    becomes(life, { fromMs: nowMs, state: 'RUNNING', allRun: true });
};

/** Those that were by then. */
export const restartsBy = ({ restartsMs = [] }: JobLife, ms: number): readonly number[] =>
  restartsMs.filter((atMs) => atMs <= ms);

export const phaseAt = ({ phases }: JobLife, ms: number): Phase | undefined =>
  phases.findLast(({ fromMs }) => fromMs <= ms);

/** When it is next seen as something else. */
export const changesAt = ({ phases, hiddenUntilMs }: JobLife, nowMs: number): number => {
  const next = phases.find(({ fromMs }) => fromMs > nowMs)?.fromMs ?? Number.POSITIVE_INFINITY;
  return hiddenUntilMs > nowMs ? Math.min(next, hiddenUntilMs) : next;
};

/** As the list tells it; without slots nothing runs. */
export const listedAs = (life: JobLife, nowMs: number, hasSlots: boolean): FlinkJob => {
  const { state = 'INITIALIZING', allRun = false } = phaseAt(life, nowMs) ?? {};
  const { jobId, name, tasks } = life;
  return { jobId, name, state, tasksRunning: allRun && hasSlots ? tasks : 0, tasksTotal: tasks };
};
