import { usualPace } from './pace.ts';
import type { Profile } from './profiles.ts';
import { each } from './rates.ts';

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

/** Jobs that end unseen, before anybody heard of their checkpoints, and their JobManager after them. */
const fleeting: Profile = {
  faults: { ...few, 'flink.checkpoints': each(0.5, 'error', 'lost'), 'flink.jobs': each(0.1, 'error') },
  strikes: { roll: 120, kill: 10 },
  people: { stopByHand: 60 },
  hasEvents: false,
  isWatched: false,
};

/** Savepoints by schedule and by order, of jobs that are restarted and lost, beside those that people take. */
const scheduled: Profile = {
  faults: few,
  strikes: { kill: 60, killSaving: 40, refuseSavepoints: 20, loseMetadata: 10 },
  people: { order: 240, saveByHand: 60, deployManifest: 20 },
  shares: { scheduled: 1 },
};

/** Calls for savepoints that are carried out long after their caller gave up. */
const belated: Profile = {
  faults: { ...few, 'flink.savepoint': each(0.4, 'late') },
  strikes: {},
  people: { order: 240 },
  shares: { scheduled: 1 },
};

/** A table that is lost, while savepoints are taken that take long. */
const oblivious: Profile = {
  faults: few,
  strikes: { loseTable: 60, loseItem: 60 },
  people: { order: 240 },
  shares: { scheduled: 1 },
};

/** What many lost attempts left, of which much is deleted by others. */
const littered: Profile = {
  faults: { ...few, 'flink.checkpoints': each(0.2, 'error', 'lost') },
  strikes: { kill: 120, loseSnapshots: 200, loseMetadata: 60 },
  people: { order: 60, deployManifest: 20 },
  shares: { garbage: 1 },
};

/** Jobs whose few snapshots are cut, and that the table forgets before their JobManager ends. */
const bereft: Profile = {
  faults: few,
  strikes: { kill: 60, loseItem: 120, loseTable: 60, loseMetadata: 480 },
  people: {},
  pace: { ...usualPace, episodes: [2], troubleMs: [[240_000, 420_000]], checkpointMs: [300_000, 900_000] },
};

/** For what keeps a job's state. */
export const profilesOfState: Readonly<Record<string, Profile>> = {
  stateful,
  unreadable,
  choosy,
  fleeting,
  scheduled,
  belated,
  oblivious,
  littered,
  bereft,
};
