import type { Pace } from './pace.ts';
import { profilesOfHealth } from './profiles-of-health.ts';
import { profilesOfLeaders } from './profiles-of-leaders.ts';
import { profilesOfState } from './profiles-of-state.ts';
import { each, effect, effects } from './rates.ts';
import { sharpProfiles } from './sharp-profiles.ts';
import { heavy, lasting, uniform } from './usual-profiles.ts';
import {
  type DeedKind,
  type LeaderStrikeKind,
  type StrikeKind,
  usualDeeds,
  type usualShares,
  usualStrikes,
} from './world/usual.ts';

/** What may become of one port call. */
export type FaultKind = 'lost' | 'reply lost' | 'late' | 'slow' | 'stale' | 'error' | 'freeze' | 'crash';

/** Chances of a fault of one call, by kind. */
export type Rates = Readonly<Partial<Record<FaultKind, number>>>;

/** How much of what goes wrong. Each run scales all rates by what its seed draws, so that runs differ in what they stress. */
export type Profile = {
  /** By `port.method`, else by `port`, else `other`. */
  readonly faults: Readonly<Record<string, Rates>> & { readonly other: Rates };
  /** What happens to the world, by kind: times an hour of trouble and cluster. */
  readonly strikes: Readonly<Partial<Record<StrikeKind | LeaderStrikeKind, number>>>;
  /** What people do, by kind: times an hour of trouble and cluster. */
  readonly people: Readonly<Partial<Record<DeedKind, number>>>;
  /** What there is more of than usual. */
  readonly shares?: Readonly<Partial<Record<keyof typeof usualShares, number>>>;
  /** Whether EventBridge delivers anything; absent: it does. */
  readonly hasEvents?: false;
  /** Whether anybody looks while it is quiet, which is for an hour or two; absent: they do, now and then. */
  readonly isWatched?: false;
  /** The chance that a cluster begins with high availability; absent: a small one. */
  readonly ha?: number;
  /** Whether its clusters have two JobManagers and a `leader` in the manifest; absent: those of every fourth seed. */
  readonly led?: boolean;
  /** Whether that is `leader: rest`; absent: for some of them. */
  readonly rest?: boolean;
  /** Nothing is wrong with its clusters, and a usual day is all that happens to them. */
  readonly isHealthy?: true;
  /** How much there is of everything; absent: the usual. */
  readonly pace?: Pace;
};

/** Owners that freeze on their way to Flink, and POSTs that are late, while processes end and begin at the same address. */
const frozen: Profile = {
  faults: {
    ...effects(each(0.03, 'freeze')),
    'store.commit': each(0.2, 'freeze'),
    'secrets.resolve': each(0.1, 'freeze'),
    'flink.upload': each(0.2, 'freeze'),
    'flink.run': each(0.3, 'late', 'freeze'),
    other: each(0.01, 'freeze'),
  },
  strikes: { kill: 240 },
  people: { order: 20 },
};

/** POSTs that nobody hears of, that arrive late or whose sender dies, while their JobManager is replaced. */
const unheard: Profile = {
  faults: { ...effects(effect), 'flink.run': each(0.2, 'lost', 'reply lost', 'late', 'crash') },
  strikes: { ...usualStrikes, kill: 40, roll: 20 },
  people: { ...usualDeeds, order: 60, twoWanted: 10, moveService: 10 },
};

/** JobManagers that overlap and drain, and are not always seen. */
const rolling: Profile = {
  faults: { ...effects(effect), flink: each(0.03, 'lost', 'error') },
  strikes: { ...usualStrikes, kill: 40, roll: 60, freeze: 30, loseItem: 10, loseTable: 10 },
  people: { ...usualDeeds, twoWanted: 40, moveService: 40 },
};

/** Jobs that stumble, fail, end by hand, and are missing from the list for a moment. */
const ailing: Profile = {
  faults: effects(effect),
  strikes: { ...usualStrikes, stumble: 60, fail: 20, hide: 60 },
  people: { ...usualDeeds, order: 60, cancelByHand: 30, stopByHand: 15 },
};

