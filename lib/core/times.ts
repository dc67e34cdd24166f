const format = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone: 'UTC' });

/** The farthest from 1970 that a calendar of JavaScript goes. */
const calendarMs = 8.64e15;

/** A moment as people read it: `2026-01-02 03:04:05 UTC`. Any number has one: what stands in the table never breaks a pass. */
export const utc = (ms: number): string => (Math.abs(ms) <= calendarMs ? `${format.format(ms)} UTC` : `${ms} ms`);

const UNITS_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `90s`, `30m`, `2h`, `1d` in milliseconds; undefined for anything else, and for nothing. */
export const durationMs = (text: string): number | undefined => {
  const [, count, unit] = /^(\d{1,6})\s*(s|m|h|d)$/.exec(text) ?? [];
  if (count === undefined || (unit !== 's' && unit !== 'm' && unit !== 'h' && unit !== 'd')) return undefined;
  return Number(count) * UNITS_MS[unit] || undefined;
};
