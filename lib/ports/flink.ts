import type { JobException, JobFlow } from '../core/health/figures.ts';
import type {
  Access,
  CheckpointConfig,
  Checkpoints,
  Cluster,
  FlinkJob,
  Incarnation,
  JobManagerIdentity,
  JobSpec,
  SavepointStatus,
  Slots,
} from '../core/model.ts';

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
export type Endpoint = Access & {
  readonly url: string;
  /** What jobs were given: what Flink says of one repeats no secret that its texts refer to, whoever submitted it. */
  readonly given?: readonly Submitted[];
};

/** A job with the texts that it was submitted with. */
export type Submitted = { readonly jobId: string; readonly spec: Pick<JobSpec, 'args' | 'flinkConfiguration'> };

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
  /** `/jobs/:id/metrics?get=numRestarts`; undefined: Flink has no figure (yet), or does not know the job. As old as the last question. */
  restarts(at: Endpoint, jobId: string, deadlineMs: number): Promise<number | undefined>;
  /** The newest of `/jobs/:id/exceptions`, without secrets; undefined: there is none. `rejected` JOB_UNKNOWN. Up to 3 s old. */
  lastException(at: Endpoint, jobId: string, deadlineMs: number): Promise<JobException | undefined>;
  /** How records get through a job, from `/jobs/:id`; undefined: Flink has no figures (yet). With `records` also what its sources gave on, for which one that is chained with all behind it costs two calls more. `rejected` JOB_UNKNOWN. As old as the last question. */
  flow(
    at: Endpoint,
    jobId: string,
    asked: { readonly records: boolean },
    deadlineMs: number,
  ): Promise<JobFlow | undefined>;
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

/** Where a JobManager of a cluster is spoken to; the address of a cluster by `url` is that URL. */
export const endpointOf = (cluster: Cluster, { address }: Pick<Incarnation, 'address'>): Endpoint => {
  const { url, restPort, tls, auth } = cluster;
  const base = url ?? `${tls === undefined ? 'http' : 'https'}://${address}:${restPort}`;
  return { url: base, ...(tls === undefined ? {} : { tls }), ...(auth === undefined ? {} : { auth }) };
};
