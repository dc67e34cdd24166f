import type { Cluster } from '../../lib/core/model.ts';
import type { Clock } from '../../lib/ports.ts';
import { createRandom, createTime, type Random, type Time } from '../support/virtual-time.ts';

/** One run as its parts see it; one seed and one commit are one exact run. */
export type Sim = {
  readonly seed: number;
  readonly time: Time;
  readonly random: Random;
  /** trouble: faults are drawn and things break · quiet: nothing new breaks for a while · calm: nothing breaks any more. */
  phase: 'trouble' | 'quiet' | 'calm';
  /** Takes a line of the timeline; absent unless somebody reads it (`sim.trace?.(…)`, so that nothing is built for nobody). Changes nothing. */
  readonly trace?: (who: string, what: string) => void;
  /** The first breach of each invariant. */
  readonly broken: Record<string, string>;
  /** All that ran so far, in the order of their start. */
  readonly invocations: Invocation[];
  /** Every port call of all of them, in this order. */
  readonly calls: Call[];
  /** Whose call a fake carries out at this moment. */
  caller: string;
  portCalls: number;
  faults: number;
};

export const createSim = (seed: number, lines?: string[]): Sim => {
  const time = createTime(START_MS);
  const trace = (who: string, what: string): void => void lines?.push(`${clockOfDay(time.nowMs())} ${who} ${what}`);
  const state = {
    phase: 'trouble' as const,
    broken: {},
    invocations: [],
    calls: [],
    caller: '',
    portCalls: 0,
    faults: 0,
  };
  return { seed, time, random: createRandom(seed), ...state, ...(lines === undefined ? {} : { trace }) };
};

/** Every run begins then. */
export const START_MS = 1_700_000_000_000;

const clockOfDay = (nowMs: number): string => new Date(nowMs - START_MS).toISOString().slice(11, 23);

/** Notes a breach; the first one of each invariant is kept. */
export const broke = (sim: Sim, invariant: string, how: string): void => {
  sim.trace?.('BROKEN', `${invariant}: ${how}`);
  sim.broken[invariant] ??= how;
};

/** One run of a Lambda function; a crash is a promise that never settles. */
export type Invocation = {
  readonly name: string;
  readonly kind: 'event' | 'tick';
  readonly sinceMs: number;
  /** When it has to have ended, told to the product. */
  readonly untilMs: number;
  /** It crashed, or Lambda ended it. */
  dead: boolean;
  frozenUntilMs: number;
  /** Its clock is ahead by so much. */
  readonly skewMs: number;
  readonly calls: Call[];
  /** The manifest that it works with. */
  readonly manifest: readonly Cluster[];
  /** How often trouble was drawn for one of its calls. */
  faults: number;
  /** When its promise settled. */
  endedMs?: number;
  /** Kind and code of what it threw. */
  threw?: string;
};

/** A port call as its caller made it, and what the caller was given; for those who judge. */
export type Call = {
  readonly by: Invocation;
  readonly name: `${string}.${string}`;
  readonly args: readonly unknown[];
  readonly atMs: number;
  /** When the world carried it out: maybe never, maybe long after its caller gave up. */
  executedMs?: number;
  /** Absent: nothing came yet. */
  given?: { readonly value: unknown } | { readonly fault: unknown };
};

/** Nothing reaches a dead invocation; what reaches a frozen one waits, in order. */
export const deliver = (sim: Sim, to: Invocation, ms: number, run: () => void): void =>
  sim.time.at(ms, () => {
    if (to.dead) return;
    if (sim.time.nowMs() < to.frozenUntilMs) return deliver(sim, to, to.frozenUntilMs, run);
    run();
  });

/** The clock port of an invocation. */
export const clockOf = (sim: Sim, by: Invocation): Clock => ({
  nowMs: sim.time.nowMs,
  sleep: (ms) => new Promise((done) => deliver(sim, by, sim.time.nowMs() + ms, done)),
});
