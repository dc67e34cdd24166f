import type { CheckpointConfig, JobManagerIdentity, Slots } from '../../../lib/core/model.ts';
import type { Alert } from '../../../lib/ports.ts';

/** What is really so, for those who judge, and who count what runs met; the product knows none of it. */
export type Truth = {
  /** Every job that lives (in any non-terminal state) on any process, wanted, draining or foreign; a new list with each change. */
  readonly copies: readonly JobCopy[];
  /** Every job that ever lived, in the order of their start. */
  readonly starts: readonly Start[];
  /** Every POST of the product whose main() was called, in this order. */
  readonly posts: readonly ReachedPost[];
  /** Those that a process refused before: its jar was not there, or not one. They did nothing. */
  readonly bounced: readonly ReachedPost[];
  /** Every cancel of the product that reached a process. */
  readonly cancels: readonly ReachedCancel[];
  /** Every savepoint of the product that reached a process, once for each trigger. */
  readonly triggers: readonly ReachedTrigger[];
  /** Snapshots that somebody deleted, or a part of them. */
  readonly lostSnapshots: readonly LostSnapshot[];
  /** What the product deleted. */
  readonly deletions: readonly Deletion[];
  /** Every alert that was published; one that was published twice is here twice. */
  readonly alerts: readonly PublishedAlert[];
  /** What the webhook took. */
  readonly heard: readonly PublishedAlert[];
  /** Of a lineage, oldest first, as they lie in the bucket now. */
  snapshots(lineage: string): readonly TrueSnapshot[];
  /** What its checkpoints come to when it ends. */
  retention(lineage: string): CheckpointConfig['retention'];
  /** Every JobManager process that ever was. */
  readonly processes: readonly TrueProcess[];
  /** Who led where the manifest has a `leader`, and from when on. */
  readonly leaderships: readonly Leadership[];
  /** What befell a leader or its ZooKeeper, and until when. */
  readonly upsets: readonly Upset[];
  /** What people did, in this order, each by its kind: `order`, `deployManifest`, `cancelByHand`, …. */
  readonly deeds: readonly Deed[];
  /** What the store lost. */
  readonly losses: readonly Loss[];
  /** What EventBridge made of each event: when it rang; nothing = it was dropped. */
  readonly events: readonly Delivery[];
  /** Every task of a service that ended by itself, as ECS says it. */
  readonly crashes: readonly Crash[];
  /** Services that refuse, or do not answer, for a while. */
  readonly outages: readonly Outage[];
  /** Jobs that were stuck from then on, all by one cause. */
  readonly jams: readonly Jam[];
  /** Jobs that fail again and again by themselves. */
  readonly loops: readonly { readonly jobId: string }[];
};

export type Jam = {
  readonly cluster: string;
  readonly atMs: number;
  /** It passes by itself then; absent: they are stuck until they end. */
  readonly untilMs?: number;
  readonly jobIds: readonly string[];
};

/** `flink`: recovered from high availability. */
export type StartedBy = 'autopilot' | 'person' | 'flink';

export type JobCopy = {
  readonly jobId: string;
  /** Of the manifest's job that it is a copy of, also under a foreign id and by an order to adopt it; its own id if it is none. */
  readonly lineage: string;
  /** Its name on Flink. */
  readonly name: string;
  readonly cluster: string;
  readonly process: string;
  /** Flink's word now. */
  readonly state: string;
  readonly sinceMs: number;
  /** How it ended, where its state does not say it. */
  readonly endedHow?: string | undefined;
  readonly by: StartedBy;
};

export type Start = {
  readonly atMs: number;
  readonly copy: JobCopy;
  /** Copies of the same lineage that lived when it started. */
  readonly beside: readonly JobCopy[];
  /** It began empty though its lineage had a complete snapshot, and the product could know that it ran. */
  readonly forgetsState: boolean;
  /** What it began from; absent: from nothing. */
  readonly restored?: Restored;
  /** The manifest says that it may. */
  readonly mayBeEmpty: boolean;
};

