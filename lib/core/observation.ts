import type { CheckpointFailures, CheckpointUnderWay, HealthFigures, NewestFile } from './health/figures.ts';
import type { EcsView, TaskManagersView } from './tasks/ecs-view.ts';

/** What the outside world was seen as in one look. Readonly records; what is unknown is said, never guessed. */

export type Reason = { readonly code: string; readonly text: string };

/** An answer, or why there is none. Unknown is never absence. */
export type Seen<T> = { readonly known: true; readonly value: T } | { readonly known: false; readonly because: Reason };

/** One JobManager process: a container may restart inside its task under the same ARN and address. */
export type Incarnation = {
  readonly taskArn: string;
  readonly address: string;
  /** `flink-web-<uuid>` of `web.tmpdir` in `/jobmanager/config`: new with every process. */
  readonly process: string;
  /** It led then. */
  readonly led?: Leadership;
  /** Nobody could say which of them led (`leader: rest`): the processes that answered then, this one among them, in order. */
  readonly peers?: readonly string[];
};

/** Under high availability: `session` is new with every leadership, `memory` with every beginning of what Flink keeps in ZooKeeper to recover jobs. */
export type Leadership = { readonly session: string; readonly memory: string };

/** What ZooKeeper says of a cluster with high availability. */
export type LeaderLook = {
  /** Absent: nobody leads now. `rpc` is `host:port` as that JobManager calls itself. */
  readonly leader?: Leadership & { readonly rpc: string };
  /** Jobs that Flink has not given up: a leader brings them back. */
  readonly jobs: readonly string[];
};

/** A job in Flink's `/jobs/overview`. `state` is Flink's own word, also one we don't know. */
export type FlinkJob = {
  readonly jobId: string;
  readonly name: string;
  readonly state: string;
  readonly tasksRunning: number;
  /** Tasks that have not finished. */
  readonly tasksTotal: number;
  /** When one of its tasks changed last, by Flink's clock. */
  readonly changedMs?: number;
};

/** Who answers at a JobManager's address, from `/jobmanager/config` and `/config`. */
export type JobManagerIdentity = {
  readonly process: string;
  readonly version: string;
  readonly submission: boolean;
  /** `high-availability.type`, lower case; `none` when unset. */
  readonly ha: string;
  /** With ZooKeeper: its servers, its own node there, the `host:port` of its RPC, by which it is named there, and how long its session outlives it where that is set. */
  readonly zookeeper?: {
    readonly quorum: string;
    readonly path: string;
    readonly rpc: string;
    readonly sessionMs?: number;
  };
  readonly storage: Storage;
};

/** Where the cluster's own configuration says that snapshots go, and what becomes of them; a job may say otherwise. */
export type Storage = {
  /** `execution.checkpointing.dir` (`state.checkpoints.dir`), as it stands there. */
  readonly checkpointDir?: string;
  /** `execution.checkpointing.savepoint-dir` (`state.savepoints.dir`). */
  readonly savepointDir?: string;
  /** `s3.entropy.key`: stands in a directory, and is taken out of the paths of `_metadata`. */
  readonly entropyKey?: string;
  /** `execution.checkpointing.create-subdir` (`state.checkpoints.create-subdir`) is false: no directory for each job. */
  readonly flat?: true;
  /** `execution.checkpointing.num-retained` (`state.checkpoints.num-retained`), 1 when unset. */
  readonly retained: number;
};

/**
 * A complete checkpoint or savepoint. `id` is its checkpoint id, which grows within an attempt and goes on after a restore.
 */
export type Snapshot = {
  readonly kind: 'checkpoint' | 'savepoint';
  /** As Flink names it: the directory that holds `_metadata`. */
  readonly path: string;
  readonly id: number;
  /** When it was complete, by the clock of Flink or of the file store. */
  readonly atMs: number;
  readonly sizeBytes?: number;
  /** A checkpoint that holds records in flight: it binds to the Flink version that wrote it. */
  readonly unaligned?: true;
  /** A savepoint that ended its job (`flink stop`). */
  readonly stopped?: true;
  /** One of the autopilot's own that were too many: Flink was asked then to delete it. */
  readonly disposedMs?: number;
};

/** A snapshot of a job's own lineage, with the attempt that wrote it; its `_metadata` was there and readable in this look. */
export type Found = Snapshot & { readonly attempt: number };

