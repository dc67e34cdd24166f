import { leaderPath } from './core/leadership.ts';
import type { Cluster, LeaderLook } from './core/model.ts';
import type { Ports } from './ports.ts';

/** Who leads a cluster whose manifest says where that stands; of any other nobody can say it. */
export const lookForLeader = async (
  { leaders }: Pick<Ports, 'leaders'>,
  { leader }: Cluster,
  deadlineMs: number,
): Promise<LeaderLook> => {
  if (leader === undefined || leader === 'rest') return { jobs: [] };
  const { quorum, digest } = leader;
  const place = { quorum, path: leaderPath(leader), ...(digest === undefined ? {} : { digest }) };
  return leaders.look(place, deadlineMs);
};
