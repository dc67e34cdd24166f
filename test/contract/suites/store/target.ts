import assert from 'node:assert/strict';
import type { ClusterMemory, LogEntry } from '../../../../lib/core/model.ts';
import type { Changes, Lease, Store } from '../../../../lib/ports.ts';
import { emptyChanges } from './examples.ts';

/** A store, and a way to look at its audit trail. `cluster` gives a name that was never used before. */
export type StoreTarget = {
  readonly store: Store;
  readonly cluster: () => string;
  readonly log: (cluster: string) => Promise<readonly LogEntry[]>;
};

/** The present of the suites. */
export const T = 1_700_000_000_000;
export const soon = () => Date.now() + 10_000;

/** The lease, which is free. */
export const take = async ({ store }: StoreTarget, cluster: string, owner = 'a', nowMs = T): Promise<Lease> => {
  const lease = await store.acquire(cluster, { owner, nowMs, untilMs: nowMs + 20_000 }, soon());
  assert(lease !== undefined, 'the lease was busy');
  return lease;
};

/** Commits these changes and the lease until `untilMs`. */
export const save = (
  { store }: StoreTarget,
  lease: Lease,
  changes: Partial<Changes>,
  untilMs = lease.untilMs + 5_000,
) => store.commit(lease, { ...emptyChanges, ...changes }, untilMs, T, soon());

export const EMPTY: ClusterMemory = { jobs: {}, incidents: [], orders: [] };