/** A search for a job's snapshots that went through, at least as far as the newest one. */
export type Search = {
  /** Newest first. */
  readonly found: readonly Found[];
  /** Why there may be others that are older than those found. */
  readonly partial?: Reason;
  /** Where it looked. */
  readonly directories: readonly string[];
  /** The highest attempt that left a directory; 0 = none did. */
  readonly highest: number;
  /** Where nothing complete was found: the newest attempt on no record that left files all the same. */
  readonly written?: { readonly n: number; readonly jobId: string; readonly directory: string };
};

/** A directory of an earlier attempt, as far as its files were counted. */
export type Left = { readonly path: string; readonly bytes: number; readonly files: number; readonly more: boolean };

/** What was found where a job's snapshots are. */
export type Checked = { readonly expiry: Seen<string | undefined>; readonly left: Seen<readonly Left[]> };

/** What Flink says of a job's snapshots, from `/jobs/:id/checkpoints`. Gone with the JobManager. */
export type Checkpoints = {
  /** Completed ones in this life of the job, also those that are not externally addressable. */
  readonly completed: number;
  /** With a path of its own, complete and not discarded; newest first. */
  readonly snapshots: readonly Snapshot[];
  /** What this life of the job began from. */
  readonly restored?: { readonly path?: string; readonly id: number };
  readonly failing?: CheckpointFailures;
  readonly underWay?: CheckpointUnderWay;
};

/** How a job takes checkpoints, from `/jobs/:id/checkpoints/config`. */
export type CheckpointConfig = {
  /** Absent: it takes none by itself. */
  readonly intervalMs?: number;
  readonly timeoutMs: number;
  readonly toleratedFailures: number;
  /** What becomes of the last ones when the job is cancelled. none: they go with the job however it ends. */
  readonly retention: 'retain' | 'delete' | 'none';
  /** Completed ones lie in the JobManager's memory and go with its process. */
  readonly inMemory: boolean;
  /** An unaligned checkpoint binds to the Flink version that wrote it. */
  readonly unaligned: boolean;
};

/** What came of a savepoint that was asked for. unknown: Flink has no such trigger (any more). */
export type SavepointStatus =
  | { readonly state: 'in-progress' | 'unknown' }
  | { readonly state: 'completed'; readonly path: string }
  | { readonly state: 'failed'; readonly because: string };

export type Slots = { readonly free: number; readonly total: number };

/** What one JobManager process said of itself and its jobs in one look. */
export type FlinkView = HealthFigures & {
  readonly incarnation: Incarnation;
  readonly identity: JobManagerIdentity;
  readonly jobs: Seen<readonly FlinkJob[]>;
  readonly slots: Seen<Slots>;
  /** For our own ids that the list lacks: Flink's answer by id (`absent` = 404). */
  readonly byId: Readonly<Record<string, Seen<string>>>;
  /** For our own ids in the list: what Flink says of their snapshots, and once of how they take them. */
  readonly checkpoints: Readonly<Record<string, Seen<Checkpoints>>>;
  readonly checkpointConfigs: Readonly<Record<string, Seen<CheckpointConfig>>>;
  /** It leads, and a leader brings these jobs back: they are live, whatever it lists. */
  readonly recovers?: readonly string[];
  /** By trigger id, for savepoints of ours that are under way. */
  readonly savepoints: Readonly<Record<string, Seen<SavepointStatus>>>;
};

/** A jar in its store: `version` is the versionId where there is one, else the ETag. */
export type JarSeen =
  | { readonly present: true; readonly version: string; readonly sizeBytes: number }
  | { readonly present: false };

export type Observation = {
  readonly ecs: Seen<EcsView>;
  /** Of a cluster with TaskManager services, as the first look of this invocation saw them. */
  readonly taskManagers?: Seen<TaskManagersView>;
  /** Of a cluster whose manifest has a `leader`. */
  readonly leader?: Seen<LeaderLook>;
  /** By task ARN, for every JobManager task with an address that is not stopped. */
  readonly flink: Readonly<Record<string, Seen<FlinkView>>>;
  /** By job, for those that are about to start: complete snapshots of its lineage, newest first, at most as many as one may step back. */
  readonly snapshots?: Readonly<Record<string, Seen<Search>>>;
  /** By job, for those whose daily check is due. */
  readonly checks?: Readonly<Record<string, Checked>>;
  /** By job, for those whose output is watched, and was looked at now: undefined where no file is finished. */
  readonly outputs?: Readonly<Record<string, Seen<NewestFile | undefined>>>;
  /** By jar URI. */
  readonly jars: Readonly<Record<string, Seen<JarSeen>>>;
};
