import { dayPace } from './pace.ts';
import type { Profile } from './profiles.ts';
import { each } from './rates.ts';

/**
 * A day of clusters that are well: ticks that come late, twice or not at all, answers that are slow, a deployment of the
 * JobManager and a TaskManager that is replaced. None of it needs a person.
 */
const healthy: Profile = {
  faults: { other: each(0.004, 'slow'), flink: { slow: 0.01 }, store: { slow: 0.002 } },
  strikes: {},
  people: {},
  shares: { killers: 0, odd: 0 },
  ha: 0,
  pace: dayPace,
  isHealthy: true,
};

/** How jobs are, and are told to be. */
export const profilesOfHealth: Readonly<Record<string, Profile>> = { healthy };
