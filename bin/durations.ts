const UNITS_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `90s`, `30m`, `2h`, `1d` in milliseconds; undefined for anything else, and for nothing. */
export const durationMs = (text: string): number | undefined => {
  const [, count, unit] = /^(\d{1,6})\s*(s|m|h|d)$/.exec(text) ?? [];
  if (count === undefined || (unit !== 's' && unit !== 'm' && unit !== 'h' && unit !== 'd')) return undefined;
  return Number(count) * UNITS_MS[unit] || undefined;
};

/** A time, or how long before `nowMs`; undefined when it is neither. */
export const agoMs = (text: string, nowMs: number): number | undefined => {
  const ago = durationMs(text);
  if (ago !== undefined) return nowMs - ago;
  if (!/^\d{4}-\d\d-\d\d/.test(text)) return undefined;
  const iso = text.replace(' ', 'T');
  // With a time of day and no zone JavaScript means this machine's: ours are always UTC.
  const ms = Date.parse(/T(?!.*(Z|[+-]\d\d:?\d\d)$)/.test(iso) ? `${iso}Z` : iso);
  return Number.isNaN(ms) ? undefined : ms;
};

/** How long something lasted, in its largest unit, for a table: `12 min`. */
export const lasting = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} d`;
};

/** `2026-01-02 03:04:05`, in UTC, as alerts give it. */
export const utc = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
