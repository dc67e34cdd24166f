import { closePace } from './pace.ts';
import type { Profile } from './profiles.ts';
import { each, effect, effects } from './rates.ts';
import { usualDeeds, usualStrikes } from './world/usual.ts';

/** Jobs that end their JobManager, each beside others whose main() is under way. */
const lethal: Profile = {
  faults: effects(effect),
  strikes: { kill: 10 },
  people: { deployManifest: 10 },
  shares: { killers: 0.3 },
};

/** Late POSTs of jars that are in every process, while one process follows another at the same address. */
const baked: Profile = {
  faults: {
    ...effects(each(0.03, 'freeze')),
    'store.commit': each(0.1, 'freeze'),
    'flink.run': each(0.3, 'late', 'freeze'),
    other: each(0.01, 'freeze'),
  },
  strikes: { kill: 120 },
  people: { order: 20 },
  shares: { baked: 0.7, inPlace: 0.8 },
};

/** A main() whose database says nothing for hours, on a JobManager that lives on. */
const hanging: Profile = {
  faults: effects(each(0.01, 'error', 'crash')),
  strikes: { hangDatabase: 120 },
  people: {},
};

/** Slow looks before submissions that take their whole time. */
const slow: Profile = {
  faults: { ...effects(each(0.5, 'slow')), 'flink.run': each(0.3, 'lost', 'late'), other: each(0.4, 'slow') },
  strikes: { kill: 150 },
  people: { order: 30 },
};

/** Owners that freeze between their intent and their way to Flink, while the process there is replaced in its task. */
const replaced: Profile = {
  faults: { 'store.commit': each(0.15, 'freeze'), other: {} },
  strikes: { kill: 60 },
  people: {},
  shares: { inPlace: 0.8 },
};

/** A topic that mostly refuses, while what is to be told comes and goes. */
const muffled: Profile = {
  faults: { ...effects({}), alerts: each(0.4, 'error', 'lost'), other: {} },
  strikes: { kill: 60, spoilJar: 240 },
  people: { order: 60, cancelByHand: 30 },
};

/** Restarts, while the jars that they need are away. */
const jarless: Profile = {
  faults: { ...effects(effect), jars: each(0.3, 'error', 'lost') },
  strikes: { ...usualStrikes, spoilJar: 120, outage: 20 },
  people: { ...usualDeeds, order: 400 },
};

/** Jobs that Flink restarts again and again, on JobManagers that mostly live on. */
const looping: Profile = {
  faults: { ...effects(effect), flink: each(0.02, 'lost', 'error') },
  strikes: { failAgain: 30, kill: 3, freeze: 3, hide: 20 },
  people: { order: 10, cancelByHand: 2 },
};

/** Jobs that fail, most of them again after each start. */
const failing: Profile = {
  faults: effects(effect),
  strikes: { giveUp: 20, fail: 20, kill: 3, spoilJar: 1 },
  people: { order: 5, cancelByHand: 3 },
};

/** Tasks that are replaced by deployments and taken back by Spot, one after the other, and none that crashes. */
const deployed: Profile = {
  faults: { other: each(0.002, 'slow', 'error') },
  strikes: { roll: 40, loseTaskManagers: 40 },
  people: { order: 5 },
};

/** JobManagers and TaskManagers that end by themselves again and again, while jobs wait for them. */
const crashing: Profile = {
  faults: effects(each(0.005, 'error', 'crash')),
  strikes: { crashLoop: 8, kill: 20, crashTaskManagers: 20 },
  people: { order: 5 },
  shares: { inPlace: 0.1 },
};

/** Jobs whose checkpoints fail or hang, on JobManagers that mostly live on, and answers that are old or missing. */
const unwritten: Profile = {
  faults: { ...effects(effect), 'flink.checkpoints': each(0.05, 'lost', 'error'), other: each(0.005, 'lost', 'stale') },
  strikes: { failCheckpoints: 60, failAgain: 3, kill: 2, freeze: 2, hide: 10 },
  people: { order: 6, cancelByHand: 1 },
  pace: closePace,
};

/** Jobs that are stuck, alone or many at once, beside those that Flink heals. */
const jammed: Profile = {
  faults: { ...effects(effect), flink: each(0.02, 'lost', 'error') },
  strikes: { jam: 60, stumble: 40, kill: 3, denySnapshots: 5 },
  people: { order: 5 },
};

const jammedMany: Profile = {
  faults: effects(effect),
  strikes: { jam: 30, jamMany: 40, kill: 3 },
  people: {},
};

/** Each for a guard or two, which are needed where one thing happens much more often than usual. */
export const sharpProfiles: Readonly<Record<string, Profile>> = {
  lethal,
  baked,
  hanging,
  slow,
  replaced,
  muffled,
  jarless,
  looping,
  failing,
  deployed,
  crashing,
  unwritten,
  jammed,
  'jammed-many': jammedMany,
};
