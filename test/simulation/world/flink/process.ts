import { frozen } from '../../../../lib/adapters/frozen.ts';
import { Fault } from '../../../../lib/core/errors.ts';
import { isTerminal } from '../../../../lib/core/liveness.ts';
import type { FlinkJob, JobManagerIdentity, Slots } from '../../../../lib/core/model.ts';
import type { JarKind } from '../jar-shelf.ts';
import type { ReachedTrigger } from '../truth.ts';
import { changesAt, type JobLife, listedAs, phaseAt } from './job.ts';
import { slotsAt, slotsChangeAt, type TaskManagers } from './task-managers.ts';

/** A JobManager process: what it holds ends with it. */
export type Process = {
  readonly id: string;
  readonly cluster: string;
  readonly taskArn: string;
  readonly address: string;
  readonly bornMs: number;
  readonly identity: JobManagerIdentity;
  /** REST answers, with 503 until the dispatcher does. */
  readonly restMs: number;
  readonly dispatcherMs: number;
  /** Its TaskManagers have found it. */
  readonly slotsMs: number;
  readonly taskManagers: TaskManagers;
  readonly jobs: Map<string, JobLife>;
  readonly jars: Map<string, JarKind>;
  /** Each running main(), with how its caller hears of the process's end. */
  readonly mains: Map<Main, () => void>;
  /** Savepoints that were asked for, by trigger id. */
  readonly triggers: Map<string, ReachedTrigger>;
  /** It is stopped (SIGSTOP, a long pause) and answers nobody. */
  frozenUntilMs: number;
  /** It had lost its leadership, and had it again then. */
  ledAgainMs?: number;
  /** It led, and ends what it still holds of that. */
  letsGo?: () => void;
  /** The autopilot alone cannot reach it before then. */
  cutUntilMs?: number;
  endedMs?: number;
  endedHow?: string;
  /** What it last told, as long as that is so. */
  told?: { readonly jobs: readonly FlinkJob[]; readonly slots: Slots; readonly untilMs: number };
};

export type Main = { readonly jobId: string };

/** Flink forgets a job this long after its end. */
export const FORGOTTEN_MS = 3_600_000;

/** Its jobs and slots as it tells them now; the same frozen data until something changes. */
export const tell = (
  process: Process,
  nowMs: number,
): { readonly jobs: readonly FlinkJob[]; readonly slots: Slots } => {
  if (process.told !== undefined && nowMs < process.told.untilMs) return process.told;
  const { taskManagers, slotsMs } = process;
  const total = slotsAt(taskManagers, slotsMs, nowMs);
  let free = total;
  let untilMs = slotsChangeAt(taskManagers, slotsMs, nowMs);
  const jobs: FlinkJob[] = [];
  for (const life of process.jobs.values()) {
    if (isForgotten(life, nowMs)) continue;
    untilMs = Math.min(untilMs, changesAt(life, nowMs), (life.endedMs ?? Number.POSITIVE_INFINITY) + FORGOTTEN_MS);
    const listed = listedAs(life, nowMs, life.tasks <= free);
    if (!isTerminal(listed.state)) free -= listed.tasksRunning;
    if (nowMs >= life.hiddenUntilMs) jobs.push(listed);
  }
  process.told = frozen({ jobs, slots: { free, total }, untilMs });
  return process.told;
};

/** Something in it changed. */
export const touch = (process: Process): void => {
  delete process.told;
};

/** By id its answer may be this old. */
export const STALE_MS = 3_000;

/** As `/jobs/:id` tells it: what was so a moment ago. Throws where its JobMaster does not tell Flink itself. */
export const stateOf = (process: Process, jobId: string, nowMs: number): string => {
  const life = process.jobs.get(jobId);
  if (life === undefined || isForgotten(life, nowMs)) return 'absent';
  if (nowMs < life.hiddenUntilMs && life.hiddenById === 'absent') return 'absent';
  if (nowMs < life.hiddenUntilMs && life.hiddenById === 'fails')
    throw new Fault('transient', 'FLINK_FAILED', 'AskTimeoutException');
  return (phaseAt(life, nowMs - STALE_MS) ?? life.phases[0])?.state ?? 'INITIALIZING';
};

const isForgotten = ({ endedMs }: JobLife, nowMs: number): boolean =>
  endedMs !== undefined && nowMs >= endedMs + FORGOTTEN_MS;

/** Lives, whatever its state is called. */
export const isLive = ({ endedMs }: JobLife): boolean => endedMs === undefined;
