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

/** For what high availability asks for. */
export const profilesOfLeaders: Readonly<Record<string, Profile>> = { led };
