import type { FaultKind, Profile, Rates } from './profiles.ts';

/** The same chance of each of these kinds. */
export const each = (rate: number, ...kinds: readonly FaultKind[]): Rates =>
  Object.fromEntries(kinds.map((kind) => [kind, rate]));

/** Each of them so many times as often. */
export const times = <T extends Readonly<Record<string, number>>>(factor: number, rates: T): T => ({
  ...rates,
  ...Object.fromEntries(Object.entries(rates).map(([kind, rate]) => [kind, rate * factor])),
});

/** What changes something fails often; looks are many and fail rarely. */
export const effect = each(0.02, 'lost', 'reply lost', 'late', 'slow', 'error', 'freeze', 'crash');
export const look = each(0.002, 'lost', 'slow', 'stale', 'error', 'freeze', 'crash');

/** Calls that change something. */
export const effects = (rates: Rates): Profile['faults'] => ({
  'flink.run': rates,
  'flink.cancel': rates,
  'flink.savepoint': rates,
  'flink.upload': rates,
  'flink.deleteJar': rates,
  'store.acquire': rates,
  'store.ring': rates,
  'store.commit': rates,
  'store.release': rates,
  alerts: rates,
  webhook: rates,
  other: look,
});
