import type { Cluster } from '../../../lib/core/model.ts';
import type { Claim, Lease } from '../../../lib/ports.ts';
import { type Call, effectsOf, type Invocation } from '../sim.ts';
import { always, anyOf, type Checker } from './checker.ts';

/** Who comes for nothing: neither looked nor rang, and met no trouble. */
const nobodyComesForNothing: Checker = always(({ sim }) => {
  let read = 0;
  let open: readonly Invocation[] = [];
  return () => {
    if (read < sim.invocations.length) open = [...open, ...sim.invocations.slice(read)];
    read = sim.invocations.length;
    const over: Invocation[] = [];
    for (const by of open) if (by.endedMs !== undefined || by.dead) over.push(by);
    if (over.length === 0) return undefined;
    open = open.filter((by) => !over.includes(by));
    const idle = over.find(isIdle);
    return idle && `${idle.name} neither looked nor rang`;
  };
});

/** Whose cluster left the manifest has no business here. */
const isIdle = ({ dead, threw, faults, asked, calls }: Invocation): boolean =>
  !dead &&
  threw === undefined &&
  faults === 0 &&
  asked > 0 &&
  !calls.some(({ name, given }) => name === 'store.load' || (name === 'store.ring' && !!answerOf(given)));

/** A ring that an owner heard before it left is looked at before it leaves. */
const noRingIsLost: Checker = always(({ sim }) => {
  const [releases, rings] = [effectsOf(sim, 'store.release'), effectsOf(sim, 'store.ring')];
  let read = 0;
  let pending: readonly Call[] = [];
  return () => {
    if (pending.length === 0 && read === releases.length) return undefined;
    const open = [...pending, ...releases.slice(read)];
    read = releases.length;
    pending = open.filter(({ executedMs, given }) => executedMs === undefined || given === undefined);
    for (const call of open) {
      const how = pending.includes(call) ? undefined : lostRing(call, rings);
      if (how !== undefined) return how;
    }
    return undefined;
  };
});

/** I5: what brought an invocation here is looked at, by it or by the owner that it rang. */
export const ringsHeard: Checker = anyOf(nobodyComesForNothing, noRingIsLost);

const lostRing = (release: Call, rings: readonly Call[]): string | undefined => {
  const { by, given, args, executedMs = 0 } = release;
  const isLeaving = given !== undefined && 'value' in given && given.value === undefined;
  // When its time is up an owner leaves what rang to the next look.
  if (!isLeaving || executedMs >= by.untilMs - LEAVES_MS) return undefined;
  const { cluster } = args[0] as Lease;
  const rang = rings.filter((call) => call.args[0] === cluster && isBetween(call.executedMs, 0, executedMs));
  if (rang.length === 0) return undefined;
  // Who only closes a cluster that left its manifest leaves a newer one to the next look.
  if (!by.calls.some((call) => call.name === 'ecs.look' && (call.args[0] as Cluster).name === cluster))
    return undefined;
  const looked = by.calls.findLast((call) => call.name === 'store.load' && call.args[0] === cluster);
  const lost = rang.find(
    (call) =>
      isBetween(call.executedMs, looked?.executedMs, executedMs) &&
      isHeldAt(by, call) &&
      !call.by.calls.some(({ name, atMs }) => name === 'store.load' && atMs > call.atMs),
  );
  return lost && `${by.name} left ${cluster} although ${lost.by.name} had rung`;
};

/**
 * By the clock of who rang the lease was not over: else the bell stays as it was, and who rang takes the lease, or says
 * that the store gave no answer and is started again.
 */
const isHeldAt = (by: Invocation, ring: Call): boolean => {
  const [cluster, nowMs] = ring.args as readonly [string, number];
  const lasts = by.calls.flatMap(({ name, args, executedMs }) => {
    if (executedMs === undefined || executedMs > (ring.executedMs ?? 0)) return [];
    if (name === 'store.acquire' && args[0] === cluster) return [(args[1] as Claim).untilMs];
    return name === 'store.commit' && (args[0] as Lease).cluster === cluster ? [Number(args[2])] : [];
  });
  return nowMs <= Math.max(...lasts);
};

const isBetween = (ms = 0, lowMs = 0, highMs = 0): boolean => lowMs < ms && ms < highMs;

const answerOf = (given: Call['given']): unknown => (given !== undefined && 'value' in given ? given.value : undefined);

/** Two calls of its longest wait before its end. */
const LEAVES_MS = 10_000;
