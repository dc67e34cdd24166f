import { defaults } from './defaults.ts';
import { adoptIt, again, ignoreIt, release, restoreFrom, startEmpty } from './job-orders.ts';
import { isOn } from './mode.ts';
import { type Attempt, emptyJobMemory, type Job, type JobMemory, type Order, type Pause } from './model.ts';
import type { Came, OrderInput } from './order-parts.ts';
import { withAttempts } from './same.ts';
import { modeOf } from './spec.ts';
import { takeSavepoint } from './state/savepoint-order.ts';

/** An order that is over with this pass: what came of it. Absent `job`: of the cluster. */
export type Consumed = {
  readonly id: string;
  readonly job?: string;
  readonly what: string;
  readonly because: string;
  /** Why it came to nothing. */
  readonly dropped?: string;
};

/** What a person's orders made of what is remembered. An order that cannot be judged now is left for a later pass. */
export type Obeyed = {
  readonly memories: Memories;
  readonly consumed: readonly Consumed[];
  /** The cluster's pause as it is now. */
  readonly pause: Pause | undefined;
};

export type Orders = OrderInput & { readonly orders: readonly Order[]; readonly pause: Pause | undefined };

type Memories = OrderInput['memories'];

/**
 * Puts every order into memory, in the order of their ids: an order is consumed by the commit that holds its consequence,
 * and what is to be done follows from memory, whoever comes next. Those of a job in a dry run are shown and stay.
 */
export const obey = (input: Orders): Obeyed => {
  const { cluster, orders, nowMs } = input;
  let { memories, pause } = input;
  const consumed: Consumed[] = [];
  for (const order of orders) {
    if (consumed.length === defaults.ordersMax) break;
    const job = cluster.jobs.find(({ name }) => name === order.job);
    const memory = job === undefined ? emptyJobMemory : (memories[job.name] ?? emptyJobMemory);
    const came = carryOutSafely({ ...input, memories, pause }, order, job, memory);
    if (came === undefined) continue;
    if ('pause' in came) pause = came.pause;
    if (job !== undefined && came.memory !== undefined) memories = { ...memories, [job.name]: came.memory };
    if (job !== undefined && modeOf(cluster, job) === 'dry-run') continue;
    const what = `${order.kind}${came.dropped === undefined ? '' : ' dropped'}`;
    const because = [came.dropped, `${order.who}: ${order.why}`].filter((text) => text !== undefined).join('; ');
    const dropped = came.dropped === undefined ? {} : { dropped: came.dropped };
    consumed.push({ id: order.id, what, because, ...dropped, ...(order.job === undefined ? {} : { job: order.job }) });
  }
  return {
    memories: withoutWhatIsOver(memories, nowMs),
    consumed,
    pause: pause && isOn(pause, nowMs) ? pause : undefined,
  };
};

/** A bug in one order's work stops no job. */
const carryOutSafely: typeof carryOut = (...given) => {
  try {
    return carryOut(...given);
  } catch (bug) {
    return { dropped: `a bug: ${bug instanceof Error ? bug.message : String(bug)}` };
  }
};

const carryOut = (input: Orders, order: Order, job: Job | undefined, memory: JobMemory): Came => {
  if (order.expiresMs <= input.nowMs) return { dropped: 'it expired before it could be carried out' };
  if (order.kind === 'pause' || order.kind === 'resume') return pauseOrResume(input, order, job, memory);
  if (order.job === undefined) return { dropped: 'it names no job' };
  if (job === undefined) return notInManifest(order);
  return carryOutOf[order.kind](input, order, job, memory);
};

const carryOutOf = {
  release,
  adopt: adoptIt,
  ignore: ignoreIt,
  restart: again,
  apply: again,
  savepoint: takeSavepoint,
  'start-empty': startEmpty,
  'restore-from': restoreFrom,
};

const pauseOrResume = (input: Orders, order: Order, job: Job | undefined, memory: JobMemory): Came => {
  const isOfCluster = order.job === undefined;
  if (!isOfCluster && job === undefined) return notInManifest(order);
  const paused = isOfCluster ? input.pause : memory.pause;
  if (order.kind === 'resume' && paused === undefined) return { dropped: 'it is not paused' };
  const pause = order.kind === 'pause' ? pauseBy(order) : undefined;
  return isOfCluster ? { pause } : { memory: withPause(memory, pause) };
};

const notInManifest = ({ job }: Order): Came => ({ dropped: `${job} is not a job of the manifest` });

const pauseBy = ({ who, why, atMs, untilMs }: Order): Pause => ({
  who,
  why,
  sinceMs: atMs,
  ...(untilMs === undefined ? {} : { untilMs }),
});

const withPause = ({ pause: _, ...memory }: JobMemory, pause: Pause | undefined): JobMemory =>
  pause === undefined ? memory : { ...memory, pause };

/** A pause that is over is not kept, nor is an ordered end that had to wait too long. */
const withoutWhatIsOver = (memories: Memories, nowMs: number): Memories => {
  const changed = Object.entries(memories).flatMap(([name, memory]) => {
    const isOver = memory.pause !== undefined && !isOn(memory.pause, nowMs);
    const current = isOver ? withPause(memory, undefined) : memory;
    const attempts = current.attempts.map((attempt) => withoutOldStop(attempt, nowMs));
    const next = withAttempts(current, attempts);
    return next === memory ? [] : [[name, next] as const];
  });
  return changed.length === 0 ? memories : { ...memories, ...Object.fromEntries(changed) };
};

const withoutOldStop = (attempt: Attempt, nowMs: number): Attempt => {
  const { stop, savepoint } = attempt;
  if (attempt.end !== undefined || (stop === undefined && savepoint === undefined)) return attempt;
  const isOver = (each: { readonly sentMs?: number; readonly expiresMs?: number } | undefined): boolean =>
    each?.sentMs === undefined && each?.expiresMs !== undefined && each.expiresMs <= nowMs;
  if (isVain(stop, nowMs)) return withoutStop(attempt);
  const ordered = isOver(stop) ? withoutStop(attempt) : attempt;
  return isOver(savepoint) ? withoutSavepoint(ordered) : ordered;
};

const withoutStop = ({ stop: _, ...attempt }: Attempt): Attempt => attempt;

const withoutSavepoint = ({ savepoint: _, ...attempt }: Attempt): Attempt => attempt;

/** Nobody ordered it, and it brought no end while a late call could: whether the job is still ill is judged anew. */
const isVain = (stop: Attempt['stop'], nowMs: number): boolean =>
  stop?.order === 'heal' && nowMs >= (stop.sentMs ?? Number.POSITIVE_INFINITY) + defaults.savepointLateMs;
