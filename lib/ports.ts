import type {
  Access,
  CheckpointConfig,
  Checkpoints,
  Cluster,
  ClusterMemory,
  EcsView,
  FlinkJob,
  Incarnation,
  Incident,
  JarSeen,
  JobManagerIdentity,
  JobMemory,
  LogEntry,
  Order,
  Pause,
  SavepointStatus,
  SecretText,
  Slots,
} from './core/model.ts';

/**
 * One interface for each outside world, in our own words. Methods take and return plain frozen data, settle by
 * `deadlineMs` (epoch) themselves and throw nothing but `Fault`.
 */
export type Ports = {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly ecs: EcsTasks;
  readonly flink: FlinkRest;
  readonly jars: Jars;
  readonly snapshots: SnapshotFiles;
  readonly secrets: Secrets;
  readonly store: Store;
  readonly alerts: Alerts;
  readonly log: Log;
};

export type Clock = {
  nowMs(): number;
  /** The only timer of `lib/` outside adapters and wiring. */
  sleep(ms: number): Promise<void>;
};

export type Chance = {
  /** `bytes` random bytes in lower-case hex. */
  hex(bytes: number): string;
};

export type EcsTasks = {
  /**
   * ListTasks of both desired statuses for each JobManager service, DescribeTasks of these and of `alsoTasks`,
   * DescribeServices. All or nothing: a partial answer is a Fault (`transient`, `rejected` ECS_DENIED, ECS_CLUSTER_MISSING, ECS_SERVICE_MISSING).
   */
  look(cluster: Cluster, alsoTasks: readonly string[], deadlineMs: number): Promise<EcsView>;
};

/** What a POST /jars/:id/run carries. */
export type RunRequest = {
  /** The only process that may get it, where no jar is its fence: asked on the very connection that carries the call. `transient` PROCESS_CHANGED. */
  readonly process?: string;
  readonly jobId: string;
  readonly mainClass?: string;
  readonly args: readonly string[];
  readonly parallelism?: number;
  readonly flinkConfiguration: Readonly<Record<string, string>>;
  /** What it starts from; absent: from nothing. Its files stay Flink's owner's (`NO_CLAIM`) or become the new job's (`CLAIM`). */
  readonly restore?: {
    readonly path: string;
    readonly claimMode: 'NO_CLAIM' | 'CLAIM';
    readonly allowNonRestoredState: boolean;
  };
};

/** Where and how one JobManager is spoken to: base URL (`http://10.0.1.23:8081`, `https://…`) and the cluster's access. */
export type Endpoint = { readonly url: string } & Access;

/** Flink's REST of one JobManager. Faults: `rejected` FLINK_DENIED (401, 403), FLINK_TLS, SECRET_MISSING, SECRET_DENIED; `transient` (refused, 503, no answer to a GET), `rejected`, `invalid` (unreadable). */
export type FlinkRest = {
  /** `/jobmanager/config` and `/config`. */
  identity(at: Endpoint, deadlineMs: number): Promise<JobManagerIdentity>;
  /** `/jobs/overview`: not cached by Flink. */
  jobs(at: Endpoint, deadlineMs: number): Promise<readonly FlinkJob[]>;
  /** `/jobs/:id`: its state, or `absent` for 404. Up to 3 s old. */
  jobState(at: Endpoint, jobId: string, deadlineMs: number): Promise<string>;
  /** `/overview` */
  slots(at: Endpoint, deadlineMs: number): Promise<Slots>;
  /** Streams that version of the jar to the JobManager and returns its jar id. Faults also: `rejected` JAR_MISSING, JAR_CHANGED, JAR_DENIED, NOT_A_JAR. */
  upload(
    at: Endpoint,
    jar: { readonly uri: string; readonly version: string; readonly sizeBytes: number },
    deadlineMs: number,
  ): Promise<string>;
  /**
   * Never retried. `transient` = surely not done; `unknown-outcome` RUN_UNANSWERED (our wait ended), RUN_BROKEN (connection ended without an
   * answer), RUN_UNCLEAR (an answer that does not tell); `rejected` DUPLICATE_JOB, JAR_GONE, MAIN_THREW (also a restore that failed for another reason than its snapshot),
   * SNAPSHOT_UNREADABLE, STATE_INCOMPATIBLE, CLASS_MISSING, NO_JOB, NOT_A_JAR, SUBMISSION_DISABLED, RUN_REFUSED.
   */
  run(at: Endpoint, jarId: string, request: RunRequest, deadlineMs: number): Promise<void>;
  /** PATCH ?mode=cancel; a job that has ended or is unknown is fine (the next look tells). `transient`, `unknown-outcome`. */
  cancel(at: Endpoint, jobId: string, deadlineMs: number): Promise<void>;
  /** `/jobs/:id/checkpoints`. `rejected` JOB_UNKNOWN (404: Flink does not know the job, or not any more). */
  checkpoints(at: Endpoint, jobId: string, deadlineMs: number): Promise<Checkpoints>;
  /** `/jobs/:id/checkpoints/config`. `rejected` JOB_UNKNOWN; `transient` while the job is initialised. */
  checkpointConfig(at: Endpoint, jobId: string, deadlineMs: number): Promise<CheckpointConfig>;
  /**
   * Asks for a savepoint below `directory`, in the canonical format, and with `stop` for the job's end once it is complete. The same
   * `triggerId` (32 hex) again is the same one. That it was asked for is all the answer says: a job that has ended, or that Flink does not know,
   * shows in the status. `transient`, `unknown-outcome`, `rejected` SAVEPOINT_REFUSED.
   */
  savepoint(
    at: Endpoint,
    jobId: string,
    request: { readonly triggerId: string; readonly directory: string; readonly stop: boolean },
    deadlineMs: number,
  ): Promise<void>;
  /** `/jobs/:id/savepoints/:triggerId`: Flink forgets it 5 min after it is over, and with its process. */
  savepointStatus(at: Endpoint, jobId: string, triggerId: string, deadlineMs: number): Promise<SavepointStatus>;
  /** Has the files of a savepoint deleted, some time later: the answer says that it was asked for. `transient`, `unknown-outcome`, `rejected`. */
  dispose(at: Endpoint, path: string, deadlineMs: number): Promise<void>;
  /** A jar that is gone already is fine. */
  deleteJar(at: Endpoint, jarId: string, deadlineMs: number): Promise<void>;
};

