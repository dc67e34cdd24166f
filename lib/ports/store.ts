import type { Samples } from '../core/health/samples.ts';
import type { ClusterMemory, Incident, JobMemory, LogEntry, Order, Pause } from '../core/model.ts';

/** The right to work on a cluster. `fence` grows with every owner; `bell` is the count of rings when it was read. */
export type Lease = {
  readonly cluster: string;
  readonly owner: string;
  readonly fence: number;
  readonly bell: number;
  readonly untilMs: number;
};

/** Who holds a lease: somebody who came to wait stays until `staysUntilMs` if there is a reason, a look only leaves at once. */
export type Owner = { readonly staysUntilMs?: number };

/** The lease ends by itself at `untilMs`, unless it is renewed. */
export type Holder = Owner & { readonly untilMs: number };

export type Claim = Owner & { readonly owner: string; readonly nowMs: number; readonly untilMs: number };

/** What one pass writes. Jobs by name. */
export type Changes = {
  readonly jobs: Readonly<Record<string, JobMemory>>;
  readonly incidents: readonly Incident[];
  readonly log: readonly LogEntry[];
  /** Ids of orders that this pass carried out or dropped: deleted with it. */
  readonly consumed?: readonly string[];
  /** The cluster's pause as it is now; `null` takes it away, absent leaves it. */
  readonly pause?: Pause | null;
  /** Of the live jobs' health, all of them; absent leaves what there is. */
  readonly samples?: Samples;
};

/** One DynamoDB table. Reads are strongly consistent. `conflict` = someone else owns the lease now. */
export type Store = {
  /** The lease until `untilMs`, when nobody holds it at `nowMs`; undefined = busy. */
  acquire(cluster: string, claim: Claim, deadlineMs: number): Promise<Lease | undefined>;
  /** Rings the bell of the owner, who is described; undefined = nobody holds the lease at `nowMs` (nothing was written). */
  ring(cluster: string, nowMs: number, deadlineMs: number): Promise<Owner | undefined>;
  /** Who holds the lease at `nowMs`; undefined = nobody. Changes nothing. */
  holder(cluster: string, nowMs: number, deadlineMs: number): Promise<Holder | undefined>;
  /** `invalid` SCHEMA_NEWER: an item is of a newer schema and is refused whole. */
  load(cluster: string, deadlineMs: number): Promise<ClusterMemory>;
  /** One transaction: the lease (still ours, same fence, extended to `untilMs`) and all changes. */
  commit(lease: Lease, changes: Changes, untilMs: number, nowMs: number, deadlineMs: number): Promise<Lease>;
  /** Writes a person's order; needs no lease. */
  order(cluster: string, order: Order, deadlineMs: number): Promise<void>;
  /** The audit trail, newest first, at most `limit` entries older than `beforeMs`. */
  history(
    cluster: string,
    page: { readonly limit: number; readonly beforeMs?: number },
    deadlineMs: number,
  ): Promise<readonly LogEntry[]>;
  /** Names of the clusters that this stack looks after or did, and has not forgotten. */
  clusters(deadlineMs: number): Promise<readonly string[]>;
  /** Adds a name to these; needs no lease. */
  addCluster(cluster: string, deadlineMs: number): Promise<void>;
  /** Takes it away; all else that is kept of the cluster stays. */
  forgetCluster(cluster: string, deadlineMs: number): Promise<void>;
  /** undefined = released; otherwise the bell rang meanwhile and the lease is still ours, with the new count. */
  release(lease: Lease, deadlineMs: number): Promise<Lease | undefined>;
};
