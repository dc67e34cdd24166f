const format = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone: 'UTC' });

/** The farthest from 1970 that a calendar of JavaScript goes. */
const calendarMs = 8.64e15;

/** A moment as people read it: `2026-01-02 03:04:05 UTC`. Any number has one: what stands in the table never breaks a pass. */
export const utc = (ms: number): string => (Math.abs(ms) <= calendarMs ? `${format.format(ms)} UTC` : `${ms} ms`);
