import type { Attempt, Post } from '../../../../lib/core/model.ts';
import { note, noteCopies } from '../notes.ts';
import type { Stage } from '../stage.ts';
import type { JobCopy } from '../truth.ts';
import type { FlinkCluster } from './cluster.ts';
import { becomes, bornAt, type JobLife, phaseAt } from './job.ts';
import { type Process, touch } from './process.ts';

/** What a job is started as. */
export type Birth = Pick<JobLife, 'jobId' | 'name' | 'lineage' | 'by' | 'tasks'> & {
  /** It ends by itself after this. */
  readonly lastsMs?: number;
};

/** A job begins to live on a process. */
export const startJob = (stage: Stage, cluster: FlinkCluster, process: Process, birth: Birth): void => {
  const { sim, notes, snapshots, deployed } = stage;
  const nowMs = sim.time.nowMs();
  const createdMs = nowMs + sim.random.between(50, 2_000);
  const runningMs = createdMs + sim.random.between(50, 3_000);
  const life: JobLife = {
    ...birth,
    bornMs: nowMs,
    cluster: cluster.name,
    phases: bornAt(nowMs, createdMs, runningMs),
    hiddenUntilMs: 0,
  };
  process.jobs.set(birth.jobId, life);
  touch(process);
  if (process.identity.ha !== 'none') cluster.recoverable.set(birth.jobId, life);
  const copy = copyOf(stage, life, process);
  const { lineage } = birth;
  const forgetsState = birth.by === 'autopilot' && lineage !== undefined && snapshots.hasState(lineage, nowMs);
  const beside = notes.truth.copies.filter((other) => other.lineage === lineage);
  const mayBeEmpty = deployed.mayBeEmpty(lineage);
  note(notes, 'starts', { atMs: nowMs, copy, beside, forgetsState, mayBeEmpty });
  noteCopies(notes, [...notes.truth.copies, copy]);
  if (lineage !== undefined) snapshots.begin(lineage, birth.jobId, runningMs);
  sim.trace?.('flink', `${birth.jobId} (${birth.name}, ${birth.by}) starts on ${process.id}`);
  if (birth.lastsMs !== undefined)
    sim.time.at(nowMs + birth.lastsMs, () => endJob(stage, cluster, process, life, 'FINISHED'));
};

/** It ends on a process that lives on, and is listed for an hour. */
export const endJob = (
  stage: Stage,
  cluster: FlinkCluster,
  process: Process,
  life: JobLife,
  state: 'FINISHED' | 'CANCELED' | 'FAILED',
): void => {
  if (life.endedMs !== undefined || process.endedMs !== undefined) return;
  const nowMs = stage.sim.time.nowMs();
  becomes(life, { fromMs: nowMs, state, allRun: false });
  cluster.recoverable.delete(life.jobId);
  touch(process);
  // Retained on cancellation and failure; FINISHED deletes them.
  bury(stage, process, [life], state === 'FINISHED');
  stage.sim.trace?.('flink', `${life.jobId} is ${state}`);
};

/** A process ends with all its jobs and calls. */
export const endProcess = (stage: Stage, process: Process, how: string): void => {
  if (process.endedMs !== undefined) return;
  process.endedMs = stage.sim.time.nowMs();
  process.endedHow = how;
  stage.sim.trace?.('flink', `${process.id} ends: ${how}`);
  bury(
    stage,
    process,
    [...process.jobs.values()].filter(({ endedMs }) => endedMs === undefined),
    false,
  );
  for (const breakOff of process.mains.values()) breakOff();
};

const bury = (stage: Stage, process: Process, lives: readonly JobLife[], deletes: boolean): void => {
  const { notes, snapshots, sim } = stage;
  const nowMs = sim.time.nowMs();
  for (const life of lives) {
    life.endedMs = nowMs;
    snapshots.end(life.jobId, nowMs, deletes);
    if (!isKnownToRun(stage, life)) snapshots.forget(life.jobId);
  }
  const ids = new Set(lives.map(({ jobId }) => jobId));
  noteCopies(
    notes,
    notes.truth.copies.filter((copy) => copy.process !== process.id || !ids.has(copy.jobId)),
  );
};

/** A person may have said of a foreign job that it is one of the manifest's; not of what was submitted beside it before. */
const adoptedAs = ({ store, deployed, notes }: Stage, { cluster, jobId, bornMs }: JobLife): string | undefined => {
  const { jobs } = store.memory(cluster);
  const adopter = deployed
    .clusters()
    .find(({ name }) => name === cluster)
    ?.jobs.find(({ name }) => jobs[name]?.attempts.some((attempt) => attempt.jobId === jobId));
  const isBeside = notes.truth.posts.some(
    (post) =>
      post.atMs >= bornMs &&
      deployed.lineageOf(post.jobId) === adopter?.lineage &&
      (post.endedMs === undefined || notes.truth.copies.some((copy) => copy.jobId === post.jobId)),
  );
  return isBeside ? undefined : adopter?.lineage;
};

/** What the product does not know of, or knows no more, it cannot be asked for. */
export const isOnRecord = (
  { store }: Pick<Stage, 'store'>,
  { cluster, jobId }: Pick<JobLife, 'cluster' | 'jobId'>,
): boolean =>
  Object.values(store.memory(cluster).jobs).some(({ attempts }) => attempts.some((attempt) => attempt.jobId === jobId));

/** The same of its run: a record that is restored may be from before it, of a POST that had come to nothing by then. */
export const isKnownToRun = (
  { store, notes }: Pick<Stage, 'store' | 'notes'>,
  { cluster, jobId, bornMs }: Pick<JobLife, 'cluster' | 'jobId' | 'bornMs'>,
): boolean => {
  const isRestored = notes.truth.losses.some((loss) => loss.cluster === cluster && loss.atMs >= bornMs);
  return Object.values(store.memory(cluster).jobs)
    .flatMap(({ attempts }) => attempts)
    .some((attempt) => attempt.jobId === jobId && (!isRestored || mayHaveRun(attempt)));
};

const mayHaveRun = ({ end, sightedOn, posts }: Attempt): boolean =>
  end !== undefined || sightedOn !== undefined || posts.some(mayHaveArrived);

const mayHaveArrived = ({ answer, refusal, nothingRuns }: Post): boolean =>
  answer !== 'not-sent' && (answer !== 'refused' || (AFTER_START.has(refusal?.code ?? '') && nothingRuns !== true));

/** Said of a main() that may have started its job before. */
const AFTER_START: ReadonlySet<string> = new Set(['MAIN_THREW', 'DUPLICATE_JOB']);

const copyOf = (stage: Stage, life: JobLife, process: Process): JobCopy => ({
  jobId: life.jobId,
  name: life.name,
  cluster: life.cluster,
  process: process.id,
  sinceMs: stage.sim.time.nowMs(),
  by: life.by,
  get lineage() {
    return life.lineage ?? adoptedAs(stage, life) ?? life.jobId;
  },
  get state() {
    return phaseAt(life, stage.sim.time.nowMs())?.state ?? 'INITIALIZING';
  },
});
