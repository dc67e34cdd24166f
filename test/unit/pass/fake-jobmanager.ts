import { Fault } from '../../../lib/core/errors.ts';
import type { JobException, JobFlow } from '../../../lib/core/health/figures.ts';
import { isTerminal } from '../../../lib/core/liveness.ts';
import type {
  CheckpointConfig,
  Checkpoints,
  FlinkJob,
  JobManagerIdentity,
  SavepointStatus,
  Snapshot,
} from '../../../lib/core/model.ts';
import type { FlinkRest, RunRequest } from '../../../lib/ports.ts';

/** One JobManager process: its jars and jobs die with it. */
export type FakeJobManager = {
  readonly identity: JobManagerIdentity;
  slots: number;
  /** So many jars were ever uploaded: no two share an id. */
  uploads: number;
  readonly jars: Set<string>;
  readonly jobs: Map<string, FlinkJob>;
  /** By job id; a job without an entry has none yet. */
  readonly checkpoints: Map<string, Checkpoints>;
  /** By job id; a job without an entry was never restarted, and threw nothing. */
  readonly restarts: Map<string, number>;
  readonly exceptions: Map<string, JobException>;
  /** By job id, at that time; a job without an entry waits for nothing, and reads a record each millisecond. */
  readonly flows: Map<string, (nowMs: number) => JobFlow>;
  /** By trigger id. */
  readonly savepoints: Map<string, SavepointStatus>;
  /** What a job's `main()` does before `execute()`; it may throw, or never end. */
  readonly mains: Map<string, () => Promise<void>>;
};

export const createJobManager = (process: string, identity: Partial<JobManagerIdentity> = {}): FakeJobManager => ({
  identity: { process, version: '1.20.5', submission: true, ha: 'none', storage: { retained: 3 }, ...identity },
  slots: 4,
  uploads: 0,
  jars: new Set(),
  jobs: new Map(),
  checkpoints: new Map(),
  restarts: new Map(),
  exceptions: new Map(),
  flows: new Map(),
  savepoints: new Map(),
  mains: new Map(),
});

export const uploadJar = (jobManager: FakeJobManager, uri: string): string => {
  jobManager.uploads += 1;
  const jarId = `${jobManager.identity.process}_${jobManager.uploads}_${uri.split('/').pop()}`;
  jobManager.jars.add(jarId);
  return jarId;
};

/** POST /jars/:id/run as a real Flink does it: `main()` runs inside the call, one id lives once. */
export const runJar = async (jobManager: FakeJobManager, jarId: string, request: RunRequest): Promise<void> => {
  const { jobId, mainClass = 'Main', parallelism = 1 } = request;
  if (!jobManager.jars.has(jarId)) throw new Fault('rejected', 'JAR_GONE', `Jar file ${jarId} does not exist`);
  await jobManager.mains.get(mainClass)?.();
  if (jobManager.jobs.has(jobId)) throw new Fault('rejected', 'DUPLICATE_JOB', `${jobId} was submitted already`);
  jobManager.jobs.set(jobId, {
    jobId,
    name: mainClass,
    state: 'RUNNING',
    tasksRunning: parallelism,
    tasksTotal: parallelism,
  });
};

export const CHECKPOINT_CONFIG: CheckpointConfig = {
  intervalMs: 10_000,
  timeoutMs: 600_000,
  toleratedFailures: 0,
  retention: 'retain',
  inMemory: false,
  unaligned: false,
};

/** `/jobs/:id/checkpoints`, of a job that this process knows. */
export const checkpointsOf = ({ jobs, checkpoints }: FakeJobManager, jobId: string): Checkpoints => {
  if (!jobs.has(jobId)) throw new Fault('rejected', 'JOB_UNKNOWN', `Flink does not know job ${jobId}`);
  return checkpoints.get(jobId) ?? { completed: 0, snapshots: [] };
};

/** The metric numRestarts, which there is of jobs that it knows. */
export const restartsOf = ({ jobs, restarts }: FakeJobManager, jobId: string): number | undefined =>
  jobs.has(jobId) ? (restarts.get(jobId) ?? 0) : undefined;

/** The newest of `/jobs/:id/exceptions`. */
export const exceptionOf = ({ jobs, exceptions }: FakeJobManager, jobId: string): JobException | undefined => {
  if (!jobs.has(jobId)) throw new Fault('rejected', 'JOB_UNKNOWN', `Flink does not know job ${jobId}`);
  return exceptions.get(jobId);
};

/** The figures of `/jobs/:id`. */
export const flowOf = ({ jobs, flows }: FakeJobManager, jobId: string, nowMs: number): JobFlow => {
  if (!jobs.has(jobId)) throw new Fault('rejected', 'JOB_UNKNOWN', `Flink does not know job ${jobId}`);
  const vertices = [{ name: 'Source: orders', parallelism: 1, pressuredMs: 0, busyMs: nowMs }];
  return flows.get(jobId)?.(nowMs) ?? { atMs: nowMs, vertices, records: nowMs };
};

/** A savepoint is complete at once; undefined where the job does not run or the trigger is known already. */
export const takeSavepoint = (
  jobManager: FakeJobManager,
  jobId: string,
  { triggerId, directory, stop }: Parameters<FlinkRest['savepoint']>[2],
  atMs: number,
): Snapshot | undefined => {
  const { jobs, savepoints } = jobManager;
  if (savepoints.has(triggerId)) return undefined;
  if (jobs.get(jobId)?.state !== 'RUNNING') {
    savepoints.set(triggerId, { state: 'failed', because: `Could not find Flink job (${jobId})` });
    return undefined;
  }
  const path = `${directory.replace(/\/+$/, '')}/savepoint-${jobId.slice(0, 6)}-${triggerId.slice(-12)}`;
  savepoints.set(triggerId, { state: 'completed', path });
  if (stop) setState(jobManager, jobId, 'FINISHED');
  const { completed, snapshots } = checkpointsOf(jobManager, jobId);
  const id = (snapshots[0]?.id ?? 0) + 1;
  const taken: Snapshot = { kind: 'savepoint', path, id, atMs, sizeBytes: 1, ...(stop ? { stopped: true } : {}) };
  jobManager.checkpoints.set(jobId, { completed: completed + 1, snapshots: [taken, ...snapshots] });
  return taken;
};

export const liveIn = ({ jobs }: FakeJobManager): readonly FlinkJob[] =>
  [...jobs.values()].filter(({ state }) => !isTerminal(state));

export const setState = ({ jobs }: FakeJobManager, jobId: string, state: string): void => {
  const job = jobs.get(jobId);
  if (job !== undefined) jobs.set(jobId, { ...job, state });
};
