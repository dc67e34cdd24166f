import type { Clock } from '../../lib/ports.ts';
import { createRandom, createTime, type Random, type Time } from './virtual-time.ts';

/** One run as its parts see it; one seed and one commit are one exact run. */
export type Sim = {
  readonly time: Time;
  readonly random: Random;
  /** No more faults. */
  calm: boolean;
  readonly lines: readonly string[];
  /** How often an interesting state was seen. */
  readonly sometimes: Record<string, number>;
  /** The first breach of each invariant. */
  readonly broken: Record<string, string>;
  trace(line: string): void;
  saw(state: string): void;
  broke(invariant: string, how: string): void;
};

export const createSim = (seed: number): Sim => {
  const time = createTime(START_MS);
  const lines: string[] = [];
  const sometimes: Sim['sometimes'] = {};
  const broken: Sim['broken'] = {};
  const trace = (line: string): void => void lines.push(`${time.nowMs() - START_MS} ${line}`);
  const saw = (state: string): void => {
    sometimes[state] = (sometimes[state] ?? 0) + 1;
  };
  const broke = (invariant: string, how: string): void => {
    trace(`BROKEN ${invariant}: ${how}`);
    broken[invariant] ??= how;
  };
  return { time, random: createRandom(seed), calm: false, lines, sometimes, broken, trace, saw, broke };
};

const START_MS = 1_700_000_000_000;

/** One run of a Lambda function; a crash is a promise that never settles. */
export type Invocation = { readonly name: string; dead: boolean; frozenUntilMs: number };

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
