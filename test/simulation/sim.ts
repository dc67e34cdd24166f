import { createRandom, createTime, type Random, type Time } from '../support/virtual-time.ts';
import type { Invocation } from './invocations.ts';

/** One run as its parts see it; one seed and one commit are one exact run. */
export type Sim = {
  readonly seed: number;
  readonly time: Time;
  readonly random: Random;
  /** When there is trouble; between these it is quiet, after the last one it is calm. */
  readonly episodes: readonly Episode[];
  /** trouble: faults are drawn and things break · quiet: nothing new breaks for a while · calm: nothing breaks any more. */
  phase: 'trouble' | 'quiet' | 'calm';
  /** Takes a line of the timeline; absent unless somebody reads it (`sim.trace?.(…)`, so that nothing is built for nobody). Changes nothing. */
  readonly trace?: (who: string, what: string) => void;
  /** The first breach of each invariant. */
  readonly broken: Record<string, string>;
  /** All that ran so far, in the order of their start. */
  readonly invocations: Invocation[];
  /** Whose call a fake carries out at this moment. */
  caller: string;
  /** Calls of ports but the idle ones of who waits. */
  portCalls: number;
  faults: number;
};

export type Episode = { readonly fromMs: number; readonly untilMs: number };

export const createSim = (seed: number, lines?: string[]): Sim => {
  const time = createTime(START_MS);
  const random = createRandom(seed);
  const trace = (who: string, what: string): void => void lines?.push(`${clockOfDay(time.nowMs())} ${who} ${what}`);
  const episodes = drawEpisodes(random);
  const state = { phase: 'trouble' as const, broken: {}, invocations: [], caller: '', portCalls: 0, faults: 0 };
  return { seed, time, random, episodes, ...state, ...(lines === undefined ? {} : { trace }) };
};

/** Every run begins then. */
export const START_MS = 1_700_000_000_000;

/** Trouble of minutes at a time, hours apart: what was seen long ago matters, and costs little. */
const drawEpisodes = (random: Random): readonly Episode[] => {
  const count = random.pick(2, 2, 3);
  const quietMs = random.between(90, 240) * 60_000;
  const episodes: Episode[] = [];
  let fromMs = START_MS;
  for (let n = 0; n < count; n += 1) {
    const untilMs = fromMs + random.between(60_000, 240_000);
    episodes.push({ fromMs, untilMs });
    fromMs = untilMs + Math.round(quietMs / (count - 1));
  }
  return episodes;
};

const clockOfDay = (nowMs: number): string => new Date(nowMs - START_MS).toISOString().slice(11, 23);

/** Notes a breach; the first one of each invariant is kept. */
export const broke = (sim: Sim, invariant: string, how: string): void => {
  sim.trace?.('BROKEN', `${invariant}: ${how}`);
  sim.broken[invariant] ??= how;
};
