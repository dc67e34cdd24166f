import type { Profile } from './profiles.ts';
import { each } from './rates.ts';
import { usualDeeds, usualStrikes } from './world/usual.ts';

const few: Profile['faults'] = { other: each(0.002, 'lost', 'slow', 'error', 'freeze', 'crash') };

/** Jobs that are lost with their JobManager again and again, and go on from what they left. */
const stateful: Profile = {
  faults: few,
  strikes: { kill: 80, loseMetadata: 60, loseSnapshots: 20 },
  people: { order: 20 },
};

/** The same, where nobody may look at what they left. */
const unreadable: Profile = {
  faults: { ...few, snapshots: each(0.2, 'lost', 'error') },
  strikes: { kill: 80, denySnapshots: 80 },
  people: {},
};

/** Snapshots of another job graph, which Flink refuses. */
const choosy: Profile = { faults: few, strikes: { kill: 120 }, people: { order: 20 }, shares: { odd: 0.8 } };

/** Stops with savepoints that take long, fail, and are not heard of. */
const saving: Profile = {
  faults: { ...few, 'flink.savepoint': each(0.2, 'lost', 'reply lost', 'late', 'crash') },
  strikes: { ...usualStrikes, kill: 10 },
  people: { ...usualDeeds, order: 200 },
};

/** Jobs that end unseen, before anybody heard of their checkpoints, and their JobManager after them. */
const fleeting: Profile = {
  faults: { ...few, 'flink.checkpoints': each(0.5, 'error', 'lost'), 'flink.jobs': each(0.1, 'error') },
  strikes: { roll: 120, kill: 10 },
  people: { stopByHand: 60 },
  hasEvents: false,
  isWatched: false,
};

/** For what keeps a job's state. */
export const profilesOfState: Readonly<Record<string, Profile>> = {
  stateful,
  unreadable,
  choosy,
  saving,
  fleeting,
};
