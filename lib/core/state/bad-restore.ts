import { defaults } from '../defaults.ts';
import type { Attempt, Found, Job, Problem } from '../model.ts';
import { problem } from '../problems.ts';
import { sinceOrder } from './ordered.ts';
import { hadSomeState, mayHaveHadState, refusedSources, whereIsIt } from './restore.ts';
import { isSamePath } from './snapshot-places.ts';

/**
 * What is wrong with what a live job began from. Told until its first own snapshot, and for a while in any case: with a checkpoint every few
 * seconds it may have one before anybody looks.
 */
export const badRestore = (
  job: Job,
  attempt: Attempt,
  attempts: readonly Attempt[],
  nowMs: number,
): Problem | undefined => {
  const { source } = attempt;
  const otherwise = startedOtherwise(attempt);
  if (otherwise !== undefined) return problem('RESTORED_OTHERWISE', otherwise, job.name);
  if (job.state === 'none' || isPast(attempt, nowMs)) return undefined;
  const before = sinceOrder(attempts.filter(({ n }) => n < attempt.n)).attempts;
  if (source === undefined) {
    if (attempt.posts.length === 0) return undefined; // others started it, or the table forgot from what
    const had = before.findLast((each) => hadSomeState(each) || mayHaveHadState(each));
    if (had === undefined) return undefined;
    const what = `attempt ${had.n} ${hadSomeState(had) ? 'had' : 'may have had'} state, and no snapshot of it was left`;
    return problem('STARTED_EMPTY', `it started empty (\`state: preferred\`): ${what}`, job.name);
  }
  const refused = refusedSources(before).map(({ path, text }) => `${path} was refused: ${text}`);
  const [lost] = [...refused, ...newerThan(source, before, attempt)];
  return lost === undefined
    ? undefined
    : problem('RESTORED_OLDER', `it was restored from ${source.path}, because the newer ${lost}`, job.name);
};

const isPast = ({ posts, hadState, snapshots }: Attempt, nowMs: number): boolean =>
  (hadState === true || snapshots !== undefined) &&
  nowMs - (posts.at(-1)?.sentMs ?? Number.NEGATIVE_INFINITY) >= defaults.badRestoreToldMs;

/**
 * What attempts did after a snapshot, which is not gone on from: by their ledgers, by what one of them was to start from, which was there then, or where
 * those never had any, by what was heard of their checkpoints.
 */
const newerThan = (source: Found, before: readonly Attempt[], { flinkVersion }: Attempt): readonly string[] => {
  const isNewer = (n: number, id: number): boolean => n > source.attempt || (n === source.attempt && id > source.id);
  const inLedgers = before.flatMap((each) => {
    const { n, hadState, snapshots } = each;
    if (snapshots === undefined)
      return n > source.attempt && hadState ? [`state of attempt ${n} is gone: ${whereIsIt(each)}`] : [];
    return snapshots
      .filter(({ id }) => isNewer(n, id))
      .map(({ path }) => `${path} is gone${each.flinkVersion === flinkVersion ? '' : ', or binds to its Flink'}`);
  });
  const begunFrom = before.flatMap(({ source: one }) =>
    one !== undefined && isNewer(one.attempt, one.id)
      ? [`${one.path} is gone, from which an attempt was to start`]
      : [],
  );
  return [...inLedgers, ...begunFrom];
};

/** What it took up again after a failure of its own is no other's. */
const startedOtherwise = ({ jobId, source, restored }: Attempt): string | undefined => {
  const path = restored?.path;
  if (source === undefined || path === undefined || path.split('/').includes(jobId)) return undefined;
  if (isSamePath(path, source.path)) return undefined;
  return `it was to start from ${source.path}, and Flink says that it began from ${path}`;
};
