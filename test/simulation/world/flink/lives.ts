import type { Attempt, Post } from '../../../../lib/core/model.ts';
import { note, noteCopies } from '../notes.ts';
import type { RunEnd } from '../retention.ts';
import type { Stage } from '../stage.ts';
import type { JobCopy, Restored } from '../truth.ts';
import type { FlinkCluster } from './cluster.ts';
import { becomes, bornAt, type JobLife, phaseAt } from './job.ts';
import { isLive, type Process, touch } from './process.ts';

/** What a job is started as. */
export type Birth = Pick<JobLife, 'jobId' | 'name' | 'lineage' | 'by' | 'tasks'> & {
  /** It ends by itself after this. */
  readonly lastsMs?: number;
  /** It fails after this, for good. */
  readonly failsMs?: number;
  /** None of its tasks ever runs. */
  readonly sticks?: true;
  readonly restored?: Restored;
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
    phases: bornAt(nowMs, createdMs, runningMs).slice(0, birth.sticks ? 2 : undefined),
    hiddenUntilMs: 0,
  };
  process.jobs.set(birth.jobId, life);
  touch(process);
  if (process.identity.ha !== 'none') cluster.recoverable.set(birth.jobId, life);
  const copy = copyOf(stage, life, process);
  const { lineage } = birth;
  const { restored } = birth;
  const isHeard = (jobId: string): boolean => hadState(stage, cluster.name, jobId);
  const isEmpty = birth.by === 'autopilot' && restored === undefined;
  const forgetsState = isEmpty && lineage !== undefined && snapshots.hasState(lineage, nowMs, isHeard);
  const beside = notes.truth.copies.filter((other) => other.lineage === lineage);
  const mayBeEmpty = deployed.mayBeEmpty(lineage);
  note(notes, 'starts', { atMs: nowMs, copy, beside, forgetsState, mayBeEmpty, ...(restored && { restored }) });
  noteCopies(notes, [...notes.truth.copies, copy]);
  if (lineage !== undefined) snapshots.begin(lineage, birth.jobId, runningMs, restored);
  const from = restored === undefined ? '' : ` from ${restored.path}`;
  sim.trace?.('flink', `${birth.jobId} (${birth.name}, ${birth.by}) starts on ${process.id}${from}`);
  if (birth.lastsMs !== undefined)
    sim.time.at(nowMs + birth.lastsMs, () => endJob(stage, cluster, process, life, 'FINISHED'));
  if (birth.sticks) note(notes, 'jams', { cluster: cluster.name, atMs: nowMs, jobIds: [birth.jobId] });
  if (birth.failsMs !== undefined)
    sim.time.at(runningMs + birth.failsMs, () =>
      endJob(stage, cluster, process, life, 'FAILED', 'soon after its start'),
    );
};

/** It never begins: Flink did not take the snapshot that it was to begin from, and lists its id as FAILED. */
export const burn = ({ sim }: Stage, cluster: FlinkCluster, process: Process, birth: Birth): void => {
  const nowMs = sim.time.nowMs();
  const phases = [{ fromMs: nowMs, state: 'FAILED', allRun: false }];
  const life = { ...birth, bornMs: nowMs, cluster: cluster.name, phases, hiddenUntilMs: 0, endedMs: nowMs };
  process.jobs.set(birth.jobId, life);
  touch(process);
};

/** It ends on a process that lives on, and is listed for an hour. */
export const endJob = (
  stage: Stage,
  cluster: FlinkCluster,
  process: Process,
  life: JobLife,
  state: 'FINISHED' | 'CANCELED' | 'FAILED',
  how?: string,
): void => {
  if (life.endedMs !== undefined || process.endedMs !== undefined) return;
  const nowMs = stage.sim.time.nowMs();
  if (how !== undefined) life.endedHow = how;
  becomes(life, { fromMs: nowMs, state, allRun: false });
  cluster.recoverable.delete(life.jobId);
  touch(process);
  bury(stage, process, [life], state);
  stage.sim.trace?.('flink', `${life.jobId} is ${state}`);
};

/** A process ends with all its jobs and calls. */
export const endProcess = (stage: Stage, process: Process, how: string): void => {
  if (process.endedMs !== undefined) return;
  process.endedMs = stage.sim.time.nowMs();
  process.endedHow = how;
  // Who stands still is killed when its time is up.
  const isFrozen = process.endedMs < process.frozenUntilMs;
  stage.sim.trace?.('flink', `${process.id} ends: ${how}`);
  bury(
    stage,
    process,
    [...process.jobs.values()].filter(({ endedMs }) => endedMs === undefined),
    how === 'stopped' && !isFrozen ? 'stopped' : 'killed',
  );
  for (const breakOff of process.mains.values()) breakOff();
};

/** It leads no more: its jobs are the next leader's. */
export const abandon = (stage: Stage, process: Process, lives: readonly JobLife[]): void => {
  if (process.endedMs !== undefined) return;
  bury(stage, process, lives.filter(isLive), 'killed');
  for (const life of lives) if (process.jobs.get(life.jobId) === life) process.jobs.delete(life.jobId);
  touch(process);
};

const bury = (stage: Stage, process: Process, lives: readonly JobLife[], end: RunEnd): void => {
  const { notes, snapshots, sim } = stage;
  const nowMs = sim.time.nowMs();
  for (const life of lives) {
    life.endedMs = nowMs;
    snapshots.end(life.jobId, nowMs, process.identity.ha === 'none' ? end : keptByHa(end));
    if (!isKnownToRun(stage, life)) snapshots.forget(life.jobId);
  }
  const ids = new Set(lives.map(({ jobId }) => jobId));
  noteCopies(
    notes,
    notes.truth.copies.filter((copy) => copy.process !== process.id || !ids.has(copy.jobId)),
  );
};

/** What is to be recovered keeps all it has, however its process ends. */
const keptByHa = (end: RunEnd): RunEnd => (end === 'stopped' ? 'killed' : end);

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

/** Flink said of it that it has a snapshot. */
const hadState = ({ store }: Stage, cluster: string, jobId: string): boolean =>
  Object.values(store.memory(cluster).jobs).some(({ attempts }) =>
    attempts.some((attempt) => attempt.jobId === jobId && attempt.hadState === true),
  );

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
  get endedHow() {
    return life.endedHow;
  },
});
