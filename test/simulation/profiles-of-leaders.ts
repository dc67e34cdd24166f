import type { Profile } from './profiles.ts';
import { each, effect, effects } from './rates.ts';
import { usualDeeds, usualLeaderStrikes, usualStrikes } from './world/usual.ts';

/** Clusters with a leader and a standby alone, and all that may become of the two and of their ZooKeeper. */
const led: Profile = {
  faults: { ...effects(effect), leaders: each(0.01, 'lost', 'error', 'slow') },
  strikes: { ...usualStrikes, ...usualLeaderStrikes },
  people: usualDeeds,
  led: true,
};

const few: Profile['faults'] = { other: each(0.002, 'lost', 'slow', 'error', 'freeze', 'crash') };

/** Leaders that change all the time, also while something is done on one, and a table that is lost between. */
const restless: Profile = {
  faults: { ...few, 'store.commit': each(0.2, 'slow', 'freeze'), 'flink.upload': each(0.2, 'slow') },
  strikes: { loseLeadership: 300, killLeader: 60, loseTable: 60 },
  people: { order: 60 },
  led: true,
};

/** A ZooKeeper that begins anew again and again, while people give orders. */
const wiped: Profile = {
  faults: few,
  strikes: { wipeZooKeeper: 500, hideZooKeeper: 20, loseLeadership: 20 },
  people: { order: 120 },
  led: true,
};

/** A ZooKeeper that the autopilot cannot reach while there is work to do, and the leader changes. */
const unasked: Profile = {
  faults: few,
  strikes: { hideZooKeeper: 400, killLeader: 60, wipeZooKeeper: 60 },
  people: { order: 240 },
  led: true,
};

/** Jobs that end while nobody looks, under leaders that others follow who know nothing of them. */
const succeeded: Profile = {
  faults: few,
  strikes: { fail: 120, loseLeadership: 200, killLeader: 60 },
  people: { cancelByHand: 200, stopByHand: 120 },
  hasEvents: false,
  isWatched: false,
  led: true,
};

/** A ZooKeeper that the autopilot may never ask, under leaders that change, recover slowly and lose all that they knew. */
const listed: Profile = {
  faults: few,
  strikes: { loseLeadership: 240, killLeader: 60, wipeZooKeeper: 20, loseZooKeeper: 20, loseTable: 30, fail: 20 },
  people: { order: 60, cancelByHand: 20 },
  led: true,
  rest: true,
};

/** For what high availability asks for. */
export const profilesOfLeaders: Readonly<Record<string, Profile>> = {
  led,
  restless,
  wiped,
  unasked,
  succeeded,
  listed,
};