export type ReachedPost = {
  readonly jobId: string;
  readonly cluster: string;
  readonly process: string;
  /** The name of the invocation that sent it. */
  readonly invocation: string;
  readonly atMs: number;
  /** The call's deadline: who sent it is gone by then. */
  readonly deadlineMs: number;
  /** High availability of the process: where it is on the product has no business. */
  readonly ha: string;
  /** Where the manifest has a `leader`: whether it was the one, and what it would have brought back. */
  readonly led?: {
    readonly leads: boolean;
    readonly recovers: readonly {
      readonly jobId: string;
      readonly lineage: string | undefined;
      readonly by: StartedBy;
    }[];
  };
  /** How many of the same id were in main() when it came. */
  readonly twins: number;
  /** When its main() ended, and what came of it: `started`, `threw after start`, `executed twice` (its first job runs), `died` (with its process), `killed its process`, or a fault's code. Absent: it runs. */
  endedMs?: number;
  ended?: string;
  /** The path that it is to begin from; absent: from nothing. */
  readonly restore?: string;
  /** The complete snapshots of its lineage when it came, the oldest first. */
  readonly left: readonly TrueSnapshot[];
};

export type ReachedCancel = Pick<ReachedPost, 'jobId' | 'cluster' | 'process' | 'invocation' | 'atMs' | 'ha' | 'led'>;

export type PublishedAlert = {
  readonly key: string;
  readonly cluster: string;
  readonly state: Alert['state'];
  readonly atMs: number;
};

/** A savepoint that the product asked a process for, once for each trigger. */
export type ReachedTrigger = ReachedCancel & {
  readonly triggerId: string;
  /** It was to end its job. */
  readonly stop: boolean;
  /** When it was over; absent: it is under way, or ended with its process. */
  overMs?: number;
  /** Where it is; absent: it failed. */
  path?: string;
  /** It is there although Flink says that it failed: the end that it was for did not come. */
  inVain?: string;
  /** Flink could write nothing where it was to lie. */
  refused?: true;
};

/** What the product had deleted, and that came to be. */
export type Deletion = {
  readonly atMs: number;
  readonly how: 'disposal' | 'removal';
  /** Of a savepoint, or of a directory of checkpoints. */
  readonly path: string;
  /** The name of the invocation that asked for it. */
  readonly invocation: string;
  /** The complete snapshots that were there, the oldest first. */
  readonly gone: readonly TrueSnapshot[];
};

export type TrueSnapshot = Restored & {
  readonly kind: 'checkpoint' | 'savepoint';
  readonly lineage: string;
  /** Of the run that wrote it. */
  readonly jobId: string;
  readonly atMs: number;
  /** Its metadata is there and readable. */
  readonly complete: boolean;
  /** Its metadata is there and ends too early. */
  readonly isCut?: true;
  /** It ended its run. */
  readonly stops?: true;
};

export type LostSnapshot = { readonly path: string; readonly how: 'whole' | 'metadata' | 'cut'; readonly atMs: number };

/** What a job begins from: its id counts on. */
export type Restored = { readonly path: string; readonly id: number };

export type TrueProcess = {
  readonly id: string;
  readonly cluster: string;
  readonly taskArn: string;
  readonly address: string;
  readonly bornMs: number;
  readonly identity: JobManagerIdentity;
  /** What it told of itself last, and whatever became of it since. */
  readonly told?: { readonly slots: Slots };
  /** It was stopped once, and woke then; 0 = never. */
  readonly frozenUntilMs: number;
  readonly endedMs?: number;
  /** Why it ended. */
  readonly endedHow?: string;
};

export type Upset = {
  readonly cluster: string;
  readonly what: 'session' | 'away' | 'unreachable' | 'cut off';
  readonly atMs: number;
  readonly untilMs: number;
};

export type Leadership = {
  readonly cluster: string;
  readonly process: string;
  /** What ZooKeeper keeps began anew with each of these. */
  readonly memory: string;
  readonly atMs: number;
};

export type Deed = { readonly atMs: number; readonly what: string; readonly cluster: string; readonly job?: string };

export type Loss = {
  readonly atMs: number;
  readonly what: 'table' | 'item' | 'backup';
  readonly cluster: string;
};

export type Delivery = { readonly atMs: number; readonly cluster: string; readonly rings: readonly number[] };

export type Crash = { readonly atMs: number; readonly cluster: string; readonly service: string };

export type Outage = {
  readonly port: string;
  readonly code: string;
  readonly fromMs: number;
  readonly untilMs: number;
};
