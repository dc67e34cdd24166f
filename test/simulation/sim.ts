import type { Cluster } from '../../lib/core/model.ts';
import { createRandom, createTime, type Random, type Time } from '../support/virtual-time.ts';
import { type Pace, usualPace } from './pace.ts';

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
  /** Every port call of all of them but idle questions, in this order. */
  readonly calls: Call[];
  /** Of these the few that may change something, by name: `effectsOf`. */
  readonly effects: Map<string, Call[]>;
  /** Whose call a fake carries out at this moment. */
  caller: string;
  /** Calls of ports but the idle ones of who waits. */
  portCalls: number;
  faults: number;
};

export type Episode = { readonly fromMs: number; readonly untilMs: number };

export const createSim = (seed: number, lines?: string[], pace: Pace = usualPace): Sim => {
  const time = createTime(START_MS);
  const random = createRandom(seed);
  const trace = (who: string, what: string): void => void lines?.push(`${clockOfDay(time.nowMs())} ${who} ${what}`);
  const episodes = drawEpisodes(random, pace);
  const lists = { broken: {}, invocations: [], calls: [], effects: new Map() };
  const state = { phase: 'trouble' as const, caller: '', portCalls: 0, faults: 0, ...lists };
  return { seed, time, random, episodes, ...state, ...(lines === undefined ? {} : { trace }) };
};

/** Every run begins then. */
export const START_MS = 1_700_000_000_000;

/** Trouble of minutes at a time, hours apart: what was seen long ago matters, and costs little. */
const drawEpisodes = (random: Random, pace: Pace): readonly Episode[] => {
  const count = random.pick(...pace.episodes);
  const quietMs = random.between(...pace.quietMinutes) * 60_000;
  const lastTroubleMs = pace.troubleMs.at(-1) ?? pace.troubleMs[0];
  const episodes: Episode[] = [];
  let fromMs = START_MS;
  for (let n = 0; n < count; n += 1) {
    const untilMs = fromMs + random.between(...(pace.troubleMs[n] ?? lastTroubleMs));
    episodes.push({ fromMs, untilMs });
    fromMs = untilMs + Math.round(quietMs / (count - 1));
  }
  return episodes;
};

/** When trouble begins again; never in the calm. */
export const nextTroubleMs = ({ episodes, time }: Sim): number =>
  episodes.find(({ fromMs }) => fromMs > time.nowMs())?.fromMs ?? Number.POSITIVE_INFINITY;

/** When the last trouble is over. */
export const calmMs = ({ episodes }: Sim): number => episodes.at(-1)?.untilMs ?? START_MS;

const clockOfDay = (nowMs: number): string => new Date(nowMs - START_MS).toISOString().slice(11, 23);

/** Its calls of one method, which may change something, in their order; the list grows. */
export const effectsOf = ({ effects }: Pick<Sim, 'effects'>, name: string): Call[] => {
  const known = effects.get(name);
  if (known !== undefined) return known;
  const none: Call[] = [];
  effects.set(name, none);
  return none;
};

/** Notes a breach; the first one of each invariant is kept. */
export const broke = (sim: Sim, invariant: string, how: string): void => {
  sim.trace?.('BROKEN', `${invariant}: ${how}`);
  sim.broken[invariant] ??= how;
};

/** One run of a Lambda function; a crash is a promise that never settles. Times are true, whatever its own clock says. */
export type Invocation = {
  readonly name: string;
  readonly kind: 'event' | 'tick';
  readonly sinceMs: number;
  /** When it has to have ended, as the product was told. */
  readonly untilMs: number;
  /** Its clock is ahead by so much, and may jump. */
  skewMs: number;
  /** It crashed, or Lambda ended it. */
  dead: boolean;
  frozenUntilMs: number;
  /** It slept and asks only whether something changed. */
  idle: boolean;
  /** It froze, or its clock jumped: no wonder if it is late. */
  disturbed: boolean;
  /** All but idle questions. */
  readonly calls: Call[];
  /** How many calls it made, idle ones too. */
  asked: number;
  /** The manifest that it works with. */
  readonly manifest: readonly Cluster[];
  /** How often trouble was drawn for one of its calls. */
  faults: number;
  /** When its promise settled. */
  endedMs: number | undefined;
  /** Kind and code of what it threw. */
  threw: string | undefined;
};

/** A port call as its caller made it, and what the caller was given; for those who judge. */
export type Call = {
  readonly by: Invocation;
  readonly name: string;
  readonly args: readonly unknown[];
  readonly atMs: number;
  /** When the world carried it out: maybe never, maybe long after its caller gave up. */
  executedMs: number | undefined;
  /** undefined: nothing came yet. */
  given: { readonly value: unknown } | { readonly fault: unknown } | undefined;
};
