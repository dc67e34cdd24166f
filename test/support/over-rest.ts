import { defaults } from '../../lib/core/defaults.ts';
import type { JobMemory, Observation } from '../../lib/core/model.ts';
import { look, t0 } from './builders.ts';
import { overRest } from './led.ts';

/** A session by default, and a margin. */
export const WINDOW_MS = defaults.sessionMs + defaults.restMarginMs;

/** What comes of looks at these times after `t0`, each at what it then sees. */
export const looks = (memory: JobMemory, ...[first, ...each]: readonly [At, ...At[]]) => {
  const lookAt = (before: JobMemory, [afterMs, observation]: At) =>
    look({ cluster: overRest, memory: before, observation, nowMs: t0 + afterMs });
  const last = each.reduce((before, at) => lookAt(before.memory, at), lookAt(memory, first));
  return { ...last, attempt: last.memory.attempts.at(-1) };
};

type At = readonly [afterMs: number, observation: Observation];

/** The same of one that stays as it is, a minute apart, until `untilMs`. */
export const looking = (memory: JobMemory, observation: Observation, untilMs: number) => {
  const minutes = Array.from({ length: Math.floor(untilMs / 60_000) }, (_, n): At => [(n + 1) * 60_000, observation]);
  return looks(memory, [0, observation], ...minutes, [untilMs, observation]);
};
