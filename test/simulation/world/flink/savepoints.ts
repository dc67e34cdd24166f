import type { SavepointStatus } from '../../../../lib/core/model.ts';
import type { FlinkRest } from '../../../../lib/ports.ts';
import { calmMs } from '../../sim.ts';
import { note } from '../notes.ts';
import { later, type Stage } from '../stage.ts';
import type { ReachedTrigger } from '../truth.ts';
import { sharesOf } from '../usual.ts';
import type { FlinkCluster } from './cluster.ts';
import { becomes, type JobLife, phaseAt } from './job.ts';
import { endJob } from './lives.ts';
import { type Process, touch } from './process.ts';
import type { Reached } from './reach.ts';
import { ledOf } from './run.ts';

type Request = Parameters<FlinkRest['savepoint']>[2];

/** A savepoint is asked for, with or without its job's end: 202, whatever comes of it. The same trigger again is the same one, as long as it is known. */
export const askSavepoint = (stage: Stage, { cluster, process }: Reached, jobId: string, request: Request): void => {
  const { sim, notes } = stage;
  const { triggerId, directory, stop } = request;
  if (isKnown(process.triggers.get(triggerId), sim.time.nowMs())) return;
  const led = ledOf(cluster, process);
  const trigger: ReachedTrigger = {
    jobId,
    triggerId,
    stop,
    cluster: cluster.name,
    process: process.id,
    invocation: sim.caller,
    atMs: sim.time.nowMs(),
    ha: process.identity.ha,
    ...(led && { led }),
  };
  process.triggers.set(triggerId, trigger);
  note(notes, 'triggers', trigger);
  sim.trace?.(
    sim.caller,
    `savepoint ${triggerId} of ${jobId}${stop ? ', which is to end it,' : ''} is asked for on ${process.id}`,
  );
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

/** So long tasks still fail of what the trouble did. */
const AFTER_TROUBLE_MS = 90_000;

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
  const { jobId, stop } = trigger;
  const nowMs = sim.time.nowMs();
  const life = process.jobs.get(jobId);
  const runs = life?.endedMs === undefined && life !== undefined && phaseAt(life, nowMs)?.allRun === true;
  if (nowMs < cluster.savepointsRefusedUntilMs) trigger.refused = true;
  const isVain = stop && trigger.atMs < calmMs(sim) + AFTER_TROUBLE_MS && sim.random.chance(sharesOf(stage).vain);
  const ends = stop && !isVain;
  if (!runs || trigger.refused || !snapshots[ends ? 'stop' : 'save'](jobId, path, nowMs)) {
    over(stage, trigger);
    return;
  }
  sim.trace?.('flink', `${path} is complete`);
  if (ends) {
    later(stage, 20, 2_000, () => finish(stage, cluster, process, { trigger, life, path }));
    return;
  }
  if (isVain) {
    trigger.inVain = path;
    restart(stage, process, life);
  }
  over(stage, trigger, isVain ? undefined : path);
};

type Written = { readonly trigger: ReachedTrigger; readonly life: JobLife; readonly path: string };

/** Its job ends with it; or fails before it could, and the savepoint is there, and that is all. */
const finish = (stage: Stage, cluster: FlinkCluster, process: Process, { trigger, life, path }: Written): void => {
  if (process.endedMs !== undefined) return;
  const isLate = life.endedMs !== undefined;
  endJob(stage, cluster, process, life, 'FINISHED');
  if (isLate) trigger.inVain = path;
  over(stage, trigger, isLate ? undefined : path);
};

/** A task failed between the savepoint and the end that it was for: Flink restarts the job. */
const restart = ({ sim }: Stage, process: Process, life: JobLife): void => {
  const nowMs = sim.time.nowMs();
  const backMs = nowMs + sim.random.between(500, 20_000);
  becomes(
    life,
    { fromMs: nowMs, state: 'RESTARTING', allRun: false },
    { fromMs: backMs, state: 'RUNNING', allRun: false },
    { fromMs: backMs + sim.random.between(100, 5_000), state: 'RUNNING', allRun: true },
  );
  touch(process);
};

const over = ({ sim, notes }: Stage, trigger: ReachedTrigger, path?: string): void => {
  trigger.overMs = sim.time.nowMs();
  if (path !== undefined) trigger.path = path;
  notes.version += 1;
  sim.trace?.('flink', `savepoint ${trigger.triggerId} is over: ${path ?? 'failed'}`);
};
