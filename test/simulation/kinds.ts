import { type FaultKind, type Profile, profileOf } from './profiles.ts';
import type { StateName } from './sometimes.ts';
import type { DeedKind, LeaderStrikeKind, StrikeKind } from './world/usual.ts';

/** What shows that a kind of fault happens: taken out, nothing reaches this state any more. */
const ofFaults: Readonly<Record<FaultKind, StateName>> = {
  lost: 'a POST lost',
  'reply lost': 'a POST carried out, its answer lost',
  late: 'a POST arrives after its caller gave up',
  slow: 'a slow answer',
  stale: 'an old answer',
  error: 'a port refuses without being asked',
  freeze: 'an owner wakes up and was overtaken',
  crash: 'an invocation dies in the middle',
};

const ofStrikes: Readonly<Record<StrikeKind | LeaderStrikeKind, StateName>> = {
  kill: 'a JobManager is killed',
  freeze: 'a JobManager stands still',
  crashLoop: 'a crash loop',
  roll: 'a new task definition, and no new configuration',
  stumble: 'a job in another state than RUNNING',
  fail: 'a job failed',
  failAgain: 'a restart loop',
  giveUp: 'a job is held by its restarts',
  failCheckpoints: 'checkpoints that fail',
  jam: 'a stuck job is started again',
  jamMany: 'most jobs of a cluster are stuck at once',
  hide: 'the list lacks a job that its id knows',
  loseTaskManagers: 'somebody ends the TaskManagers',
  crashTaskManagers: 'the TaskManagers crash again and again',
  loseDatabase: 'main() threw',
  hangDatabase: 'main() takes longer than it may',
  spoilJar: 'a jar is none',
  outage: 'an outage',
  loseTable: 'a table lost',
  loseItem: 'an item lost',
  restoreBackup: 'a backup restored',
  loseMetadata: 'the metadata of a snapshot lost',
  loseSnapshots: 'all snapshots of a job lost',
  denySnapshots: 'the snapshots cannot be read',
  refuseSavepoints: 'Flink can write no savepoint',
  killSaving: 'a JobManager ends in the middle of a savepoint',
  killLeader: 'a leader is killed',
  loseLeadership: 'a leader loses its session',
  loseZooKeeper: 'ZooKeeper is away',
  hideZooKeeper: 'ZooKeeper cannot be reached by us alone',
  wipeZooKeeper: 'ZooKeeper begins anew',
  spoilGraph: 'a leader cannot recover a job',
  cutOff: 'a leader cannot be reached by us alone',
};

const ofDeeds: Readonly<Record<DeedKind, StateName>> = {
  order: 'an order is over',
  deployManifest: 'a manifest is deployed',
  cancelByHand: 'a person cancels a job',
  stopByHand: 'a person stops a job with a savepoint',
  saveByHand: 'a person takes a savepoint',
  submitByHand: 'a person starts a copy',
  sleep: 'a cluster is scaled to 0',
  twoWanted: 'a service wants two',
  moveService: 'a cluster moves to another service',
  reconfigure: 'a cluster is configured anew',
};

const uniform = profileOf();

const withoutFault = (kind: string): Profile => ({
  ...uniform,
  faults: {
    other: { ...uniform.faults.other, [kind]: 0 },
    ...Object.fromEntries(Object.entries(uniform.faults).map(([name, rates]) => [name, { ...rates, [kind]: 0 }])),
  },
});

/** `without`: the usual profile in which it never happens. */
export type Kind = { readonly name: string; readonly state: StateName; readonly without: Profile };

/** Each kind of fault, strike and deed with its state, and the usual profile without it. */
export const kinds: readonly Kind[] = [
  ...Object.entries(ofFaults).map(([kind, state]) => ({ name: `fault ${kind}`, state, without: withoutFault(kind) })),
  ...Object.entries(ofStrikes).map(([kind, state]) => {
    const without = { ...uniform, strikes: { ...uniform.strikes, [kind]: 0 } };
    return { name: `strike ${kind}`, state, without };
  }),
  ...Object.entries(ofDeeds).map(([kind, state]) => {
    const without = { ...uniform, people: { ...uniform.people, [kind]: 0 } };
    return { name: `deed ${kind}`, state, without };
  }),
];
