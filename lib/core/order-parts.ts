import { liveCopies } from './liveness.ts';
import type { Attempt, Cluster, FlinkView, Job, JobMemory, Observation, Order, Pause } from './model.ts';
import { savepointDirsOf } from './state/snapshot-places.ts';

/** What an order is judged on. */
export type OrderInput = {
  readonly cluster: Cluster;
  readonly memories: Readonly<Record<string, JobMemory>>;
  readonly observation: Observation;
  readonly nowMs: number;
};

/** What came of an order: a new memory, a pause, or why it means nothing. undefined = it cannot be judged now. */
export type Came =
  | { readonly memory?: JobMemory; readonly pause?: Pause | undefined; readonly dropped?: string }
  | undefined;

/** Carries out one kind of order for a job. */
export type OfJob = (input: OrderInput, order: Order, job: Job, memory: JobMemory) => Came;

/** It means nothing as things are. */
export const dropped = (because: string): Came => ({ dropped: because });

/** Where savepoints of ours go; undefined: nobody says. */
export const savepointDirOf = (
  { cluster }: OrderInput,
  job: Job,
  { attempts }: JobMemory,
  { identity }: FlinkView,
): string | undefined => savepointDirsOf({ cluster, job, attempts, storage: identity.storage })[0];

/** Why a savepoint cannot be ordered. */
export const NOWHERE =
  'there is nowhere to put its savepoint: set `savepointDir` in the manifest, or `execution.checkpointing.savepoint-dir` in the cluster, and deploy';

/** Every live copy of the job. */
export const copiesOf = ({ attempts }: JobMemory, observation: Observation) =>
  liveCopies(
    attempts.map(({ jobId }) => jobId),
    observation,
  );

/** Attempts of which a live copy is listed, each with the JobManager that lists it. */
export const liveAttempts = (memory: JobMemory, observation: Observation) =>
  copiesOf(memory, observation).flatMap(({ job, on }) =>
    memory.attempts.filter(({ jobId }) => jobId === job.jobId).map((attempt) => ({ attempt, on })),
  );

/** The memory with these changes to some attempts. */
export const withEach = (memory: JobMemory, which: readonly Attempt[], changes: Partial<Attempt>): JobMemory => ({
  ...memory,
  attempts: memory.attempts.map((attempt) => (which.includes(attempt) ? { ...attempt, ...changes } : attempt)),
});
