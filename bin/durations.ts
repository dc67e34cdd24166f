import { durationMs } from '../lib/core/times.ts';

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
