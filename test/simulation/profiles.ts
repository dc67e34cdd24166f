import { type DeedKind, type StrikeKind, usualDeeds, usualStrikes } from './world/usual.ts';

/** What may become of one port call. */
export type FaultKind = 'lost' | 'reply lost' | 'late' | 'stale' | 'error' | 'freeze' | 'crash';

/** Chances of a fault of one call, by kind. */
export type Rates = Readonly<Partial<Record<FaultKind, number>>>;

/** How much of what goes wrong. Each run scales all rates by what its seed draws, so that runs differ in what they stress. */
export type Profile = {
  /** By `port.method`, else by `port`, else `other`. */
  readonly faults: Readonly<Record<string, Rates>> & { readonly other: Rates };
  /** What happens to the world, by kind: times an hour of trouble and cluster. */
  readonly strikes: Readonly<Partial<Record<StrikeKind, number>>>;
  /** What people do, by kind: times an hour of trouble and cluster. */
  readonly people: Readonly<Partial<Record<DeedKind, number>>>;
};

const each = (rate: number, ...kinds: readonly FaultKind[]): Rates =>
  Object.fromEntries(kinds.map((kind) => [kind, rate]));

/** What changes something fails often; looks are many and fail rarely. */
const effect = each(0.02, 'lost', 'reply lost', 'late', 'error', 'freeze', 'crash');
const look = each(0.002, 'lost', 'stale', 'error', 'freeze', 'crash');

const uniform: Profile = {
  faults: {
    'flink.run': effect,
    'flink.cancel': effect,
    'flink.upload': effect,
    'flink.deleteJar': effect,
    'store.acquire': effect,
    'store.ring': effect,
    'store.commit': effect,
    'store.release': effect,
    alerts: effect,
    other: look,
  },
  strikes: usualStrikes,
  people: usualDeeds,
};

/** By name; a guard names the one in which it is needed. */
export const profiles: Readonly<Record<string, Profile>> = { uniform };

export const profileOf = (name = 'uniform'): Profile => {
  const profile = profiles[name];
  if (profile === undefined) throw new Error(`there is no profile ${name}`);
  return profile;
};
