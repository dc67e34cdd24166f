import { createRandom } from '../support/virtual-time.ts';
import { type FaultKind, type Profile, profileOf } from './profiles.ts';
import type { StateName } from './sometimes.ts';
import { type DeedKind, type LeaderStrikeKind, type StrikeKind, usualLeaderStrikes } from './world/usual.ts';

/** What shows that a kind of fault happens: nothing reaches this state in a run without it. */
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
  kill: 'a JobManager is killed, and nothing else is',
  freeze: 'a JobManager stands still',
  crashLoop: 'a crash loop',
  roll: 'a new task definition, and no new configuration',
  stumble: 'a job is in a state that Flink shows only as it heals it',
  fail: 'the restarts of a job are used up',
  failAgain: 'a job that fails again and again is looked at, and a restart loop told',
  giveUp: 'a job fails again soon after it was started again',
  failCheckpoints: 'checkpoints that fail',
  jam: 'a job that is stuck for good is ended',
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

type Part = 'fault' | 'strike' | 'deed';

/** `name`: its part and its kind, as in `strike kill`. */
export type Kind = { readonly name: string; readonly state: StateName };

/** Each kind of fault, strike and deed with its state. */
export const kinds: readonly Kind[] = Object.entries({ fault: ofFaults, strike: ofStrikes, deed: ofDeeds }).flatMap(
  ([part, states]) => Object.entries(states).map(([kind, state]) => ({ name: `${part} ${kind}`, state })),
);

/** Those that never happen in this run: its seed draws every fifth of all, so that what is left may do whatever the others do. */
export const kindsOutOf = (seed: number): ReadonlySet<string> => {
  const { chance } = createRandom(seed ^ SALT);
  return new Set(kinds.filter(() => chance(SHARE_OUT)).map(({ name }) => name));
};

const SHARE_OUT = 1 / 5;

/** What a seed draws here has nothing to do with what it draws in its run. */
const SALT = 0x2c1b3c6d;

/** The usual profile, in which these never happen. */
export const usualWithout = (out: ReadonlySet<string>): Profile => {
  const uniform = profileOf();
  const left = <T extends Readonly<Record<string, number>>>(part: Part, rates: T): T => ({
    ...rates,
    ...Object.fromEntries(Object.keys(rates).flatMap((kind) => (out.has(`${part} ${kind}`) ? [[kind, 0]] : []))),
  });
  return {
    ...uniform,
    faults: {
      ...Object.fromEntries(Object.entries(uniform.faults).map(([name, rates]) => [name, left('fault', rates)])),
      other: left('fault', uniform.faults.other),
    },
    strikes: left('strike', { ...usualLeaderStrikes, ...uniform.strikes }),
    people: left('deed', uniform.people),
  };
};
