import { defaults } from '../defaults.ts';
import type { JobException } from './figures.ts';
import type { HealthLimits } from './limits.ts';
import type { JobSamples } from './samples.ts';

/** A root cause that was seen: its first line as it was then, and under `id` all that differ from it in numbers and ids alone. */
export type Cause = { readonly id: string; readonly text: string; readonly firstMs: number; readonly lastMs: number };

/** The causes of the window with this one. A job that throws something else each time fills no memory: those that came first stay. */
export const withCause = (
  causes: readonly Cause[] | undefined,
  exception: JobException,
  { withinMs }: NonNullable<HealthLimits['exceptions']>,
  nowMs: number,
): readonly Cause[] => {
  const id = causeId(exception.cause);
  const kept = causes?.filter(({ lastMs }) => nowMs - lastMs < withinMs) ?? [];
  if (kept.some((each) => each.id === id))
    return kept.map((each) => (each.id === id ? { ...each, lastMs: nowMs } : each));
  return [...kept, { id, text: exception.cause, firstMs: nowMs, lastMs: nowMs }].slice(0, defaults.health.causesMax);
};

/** Those to be told of; undefined: nobody can say now. */
export const causesOf = (
  kept: JobSamples | undefined,
  limits: HealthLimits['exceptions'],
  nowMs: number,
): readonly Cause[] | undefined => {
  if (limits === undefined) return [];
  const seen = kept?.samples.at(-1);
  if (seen === undefined || !seen.allRun || nowMs - seen.atMs > defaults.health.freshMs) return undefined;
  return kept?.causes?.filter(({ lastMs }) => nowMs - lastMs < limits.withinMs) ?? [];
};

/** Eight hex digits (FNV-1a) of a cause without its numbers and ids. */
export const causeId = (cause: string): string => {
  const alike = cause.replace(/[0-9a-f]{8}(?:-?[0-9a-f]{4,})*|\d+/gi, '#');
  let hash = 0x811c9dc5;
  for (const letter of alike) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
};