/** Answers that are missing. */
const blind: Profile = {
  faults: { ...effects(effect), other: each(0.05, 'lost', 'error', 'stale') },
  strikes: { ...usualStrikes, kill: 40, freeze: 20, outage: 30 },
  people: usualDeeds,
};

/** Two at once: owners that freeze past their lease, and what they write is lost. */
const contended: Profile = {
  faults: { ...effects(each(0.1, 'freeze', 'reply lost')), other: each(0.02, 'freeze') },
  strikes: { ...usualStrikes, kill: 60 },
  people: usualDeeds,
};

/** A topic that refuses, and senders that die before they mark what they told. */
const untold: Profile = {
  faults: { ...effects(effect), alerts: each(0.1, 'error', 'lost', 'reply lost', 'freeze', 'crash') },
  strikes: { ...usualStrikes, fail: 20, kill: 40, outage: 20 },
  people: { ...usualDeeds, cancelByHand: 20, order: 60 },
};

/** Jars that are none, and a main() that throws or ends its JobManager. */
const poisoned: Profile = {
  faults: effects(effect),
  strikes: { ...usualStrikes, kill: 20, loseDatabase: 40, spoilJar: 60 },
  people: { ...usualDeeds, deployManifest: 20, order: 10 },
};

/** A table that is lost, and copies that people start. */
const forgetful: Profile = {
  faults: effects(effect),
  strikes: { ...usualStrikes, kill: 40, loseTable: 40, loseItem: 40, restoreBackup: 40 },
  people: { ...usualDeeds, submitByHand: 40, order: 60 },
};

/** People who order, deploy and start things all the time. */
const busy: Profile = {
  faults: effects(effect),
  strikes: { ...usualStrikes, kill: 40, spoilJar: 40 },
  people: { ...usualDeeds, order: 200, deployManifest: 60, submitByHand: 30, cancelByHand: 20 },
};

/** Clusters that change their configuration: high availability, version, submission. */
const reconfigured: Profile = {
  faults: effects(effect),
  strikes: { ...usualStrikes, kill: 40 },
  people: { ...usualDeeds, reconfigure: 60 },
};

/** Nothing ever rings: the schedule alone has to get there (I5). */
const noEvents: Profile = { ...heavy, strikes: { ...usualStrikes, kill: 40 }, hasEvents: false };

/** Jobs that their list lacks again and again, and whose ids do not answer. */
const hidden: Profile = {
  faults: { ...effects(effect), 'flink.jobState': each(0.1, 'error', 'lost') },
  strikes: { ...usualStrikes, hide: 1_000, kill: 20 },
  people: { ...usualDeeds, deployManifest: 60 },
};

/** Jobs end while nobody looks, and Flink has forgotten them an hour later (F99, F124). */
const unwatched: Profile = {
  faults: effects(effect),
  strikes: { fail: 120, stumble: 6 },
  people: { cancelByHand: 120, stopByHand: 120 },
  hasEvents: false,
  isWatched: false,
};

/** Jobs that Flink brings back by itself, now on this JobManager and now on that one, until high availability is switched off. */
const available: Profile = {
  faults: { other: each(0.002, 'lost', 'slow', 'error', 'freeze', 'crash') },
  strikes: { hide: 1_200, freeze: 40, kill: 20 },
  people: { submitByHand: 20, twoWanted: 300, reconfigure: 30, moveService: 20 },
  ha: 1,
};

/** By name; a guard names the one in which it is needed. */
export const profiles: Readonly<Record<string, Profile>> = {
  uniform,
  lasting,
  heavy,
  frozen,
  unheard,
  rolling,
  ailing,
  blind,
  contended,
  untold,
  poisoned,
  ...sharpProfiles,
  forgetful,
  busy,
  reconfigured,
  'no-events': noEvents,
  hidden,
  unwatched,
  available,
  ...profilesOfHealth,
  ...profilesOfState,
  ...profilesOfLeaders,
};

export const profileOf = (name = 'uniform'): Profile => {
  const profile = profiles[name];
  if (profile === undefined) throw new Error(`there is no profile ${name}`);
  return profile;
};
