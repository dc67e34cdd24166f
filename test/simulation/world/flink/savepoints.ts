import type { SavepointStatus } from '../../../../lib/core/model.ts';
import type { FlinkRest } from '../../../../lib/ports.ts';
import { note } from '../notes.ts';
import { later, type Stage } from '../stage.ts';
import type { ReachedTrigger } from '../truth.ts';
import type { FlinkCluster } from './cluster.ts';
import { phaseAt } from './job.ts';
import { endJob } from './lives.ts';
import type { Process } from './process.ts';
import type { Reached } from './reach.ts';

type Request = Parameters<FlinkRest['savepoint']>[2];

/** A savepoint that ends its job is asked for: 202, whatever comes of it. The same trigger again is the same one, as long as it is known. */
export const askSavepoint = (stage: Stage, { cluster, process }: Reached, jobId: string, request: Request): void => {
  const { sim, notes } = stage;
  const { triggerId, directory } = request;
  if (isKnown(process.triggers.get(triggerId), sim.time.nowMs())) return;
  const trigger: ReachedTrigger = {
    jobId,
    triggerId,
    cluster: cluster.name,
    process: process.id,
    invocation: sim.caller,
    atMs: sim.time.nowMs(),
    ha: process.identity.ha,
  };
  process.triggers.set(triggerId, trigger);
  note(notes, 'triggers', trigger);
  sim.trace?.(sim.caller, `savepoint ${triggerId} of ${jobId} is asked for on ${process.id}`);
  const path = `${directory}/savepoint-${jobId.slice(0, 6)}-${sim.random.hex(6)}`;
  const [lowMs, highMs] = sim.random.pick<readonly [number, number]>(...TAKES_MS);
  later(stage, lowMs, highMs, () => write(stage, cluster, process, trigger, path));
};

/** Least and most; some state is large. */
const TAKES_MS = [
  [60, 3_000],
  [60, 3_000],
  [3_000, 60_000],
  [60_000, 400_000],
] as const;

/** Flink forgets a trigger so long after it is over. */
const KEPT_MS = 300_000;

export const savepointStatusOf = (process: Process, triggerId: string, nowMs: number): SavepointStatus => {
  const trigger = process.triggers.get(triggerId);
  if (trigger === undefined || !isKnown(trigger, nowMs)) return { state: 'unknown' };
  if (trigger.overMs === undefined) return { state: 'in-progress' };
  return trigger.path === undefined
    ? { state: 'failed', because: 'java.util.concurrent.CompletionException' }
    : { state: 'completed', path: trigger.path };
};

const isKnown = (trigger: ReachedTrigger | undefined, nowMs: number): boolean =>
  trigger !== undefined && nowMs < (trigger.overMs ?? nowMs) + KEPT_MS;

const write = (stage: Stage, cluster: FlinkCluster, process: Process, trigger: ReachedTrigger, path: string): void => {
  const { sim, snapshots } = stage;
  if (process.endedMs !== undefined) return;
  const { jobId } = trigger;
  const nowMs = sim.time.nowMs();
  const life = process.jobs.get(jobId);
  const runs = life !== undefined && life.endedMs === undefined && phaseAt(life, nowMs)?.allRun === true;
  const fails = sim.phase === 'trouble' && sim.random.chance(FAILS);
  if (life === undefined || !runs || fails || snapshots.save(jobId, path, nowMs) === undefined) {
    over(stage, trigger);
    return;
  }
  sim.trace?.('flink', `${path} is complete`);
  later(stage, 20, 2_000, () => {
    if (process.endedMs !== undefined) return;
    // Its job failed before it could end: the savepoint is there, and that is all.
    const isLate = life.endedMs !== undefined;
    endJob(stage, cluster, process, life, 'FINISHED');
    over(stage, trigger, isLate ? undefined : path);
  });
};

const FAILS = 0.3;

const over = ({ sim, notes }: Stage, trigger: ReachedTrigger, path?: string): void => {
  trigger.overMs = sim.time.nowMs();
  if (path !== undefined) trigger.path = path;
  notes.version += 1;
  sim.trace?.('flink', `savepoint ${trigger.triggerId} is over: ${path ?? 'failed'}`);
};
