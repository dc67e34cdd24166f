const format = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone: 'UTC' });

/** A moment as people read it: `2026-01-02 03:04:05 UTC`. */
export const utc = (ms: number): string => `${format.format(ms)} UTC`;
