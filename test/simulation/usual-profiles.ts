import { halfPace, lightPace } from './pace.ts';
import type { Profile } from './profiles.ts';
import { each, effect, effects, look, times } from './rates.ts';
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

/** All of it in half the time. What is seldom seen happens more often in what is left. */
export const lasting: Profile = {
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
  pace: halfPace,
};

/** The usual: all of it in a third of the time. */
export const uniform: Profile = {
  ...lasting,
  faults: {
    ...Object.fromEntries(Object.entries(lasting.faults).map(([name, rates]) => [name, times(1.25, rates)])),
    other: times(1.25, lasting.faults.other),
    'flink.run': { ...lasting.faults['flink.run'], lost: 0.15, 'reply lost': 0.15, late: 0.27, slow: 0.12 },
    'flink.savepoint': { ...lasting.faults['flink.savepoint'], 'reply lost': 0.3, late: 0.16, crash: 0.5 },
  },
  strikes: {
    ...times(1.25, lasting.strikes),
    kill: 95,
    failCheckpoints: 260,
    crashTaskManagers: 45,
    loseTaskManagers: 30,
    jamMany: 80,
    loseZooKeeper: 110,
    loseDatabase: 8,
    hangDatabase: 9,
    loseLeadership: 140,
    refuseSavepoints: 24,
    killSaving: 70,
    spoilGraph: 14,
  },
  people: { ...times(1.25, lasting.people), order: 150, stopByHand: 6, saveByHand: 4 },
  shares: { ...lasting.shares, inPlace: 0.65, odd: 0.85, touchy: 0.7 },
  pace: lightPace,
};
