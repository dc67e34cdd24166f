import { lightPace } from './pace.ts';
import type { Profile } from './profiles.ts';
import { each, effect, effects, look } from './rates.ts';
import { usualDeeds, usualLeaderStrikes, usualStrikes } from './world/usual.ts';

/** All of it; what would be met in one run of a hundred is drawn more often, so that any 500 runs meet all of it. */
export const heavy: Profile = {
  faults: {
    ...effects(effect),
    'flink.run': { ...effect, lost: 0.03, 'reply lost': 0.04, late: 0.2, freeze: 0.08 },
    'ecs.look': { ...look, stale: 0.03 },
    'flink.jobState': { ...look, stale: 0.02 },
    'flink.savepoint': { ...effect, 'reply lost': 0.25, late: 0.08, crash: 0.1 },
    snapshots: each(0.02, 'lost', 'slow', 'error', 'freeze', 'crash'),
  },
  strikes: { ...usualStrikes, ...usualLeaderStrikes },
  people: usualDeeds,
};

/** The usual: all of it in half the time. What is seldom seen happens more often in what is left. */
export const uniform: Profile = {
  ...heavy,
  faults: { ...heavy.faults, 'flink.savepoint': { ...heavy.faults['flink.savepoint'], crash: 0.2 } },
  strikes: {
    ...usualStrikes,
    ...usualLeaderStrikes,
    failAgain: 40,
    failCheckpoints: 90,
    crashTaskManagers: 14,
    loseTaskManagers: 14,
    giveUp: 40,
    kill: 60,
    restoreBackup: 4,
    loseZooKeeper: 20,
    hide: 60,
    spoilJar: 9,
    loseDatabase: 5,
    hangDatabase: 5,
    loseItem: 3,
    loseTable: 6,
    killSaving: 30,
    killLeader: 60,
    loseLeadership: 40,
    wipeZooKeeper: 40,
  },
  people: { ...usualDeeds, order: 70, stopByHand: 2 },
  shares: { garbage: 1, inPlace: 0.5, vain: 0.9 },
  pace: lightPace,
};
