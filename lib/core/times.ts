const format = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone: 'UTC' });

/** The farthest from 1970 that a calendar of JavaScript goes. */
const calendarMs = 8.64e15;

/** A moment as people read it: `2026-01-02 03:04:05 UTC`. Any number has one: what stands in the table never breaks a pass. */
export const utc = (ms: number): string => (Math.abs(ms) <= calendarMs ? `${format.format(ms)} UTC` : `${ms} ms`);

/** How long something lasts: `90 s`, `16.7 min`. */
export const spanOf = (ms: number): string =>
  ms < 120_000 ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms / 6_000) / 10} min`;

const UNITS_MS = new Map<string | undefined, number>([
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

/** `90s`, `30m`, `2h`, `1d` in milliseconds; undefined for anything else, and for nothing. */
export const durationMs = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const found = text.match(/^(\d{1,6})\s*([smhd])$/);
  return found ? Number(found[1]) * (UNITS_MS.get(found[2]) ?? 0) || undefined : undefined;
};
