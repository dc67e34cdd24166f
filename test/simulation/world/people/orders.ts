import type { Job, Order } from '../../../../lib/core/model.ts';
import { anyOf, type Happening, type Stage } from '../stage.ts';
import type { JobCopy } from '../truth.ts';

/** A person's order; also one that names what is not there. A pause ends by itself, soon enough for the calm. */
export const order: Happening = (stage, cluster) => {
  const { sim, deployed, store } = stage;
  const { random } = sim;
  const kind = random.pick<Order['kind']>(...KINDS);
  const jobs = deployed.clusters().find(({ name }) => name === cluster.name)?.jobs ?? [];
  const isOfCluster = (kind === 'pause' || kind === 'resume') && random.chance(0.5);
  const job = random.chance(0.95) ? anyOf(stage, wantedFor(stage, kind, jobs)) : undefined;
  const atMs = sim.time.nowMs();
  const wanted: Order = {
    id: `${atMs}-${random.hex(2)}`,
    kind,
    who: 'anna',
    why: 'x',
    atMs,
    expiresMs: atMs + random.pick(60_000, ORDER_MAX_MS),
    ...(isOfCluster ? {} : { job: job?.name ?? 'nobody' }),
    ...(kind === 'pause' ? { untilMs: atMs + random.between(0, PAUSE_MAX_MS) } : {}),
    ...(kind === 'restore-from' ? { path: namedOf(stage, job) } : {}),
    ...(kind === 'adopt' || kind === 'ignore' ? { jobId: spokenOf(stage, cluster.name, kind, job) } : {}),
  };
  void store.order(cluster.name, wanted, atMs);
  return `orders ${kind} ${wanted.job ?? ''} ${wanted.jobId ?? wanted.path ?? ''}`;
};

const KINDS = [
  'restart',
  'restart',
  'restart',
  'restart',
  'restart',
  'restart',
  'restart',
  'restart',
  'apply',
  'pause',
  'resume',
  'release',
  'release',
  'adopt',
  'ignore',
  'savepoint',
  'savepoint',
  'savepoint',
  'start-empty',
  'restore-from',
  'restore-from',
  'restore-from',
] as const;

/** What a job is to start from is mostly ordered of one that is not there. */
const wantedFor = ({ sim, notes }: Stage, kind: Order['kind'], jobs: readonly Job[]): readonly Job[] => {
  if ((kind !== 'start-empty' && kind !== 'restore-from') || sim.random.chance(0.2)) return jobs;
  const absent = jobs.filter(
    ({ lineage, state }) => state !== 'none' && notes.truth.copies.every((copy) => copy.lineage !== lineage),
  );
  return absent.length === 0 ? jobs : absent;
};

export const PAUSE_MAX_MS = 120_000;
const ORDER_MAX_MS = 600_000;

/** A snapshot of the job's own, seldom one that is not there; what comes of another job's is theirs. */
const namedOf = ({ snapshots, sim }: Stage, job: Job | undefined): string => {
  const left = job === undefined ? [] : snapshots.list(job.lineage, sim.time.nowMs());
  return left[sim.random.between(0, left.length)]?.path ?? 's3://checkpoints/nobody/chk-1';
};

/**
 * The foreign job that a person says is this one, or is another. They are right, or name what is not there: what comes of a
 * wrong word is theirs (docs/guarantees.md).
 */
const spokenOf = (stage: Stage, cluster: string, kind: 'adopt' | 'ignore', job: Job | undefined): string => {
  const foreign = stage.notes.truth.copies.filter((copy) => copy.cluster === cluster && copy.by === 'person');
  const isIts = ({ lineage }: JobCopy): boolean => lineage === job?.lineage;
  const its = foreign.filter(isIts);
  const nobodys = foreign.filter(({ lineage, jobId }) => lineage === jobId);
  const others = foreign.filter((copy) => !isIts(copy));
  const right = kind === 'ignore' ? others : its.length > 0 ? its : nobodys;
  return anyOf(stage, right)?.jobId ?? 'e'.repeat(32);
};
