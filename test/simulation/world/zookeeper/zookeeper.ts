import type { Random } from '../../../support/virtual-time.ts';
import type { Process } from '../flink/process.ts';

/** What the JobManagers of a cluster with high availability keep in ZooKeeper, beside the jobs that are to be recovered. */
export type ZooKeeper = {
  /** New with every beginning of the cluster's node. */
  memory: string;
  /** The node of the leader stays until the session of a killed one ends. */
  leader?: { readonly process: Process; readonly session: string };
  /** Nobody can ask it, nor lead, before then. */
  awayUntilMs: number;
  /** The autopilot alone cannot reach it before then. */
  unreachableUntilMs: number;
  /** Whoever leads cannot recover a job before then, and ends. */
  brokenUntilMs: number;
  /** How long the session of a killed process lasts. */
  readonly sessionMs: number;
};

export const createZooKeeper = (random: Random): ZooKeeper => ({
  memory: random.hex(16),
  awayUntilMs: 0,
  unreachableUntilMs: 0,
  brokenUntilMs: 0,
  sessionMs: random.pick(10_000, 40_000, 60_000),
});

/** As the JobManager at an address calls itself there. */
export const rpcOf = (address: string): string => `${address}:6123`;

/** Below its root, by default. */
export const clusterIdOf = (cluster: string): string => `/${cluster}`;
