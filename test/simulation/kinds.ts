import { deepStrictEqual } from 'node:assert/strict';
import { type FaultKind, type Profile, profileOf } from './profiles.ts';
import { simulate } from './simulate.ts';
import type { DeedKind, StrikeKind } from './world/usual.ts';

/** What shows that a kind of fault happens: taken out, nothing reaches this state any more. */
const ofFaults: Readonly<Record<FaultKind, string>> = {
  lost: 'a POST lost',
  'reply lost': 'a POST carried out, its answer lost',
  late: 'a POST arrives after its caller gave up',
  slow: 'a slow answer',
  stale: 'an old answer',
  error: 'a port refuses without being asked',
  freeze: 'an owner wakes up and was overtaken',
  crash: 'an invocation dies in the middle',
};

const ofStrikes: Readonly<Record<StrikeKind, string>> = {
  kill: 'a JobManager is killed',
  freeze: 'a JobManager stands still',
  crashLoop: 'a crash loop',
  roll: 'a new task definition, and no new configuration',
  stumble: 'a job in another state than RUNNING',
  fail: 'a job failed',
  hide: 'the list lacks a job that its id knows',
  loseTaskManagers: 'the TaskManagers are gone',
  loseDatabase: 'main() threw',
  hangDatabase: 'main() takes longer than it may',
  spoilJar: 'a jar is none',
  outage: 'an outage',
  loseTable: 'a table lost',
  loseItem: 'an item lost',
  restoreBackup: 'a backup restored',
};

const ofDeeds: Readonly<Record<DeedKind, string>> = {
  order: 'an order is over',
  deployManifest: 'a manifest is deployed',
  cancelByHand: 'a person cancels a job',
  stopByHand: 'a person stops a job with a savepoint',
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

/** Each kind with its state, and the profile that lacks it. */
const kinds: readonly (readonly [string, string, Profile])[] = [
  ...Object.entries(ofFaults).map(([kind, state]) => [kind, state, withoutFault(kind)] as const),
  ...Object.entries(ofStrikes).map(
    ([kind, state]) => [kind, state, { ...uniform, strikes: { ...uniform.strikes, [kind]: 0 } }] as const,
  ),
  ...Object.entries(ofDeeds).map(
    ([kind, state]) => [kind, state, { ...uniform, people: { ...uniform.people, [kind]: 0 } }] as const,
  ),
];

const runsThatReach = async (profile: Profile, seeds: number): Promise<ReadonlyMap<string, number>> => {
  const counts = new Map<string, number>();
  for (let seed = 1; seed <= seeds; seed += 1)
    for (const state of (await simulate(seed, profile)).sometimes) counts.set(state, (counts.get(state) ?? 0) + 1);
  return counts;
};

/** `node test/simulation/kinds.ts [SEEDS]`: every kind of fault, taken out, fails its counter; exits 1 where one does not. */
const seeds = Number(process.argv[2] ?? 500);
Error.stackTraceLimit = 0;
const all = await runsThatReach(uniform, seeds);
const wrong: string[] = [];
for (const [kind, state, profile] of kinds) {
  const left = (await runsThatReach(profile, seeds)).get(state) ?? 0;
  const isShown = left === 0 && (all.get(state) ?? 0) > 0;
  if (!isShown) wrong.push(kind);
  console.log(
    `${isShown ? 'ok' : 'NO'}  ${kind}: ${all.get(state) ?? 0} of ${seeds} reach "${state}", without it ${left}`,
  );
}
deepStrictEqual(wrong, []);