/** Values of `${ssm:/path}` and `${secret:name#key}` in a text. Faults name the reference, never a value: `rejected` SECRET_MISSING, SECRET_DENIED, `transient`. */
export type Secrets = { resolve(text: SecretText, deadlineMs: number): Promise<string> };

export type Jars = {
  /** Faults: `rejected` JAR_DENIED, `transient`. */
  look(uri: string, deadlineMs: number): Promise<JarSeen>;
};

/**
 * The file store that Flink writes snapshots to: `s3://` (`s3a://`, `s3p://`) and `file:`. Directories are as Flink names them, with or
 * without a slash at the end; nothing in a name is percent-encoded. Faults: `rejected` SNAPSHOTS_DENIED, SNAPSHOTS_UNSUPPORTED (another
 * scheme), SNAPSHOTS_UNREACHABLE (no such bucket, a file system that is not mounted here); `transient`; `invalid` SNAPSHOTS_UNREADABLE, SNAPSHOTS_TOO_MANY (more
 * names than `childrenMax`: a part of them proves nothing).
 */
export type SnapshotFiles = {
  /** Names of the directories right below `directory` that begin with `prefix`, all of them or a Fault; none where it is not there. */
  children(directory: string, prefix: string, deadlineMs: number): Promise<readonly string[]>;
  /** Reads the head of `<path>/_metadata`; undefined: there is none. `invalid` SNAPSHOT_CORRUPT: it is empty, cut short or no metadata of Flink's. */
  metadata(path: string, deadlineMs: number): Promise<SnapshotMetadata | undefined>;
  /** What of the store deletes files below `directory` by itself after a while, in a sentence; undefined: nothing does. SNAPSHOTS_DENIED says nothing of that. */
  expiry(directory: string, deadlineMs: number): Promise<string | undefined>;
  /** All bytes and files below `path`; `more`: there are more than are counted (`sizedFilesMax`, or as the deadline lets it). */
  size(
    path: string,
    deadlineMs: number,
  ): Promise<{ readonly bytes: number; readonly files: number; readonly more: boolean }>;
  /** Deletes everything below `path`, as far as the deadline lets it; true: nothing is left. `invalid` SNAPSHOT_PATH: too near to the root. */
  remove(path: string, deadlineMs: number): Promise<boolean>;
};

/** `atMs`: when the file was written; `id`: the checkpoint id in its head. */
export type SnapshotMetadata = { readonly id: number; readonly atMs: number; readonly sizeBytes: number };

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

/** A message to people and machines. */
export type Alert = {
  readonly subject: string;
  readonly text: string;
  readonly incident: Incident;
  readonly cluster: string;
  readonly state: 'open' | 'closed';
};

export type Alerts = { publish(alert: Alert, deadlineMs: number): Promise<void> };

export type Log = {
  info(message: string, fields: Readonly<Record<string, unknown>>): void;
  error(message: string, fields: Readonly<Record<string, unknown>>): void;
};

/** Where a JobManager of a cluster is spoken to; the address of a cluster by `url` is that URL. */
export const endpointOf = (cluster: Cluster, { address }: Pick<Incarnation, 'address'>): Endpoint => {
  const { url, restPort, tls, auth } = cluster;
  const base = url ?? `${tls === undefined ? 'http' : 'https'}://${address}:${restPort}`;
  return { url: base, ...(tls === undefined ? {} : { tls }), ...(auth === undefined ? {} : { auth }) };
};
