import { type Context, type Decision, held, waiting } from '../decision.ts';
import { defaults } from '../defaults.ts';
import type { Attempt, FlinkView, Found, Job, JobMemory, Post } from '../model.ts';
import { mayHaveRun } from '../remember.ts';
import { sinceOrder } from './ordered.ts';
import { holdsPath } from './snapshot-places.ts';

/** What a new attempt starts from (undefined: it starts empty), or why nobody can say. */
export type Choice = { readonly source: Found | undefined } | { readonly hindrance: Decision };

/** The newest complete snapshot of the job's own lineage; never empty by accident. */
export const chooseSource = (
  job: Job,
  memory: JobMemory,
  view: FlinkView,
  { observation }: Pick<Context, 'observation'>,
): Choice => {
  const { from, attempts } = sinceOrder(memory.attempts);
  if (job.state === 'none' || (from?.kind === 'empty' && attempts.length === 0)) return empty;
  const search = observation.snapshots?.[job.name];
  if (search === undefined)
    return { hindrance: { ...waiting(job, 'its snapshots are looked for'), wantsSnapshots: true } };
  if (!search.known) return { hindrance: waiting(job, search.because.text, 'SNAPSHOTS_UNREADABLE') };
  const refused = refusedSources(attempts);
  const depth = job.restoreDepth ?? defaults.restoreDepth;
  if (refused.length > depth)
    return { hindrance: held(job, 'RESTORE_REFUSED', `Flink refused ${refused.length} snapshots: ${textOf(refused)}`) };
  const left = search.value.found.filter(({ path }) => !holdsPath(refused, path));
  const [newest] = left;
  if (newest !== undefined) return fitting(job, newest, left, attempts, view);
  // All that was seen is refused, and nobody saw the rest.
  const { partial } = search.value;
  if (partial !== undefined) return { hindrance: waiting(job, partial.text, 'SNAPSHOTS_UNREADABLE') };
  if (from?.kind === 'snapshot' && !attempts.some(hasRun))
    return { hindrance: held(job, 'STATE_REQUIRED', whyNotOrdered(from.path, refused)) };
  if (job.state === 'preferred') return empty;
  const needed = whyRequired(attempts, refused, search.value.directories);
  return needed === undefined ? empty : { hindrance: held(job, 'STATE_REQUIRED', needed) };
};

/** The newest one, or where that does not fit another one of the same attempt: all that an attempt did is not done again without being asked. */
const fitting = (
  job: Job,
  newest: Found,
  left: readonly Found[],
  attempts: readonly Attempt[],
  { identity: { version } }: FlinkView,
): Choice => {
  const because = whyUnfit(newest, attempts, version);
  if (because === undefined) return { source: newest };
  const source = left.find(
    (found) => found.attempt === newest.attempt && whyUnfit(found, attempts, version) === undefined,
  );
  return source === undefined ? { hindrance: held(job, 'FLINK_CHANGED', because) } : { source };
};

/** It began from what it was given, as far as anybody knows. */
const hasRun = (attempt: Attempt): boolean => mayHaveRun(attempt) && !attempt.posts.some(isRestoreRefused);

const whyNotOrdered = (path: string, refused: readonly Refused[]): string =>
  refused.length > 0
    ? `it was ordered to start from a snapshot that Flink refused: ${textOf(refused)}`
    : `it was ordered to start from ${path}, where no complete snapshot is`;

/**
 * Why a snapshot is not tried; undefined: it fits. Flink reads savepoints and aligned checkpoints in the next minor versions, and promises nothing of
 * earlier ones; an unaligned one holds records in flight, in the form of the version that wrote it. Another major version is a person's decision; what was ordered, or written by an
 * adopted job, has no writer that is known here, and is tried.
 */
const whyUnfit = (found: Found, attempts: readonly Attempt[], now: string): string | undefined => {
  const writer = attempts.find(({ n }) => n === found.attempt);
  if (writer === undefined || writer.flinkVersion === 'unknown') return undefined;
  const [major, minor] = numbersOf(now);
  const [itsMajor, itsMinor] = numbersOf(writer.flinkVersion);
  const unaligned = found.kind === 'checkpoint' && (found.unaligned ?? writer.checkpointing?.unaligned);
  if (major === itsMajor && (minor === itsMinor || (!unaligned && Number(minor) > Number(itsMinor)))) return undefined;
  return `its newest snapshot was written by Flink ${writer.flinkVersion}, and Flink ${now} runs now: ${found.path}`;
};

