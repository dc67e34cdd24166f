import type {
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
  readonly jobId: string;
  readonly mainClass?: string;
  readonly args: readonly string[];
  readonly parallelism?: number;
  readonly flinkConfiguration: Readonly<Record<string, string>>;
};

/** Flink's REST of one JobManager, by base URL (`http://10.0.1.23:8081`). Faults: `transient` (refused, 503, no answer to a GET), `rejected`, `invalid` (unreadable). */
export type FlinkRest = {
  /** `/jobmanager/config` and `/config`. */
  identity(url: string, deadlineMs: number): Promise<JobManagerIdentity>;
  /** `/jobs/overview`: not cached by Flink. */
  jobs(url: string, deadlineMs: number): Promise<readonly FlinkJob[]>;
  /** `/jobs/:id`: its state, or `absent` for 404. Up to 3 s old. */
  jobState(url: string, jobId: string, deadlineMs: number): Promise<string>;
  /** `/overview` */
  slots(url: string, deadlineMs: number): Promise<Slots>;
  /** Streams that version of the jar to the JobManager and returns its jar id. Faults also: `rejected` JAR_MISSING, JAR_CHANGED, JAR_DENIED, NOT_A_JAR. */
  upload(
    url: string,
    jar: { readonly uri: string; readonly version: string; readonly sizeBytes: number },
    deadlineMs: number,
  ): Promise<string>;
  /**
   * Never retried. `transient` = surely not done; `unknown-outcome` RUN_UNANSWERED (our wait ended), RUN_BROKEN (connection ended without an
   * answer), RUN_UNCLEAR (an answer that does not tell); `rejected` DUPLICATE_JOB, JAR_GONE, MAIN_THREW, CLASS_MISSING, NO_JOB, NOT_A_JAR, SUBMISSION_DISABLED, RUN_REFUSED.
   */
  run(url: string, jarId: string, request: RunRequest, deadlineMs: number): Promise<void>;
  /** A jar that is gone already is fine. */
  deleteJar(url: string, jarId: string, deadlineMs: number): Promise<void>;
};

export type Jars = {
  /** Faults: `rejected` JAR_DENIED, `transient`. */
  look(uri: string, deadlineMs: number): Promise<JarSeen>;
};

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

export type Claim = Owner & { readonly owner: string; readonly nowMs: number; readonly untilMs: number };

/** What one pass writes. Jobs by name. */
export type Changes = {
  readonly jobs: Readonly<Record<string, JobMemory>>;
  readonly incidents: readonly Incident[];
  readonly log: readonly LogEntry[];
};

/** One DynamoDB table. Reads are strongly consistent. `conflict` = someone else owns the lease now. */
export type Store = {
  /** The lease until `untilMs`, when nobody holds it at `nowMs`; undefined = busy. */
  acquire(cluster: string, claim: Claim, deadlineMs: number): Promise<Lease | undefined>;
  /** Rings the bell of the owner, who is described; undefined = nobody holds the lease at `nowMs` (nothing was written). */
  ring(cluster: string, nowMs: number, deadlineMs: number): Promise<Owner | undefined>;
  /** `invalid` SCHEMA_NEWER: an item is of a newer schema and is refused whole. */
  load(cluster: string, deadlineMs: number): Promise<ClusterMemory>;
  /** One transaction: the lease (still ours, same fence, extended to `untilMs`) and all changes. */
  commit(lease: Lease, changes: Changes, untilMs: number, nowMs: number, deadlineMs: number): Promise<Lease>;
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

/** Base URL of a JobManager. */
export const urlOf = (to: Pick<Incarnation, 'address'>, restPort: number): string => `http://${to.address}:${restPort}`;
