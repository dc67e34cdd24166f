import type { Attempt, Job, Storage } from '../../../lib/core/model.ts';
import type { Places } from '../../../lib/core/state/snapshot-places.ts';
import { aCluster, aStatefulJob, aStorage } from '../../support/builders.ts';

type Given = {
  readonly job?: Job;
  readonly attempts?: readonly Attempt[];
  readonly cluster?: Partial<Places['cluster']>;
  /** null: no JobManager answers. */
  readonly storage?: Storage | null;
};

/** Where the snapshots of `orders` may be: as `aStorage` says, unless another thing is given. */
export const places = ({ job = aStatefulJob(), attempts = [], cluster = {}, storage = aStorage() }: Given = {}) => ({
  cluster: aCluster([job], cluster),
  job,
  attempts,
  storage: storage ?? undefined,
});
