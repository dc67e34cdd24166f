import type { LeaderLook, SecretText } from '../core/model.ts';

/** Where the JobManagers of a cluster agree on who leads: `host:port,…`, the cluster's own node, and who may read (`user:password`). */
export type LeaderPlace = { readonly quorum: string; readonly path: string; readonly digest?: SecretText };

/**
 * The ZooKeeper of a cluster with high availability. Faults: `transient` LEADER_UNREACHABLE, LEADER_CHANGED (it did while it was looked for);
 * `rejected` LEADER_DENIED, SECRET_MISSING, SECRET_DENIED; `invalid` LEADER_UNPARSABLE (bytes of somebody else: no guess is made).
 */
export type Leaders = { look(at: LeaderPlace, deadlineMs: number): Promise<LeaderLook> };

export type { LeaderLook } from '../core/model.ts';
