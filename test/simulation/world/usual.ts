import type { Profile } from '../profiles.ts';
import type { deeds, leaderStrikes, strikes } from './happenings.ts';

export type StrikeKind = keyof typeof strikes;
export type LeaderStrikeKind = keyof typeof leaderStrikes;
export type DeedKind = keyof typeof deeds;

/** How often what breaks an hour of trouble and cluster: several things at once are common, and each is seen in thousands of runs. */
export const usualStrikes: Readonly<Record<StrikeKind, number>> = {
  kill: 18,
  freeze: 4,
  crashLoop: 1.5,
  roll: 4,
  stumble: 6,
  fail: 3,
  failAgain: 9,
  giveUp: 4,
  failCheckpoints: 9,
  jam: 5,
  jamMany: 40,
  hide: 45,
  loseTaskManagers: 9,
  crashTaskManagers: 7,
  loseDatabase: 3,
  hangDatabase: 3,
  spoilJar: 4.5,
  outage: 4,
  loseTable: 4,
  loseItem: 2,
  restoreBackup: 2,
  loseMetadata: 8,
  loseSnapshots: 6,
  denySnapshots: 2,
  refuseSavepoints: 7,
  killSaving: 20,
};

/** The same of clusters with a leader and a standby. */
export const usualLeaderStrikes: Readonly<Record<LeaderStrikeKind, number>> = {
  killLeader: 15,
  loseLeadership: 15,
  loseZooKeeper: 10,
  hideZooKeeper: 10,
  wipeZooKeeper: 15,
  spoilGraph: 5,
  cutOff: 10,
};

/** What a world is drawn with: how many of all jobs, or ends of a JobManager, are so. */
export const usualShares = {
  /** Jobs whose main() ends its JobManager, seldom or always. */
  killers: 0.04,
  /** Jobs whose jar is in the image. */
  baked: 0.1,
  /** JobManagers that end by themselves and start again in their task, at the same address. */
  inPlace: 0.33,
  /** Snapshots that Flink refuses, because they are of another job graph. */
  odd: 0.5,
  /** Savepoints that are complete although the end that they were for did not come. */
  vain: 0.7,
  /** Jobs of which the manifest wants savepoints by schedule. */
  scheduled: 0.3,
  /** Jobs of which it wants what is left of earlier attempts deleted. */
  garbage: 0.4,
  /** Jobs of which two restarts by Flink are told. */
  touchy: 0,
} as const;

/** Those of a profile. */
export const sharesOf = ({ profile }: { readonly profile: Profile }): Record<keyof typeof usualShares, number> => ({
  ...usualShares,
  ...profile.shares,
});

/** How often people do what, in the same trouble. */
export const usualDeeds: Readonly<Record<DeedKind, number>> = {
  order: 60,
  deployManifest: 6,
  cancelByHand: 2,
  stopByHand: 1.3,
  saveByHand: 2,
  submitByHand: 3,
  sleep: 1,
  twoWanted: 1,
  moveService: 1,
  reconfigure: 0.7,
};
