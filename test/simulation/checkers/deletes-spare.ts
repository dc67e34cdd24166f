import { attemptOf } from '../../../lib/core/identity.ts';
import type { Attempt, Job } from '../../../lib/core/model.ts';
import { LATE_MS } from '../state.ts';
import { CHECKPOINTS } from '../world/snapshot-runs.ts';
import type { Deletion, TrueSnapshot } from '../world/truth.ts';
import { type Checker, eachOf, type Run } from './checker.ts';
import { lineageOf, senderOf } from './sender.ts';

/**
 * I2: what the product deletes is its own, beyond what the manifest keeps, and nothing goes that a job was started from, or would
 * be started from next.
 */
export const deletesSpare: Checker = (run) =>
  eachOf(run, run.world.truth.deletions, (deletion) => {
    const how = deletion.how === 'disposal' ? disposalWrong(run, deletion) : removalWrong(run, deletion);
    return how && `${deletion.invocation} deletes ${deletion.path}, ${how}`;
  });

const disposalWrong = (run: Run, deletion: Deletion): string | undefined => {
  const { truth } = run.world;
  const [savepoint] = deletion.gone;
  if (savepoint === undefined) return undefined;
  const own = truth.triggers.find(({ path, inVain }) => path === savepoint.path || inVain === savepoint.path);
  if (own === undefined) return 'which it did not take';
  const { found, attempts } = ownerOf(run, deletion, own.jobId);
  if (found === undefined && isForgotten(run, deletion, own.cluster)) return undefined;
  const keep = found?.savepoints?.keep;
  if (keep === undefined) return 'although all are kept';
  const ids = attempts.map(({ jobId }) => jobId);
  const newer = truth.triggers.filter(
    ({ jobId, path, inVain, overMs = 0 }) =>
      (path ?? inVain) !== undefined &&
      (lineageOf(jobId) === lineageOf(own.jobId) || ids.includes(jobId)) &&
      overMs > (own.overMs ?? 0),
  );
  if (newer.length < keep) return `although ${newer.length} newer ones are there, of which ${keep} are kept`;
  return isSource(attempts, (path) => path === deletion.path) ? 'from which a job was started' : undefined;
};

const removalWrong = (run: Run, deletion: Deletion): string | undefined => {
  const { truth } = run.world;
  const jobId = deletion.path.slice(CHECKPOINTS.length + 1);
  const { found, attempts } = ownerOf(run, deletion, jobId);
  if (found === undefined) return 'which is none of ours';
  if (found.garbage !== 'delete') return 'which is to be kept';
  if (truth.copies.some((copy) => copy.jobId === jobId)) return 'although it runs';
  if (isSource(attempts.slice(-1), (path) => path.startsWith(`${deletion.path}/`)))
    return 'from which its newest run began';
  const left = truth.snapshots(found.lineage).filter(({ complete }) => complete);
  const newest = [...left, ...deletion.gone].toSorted(byAge).at(-1);
  if (newest !== undefined && deletion.gone.includes(newest)) return 'the newest that was there';
  const n = attemptOf(found.lineage, jobId) ?? 0;
  const numberOf = (id: string): number =>
    attempts.find((attempt) => attempt.jobId === id)?.n ?? attemptOf(found.lineage, id) ?? 0;
  // What its newest run began from is no checkpoint of its own.
  const from = Math.max(n, attempts.at(-1)?.source?.attempt ?? n);
  const isSafe = left.some(({ kind, ...of }) => kind === 'checkpoint' && numberOf(of.jobId) > from);
  return isSafe || isLate(run, deletion) ? undefined : 'and no later run than its source has a checkpoint';
};

/** Flink deletes some time after it was asked: whose it was may be lost with the table by then. */
const isForgotten = ({ sim, world }: Run, { invocation }: Deletion, of: string): boolean => {
  const sinceMs = senderOf(sim, invocation)?.sinceMs ?? Number.POSITIVE_INFINITY;
  return world.truth.losses.some(({ cluster, atMs }) => cluster === of && atMs >= sinceMs);
};

/** It arrived long after its sender had looked. */
const isLate = ({ sim }: Run, { invocation, path, atMs }: Deletion): boolean =>
  senderOf(sim, invocation)?.calls.some(
    (call) => call.name === 'snapshots.remove' && call.args[0] === path && atMs - call.atMs > LATE_MS,
  ) === true;

const byAge = (a: TrueSnapshot, b: TrueSnapshot): number => a.atMs - b.atMs;

const isSource = (attempts: readonly Attempt[], is: (path: string) => boolean): boolean =>
  attempts.some(({ source, nextFrom }) =>
    [source?.path, nextFrom?.kind === 'snapshot' ? nextFrom.path : undefined].some(
      (path) => path !== undefined && is(path),
    ),
  );

/** Whose it is by the manifest that its sender worked with, and what is on record of it. */
const ownerOf = (
  { sim, world }: Run,
  { invocation }: Deletion,
  jobId: string,
): { readonly found: Job | undefined; readonly attempts: readonly Attempt[] } => {
  const manifest = senderOf(sim, invocation)?.manifest ?? [];
  for (const { name: cluster, jobs } of manifest) {
    const memory = world.store.memory(cluster);
    for (const job of jobs) {
      const { attempts = [] } = memory.jobs[job.name] ?? {};
      if (job.lineage === lineageOf(jobId) || attempts.some((attempt) => attempt.jobId === jobId))
        return { found: job, attempts };
    }
  }
  return { found: undefined, attempts: [] };
};