const numbersOf = (version: string): readonly string[] => version.split(/\D/);

/** What is judged last: whatever stands in the way before leaves these as they are. */
export const stateCodes = ['STATE_REQUIRED', 'SNAPSHOTS_UNREADABLE', 'RESTORE_REFUSED', 'FLINK_CHANGED'] as const;

const empty: Choice = { source: undefined };

type Refused = { readonly path: string; readonly text: string };

/** Snapshots that Flink did not take, by the newest attempts in a row. A person who knows of it wants them tried again, the newest first. */
export const refusedSources = (attempts: readonly Attempt[]): readonly Refused[] => {
  const over = attempts.findLastIndex((attempt) => hasRun(attempt) || attempt.acknowledged);
  return attempts.slice(over + 1).flatMap(({ source, posts }) => {
    const refusal = posts.find(isRestoreRefused)?.refusal;
    return source === undefined || refusal === undefined ? [] : [{ path: source.path, text: refusal.text }];
  });
};

/** Flink did not take the snapshot: missing, unreadable, or of another job graph. Its id is burned. */
export const isRestoreRefused = ({ refusal }: Post): boolean =>
  refusal?.code === 'SNAPSHOT_UNREADABLE' || refusal?.code === 'STATE_INCOMPATIBLE';

/** Whether Flink refused this snapshot to one of the newest attempts. */
export const isRefused = (path: string, attempts: readonly Attempt[]): boolean =>
  holdsPath(refusedSources(sinceOrder(attempts).attempts), path);

const textOf = (refused: readonly Refused[]): string => refused.map(({ path, text }) => `${path} (${text})`).join(', ');

/** Why it may not start empty; undefined: it never had state that outlived its JobManager. */
const whyRequired = (
  attempts: readonly Attempt[],
  refused: readonly Refused[],
  directories: readonly string[],
): string | undefined => {
  if (refused.length > 0) return `no other snapshot is left than those that Flink refused: ${textOf(refused)}`;
  const had = attempts.findLast(hadSomeState);
  if (had !== undefined) return `attempt ${had.n} (${had.jobId}) had state, and ${whereIsIt(had)}`;
  const blind = directories.length > 0 ? undefined : attempts.findLast(mayHaveState);
  if (blind !== undefined)
    return `attempt ${blind.n} (${blind.jobId}) may have had state, and nobody saw where its snapshots are`;
  const unheard = attempts.findLast(mayHaveHadState);
  if (unheard === undefined) return undefined;
  const { n, jobId, leftIn } = unheard;
  return leftIn === undefined
    ? `attempt ${n} (${jobId}) may have had state that went with it: nobody heard of its checkpoints, and none is left`
    : `attempt ${n} (${jobId}) is on no record and may have had state: it left files in ${leftIn}, and no complete snapshot`;
};

/** It may have had state, of which nobody heard. */
export const mayHaveHadState = (attempt: Attempt): boolean => mayHaveState(attempt) && isLongUnheard(attempt);

/** What Flink deletes at an end leaves no trace (FINISHED, a clean end of the JobManager): only who was heard of, or was there for a moment, surely had none. */
const isLongUnheard = ({ posts, end, checkpointing }: Attempt): boolean => {
  const lastedMs = (end?.atMs ?? Number.POSITIVE_INFINITY) - (posts[0]?.sentMs ?? Number.NEGATIVE_INFINITY);
  return lastedMs >= Math.max(defaults.unheardStateMs, checkpointing?.intervalMs ?? 0);
};

/** It had state, as far as anybody heard. */
export const hadSomeState = ({ hadState, source, snapshots }: Attempt): boolean =>
  hadState === true || source !== undefined || snapshots !== undefined;

/** What was sent to begin empty is sent once more, unless the manifest came to require state since. */
export const mayBeginEmpty = ({ state = 'required' }: Job, { attempts }: JobMemory): boolean =>
  state !== 'required' || !sinceOrder(attempts).attempts.some(hadSomeState);

/** What became of the state that it had. */
export const whereIsIt = ({ checkpointing }: Attempt): string =>
  checkpointing?.inMemory === true
    ? "its checkpoints lay in its JobManager's memory"
    : 'no complete snapshot of it is left';

/** It ran and takes checkpoints, as far as anybody knows. */
const mayHaveState = ({ sightedOn, end, checkpointing }: Attempt): boolean =>
  (sightedOn !== undefined || end !== undefined) &&
  (checkpointing === undefined || (checkpointing.intervalMs !== undefined && !checkpointing.inMemory));
