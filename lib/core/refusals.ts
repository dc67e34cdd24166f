import { type Context, type Decision, held, waiting } from './decision.ts';
import { defaults } from './defaults.ts';
import { isAccessRefused } from './errors.ts';
import { jarOf } from './jars.ts';
import { isUnheard } from './liveness.ts';
import type { Attempt, Job, JobMemory, Post } from './model.ts';
import type { ToldCode } from './problems.ts';
import { isRestoreRefused } from './state/restore.ts';

/** What the last submissions came to, where they did not make the job live: hold, wait, or (undefined) try once more. */
export const heldByRefusal = (job: Job, { attempts }: JobMemory, context: Context): Decision | undefined => {
  const last = attempts.at(-1);
  if (last === undefined || last.acknowledged || last.revision !== job.revision) return undefined;
  const killer = heldByKills(job, attempts);
  if (killer !== undefined) return killer;
  const post = last.posts.at(-1);
  const code = post?.refusal?.code;
  const text = post?.refusal?.text ?? 'refused';
  const afterThrow = () => (post === undefined ? undefined : waitsAfterThrow(job, attempts, post, text, context.nowMs));
  const heldForGood = () =>
    isForGood(post) && !jarChanged(job, last, context)
      ? held(job, 'SUBMISSION_REFUSED', text, { gist: text })
      : undefined;
  // Its process ended before anybody saw that nothing runs: what its jar and its main() suffer from is the same on the next one.
  if (last.end !== undefined) return last.sightedOn === undefined ? (afterThrow() ?? heldForGood()) : undefined;
  const hung = last.posts.filter(({ answer }) => answer === 'unanswered');
  if (hung.length >= defaults.hungMax && !jarChanged(job, last, context))
    return held(job, 'SUBMISSION_UNANSWERED', `${overdue()}, ${hung.length} times`, { gist: 'held' });
  if (post?.answer === 'not-sent') return paced(job, post, context.nowMs);
  if (post?.answer !== 'refused') return undefined;
  if (code === 'MAIN_THREW') return afterThrow();
  if (isRestoreRefused(post)) return undefined; // an older snapshot may do
  // The jar went away between upload and run: uploaded again, but not for ever.
  const isPassing = code === 'JAR_GONE' && last.posts.at(-2)?.refusal?.code !== 'JAR_GONE';
  return isPassing || jarChanged(job, last, context)
    ? undefined
    : held(job, 'SUBMISSION_REFUSED', text, { gist: text });
};

/** By any process. But uploaded jars end with theirs, a job that had the id may have run there, as after a throw, and an older snapshot may do. */
const isForGood = (post: Post | undefined): boolean =>
  post?.answer === 'refused' && !isRestoreRefused(post) && !OF_ITS_PROCESS.has(post.refusal?.code);

const OF_ITS_PROCESS: ReadonlySet<string | undefined> = new Set(['JAR_GONE', 'DUPLICATE_JOB', 'MAIN_THREW']);

const heldByKills = (job: Job, attempts: readonly Attempt[]): Decision | undefined => {
  const kills = killsInARow(attempts, job.revision);
  const slow = killsInARow(attempts, job.revision, isDeathAlone);
  if (kills < defaults.killsMax && slow < defaults.slowKillsMax) return undefined;
  const text =
    kills < defaults.killsMax
      ? `${slow} submissions in a row, each alone, ended together with their JobManager, if only after a while`
      : `${kills} submissions in a row ended together with their JobManager`;
  return held(job, 'SUBMISSION_KILLS_JOBMANAGER', text);
};

/** What the submissions suffer from, the newest answer first: told until the job is seen live. `isPast`: by a process that is gone, which opens nothing. */
export const troubleOf = (job: Job, attempts: readonly Attempt[], nowMs: number): Trouble | undefined => {
  const ran = attempts.findLastIndex(({ sightedOn }) => sightedOn !== undefined);
  if (ran === attempts.length - 1) return undefined;
  const posts = attempts
    .slice(ran + 1)
    .filter(({ revision }) => revision === job.revision)
    .flatMap((attempt) => attempt.posts);
  const heard = posts.findLastIndex((each) => !isUnheard(each));
  const silent = posts.findLastIndex((each) => isUnheard(each) && each.settledByMs <= nowMs);
  const post = posts[heard];
  const text = post?.refusal?.text ?? 'no answer';
  // A later one that nobody answered was not kept from being sent.
  if (post?.answer === 'not-sent' && heard > silent) return { code: 'SUBMISSION_FAILING', text };
  if (post?.refusal?.code === 'MAIN_THREW') return { code: 'MAIN_THREW', text, isPast: post.processEnded };
  if (silent >= 0) return { code: 'SUBMISSION_UNANSWERED', text: overdue() };
  return undefined;
};

type Trouble = { readonly code: ToldCode; readonly text: string; readonly isPast?: boolean };

/** Flink 2 refused `main()` a second job under the id of its first, which runs. (Flink 1 says nothing of it.) */
export const isExecutedTwice = ({ posts }: Attempt): boolean => {
  const [first, ...later] = posts.filter(({ answer }) => answer !== 'not-sent');
  // After an earlier call it may be that one's job which has the id.
  return later.length === 0 && first?.refusal?.code === 'DUPLICATE_JOB';
};

const overdue = (): string => `main() did not end within ${defaults.mainWithinMs / 60_000} min`;

/** What only a person ends is left to the scheduled looks. */
const paced = (job: Job, post: Post, nowMs: number): Decision | undefined => {
  if (nowMs >= post.sentMs + defaults.fullPassEveryMs) return undefined;
  const words = isAccessRefused(post.refusal?.code) ? {} : ({ waitFor: { kind: 'ecs' } } as const);
  return waiting(job, post.refusal?.text ?? 'not sent', 'SUBMISSION_FAILING', words);
};

/** Submissions in a row, of this revision, that took the process they were alone on with them. */
export const killsInARow = (attempts: readonly Attempt[], revision: string, isOne = isKill): number => {
  const all = tried(attempts);
  const survived = all.findLastIndex((attempt) => attempt.revision !== revision || !diedUnder(attempt));
  return all.slice(survived + 1).filter(({ posts }) => posts.some(isOne)).length;
};

/** Without those whose main() surely never began: they say nothing of what a JobManager dies of. */
export const tried = (attempts: readonly Attempt[]): readonly Attempt[] =>
  attempts.filter(({ posts, acknowledged }) => acknowledged || posts.length === 0 || posts.some(mayHaveBegun));

const mayHaveBegun = ({ answer, refusal }: Post): boolean =>
  answer !== 'not-sent' && refusal?.code !== 'NOT_A_JAR' && refusal?.code !== 'JAR_GONE';

/** Its JobManager ended before anybody heard an answer: it, or one beside it, may be the cause. */
export const diedUnder = (attempt: Attempt): boolean =>
  attempt.sightedOn === undefined &&
  attempt.acknowledged === undefined &&
  attempt.posts.some((post) => post.processEnded && isUnheard(post));

/** Its connection broke with the process, and nothing else was under way there. A slow main() may meet an ordinary end, but not each time. */
const isKill = (post: Post): boolean => isDeathAlone(post) && post.answer === 'broken';

const isDeathAlone = (post: Post): boolean => isDeath(post) && post.alone === true;

const isDeath = ({ processEnded, answer }: Post): boolean =>
  processEnded && (answer === 'broken' || answer === 'unanswered');

const jarChanged = (job: Job, last: Attempt, context: Context): boolean => {
  const { readiness } = context;
  const jar = readiness.ready ? jarOf(job, readiness.view, context) : undefined;
  return jar?.known === true && jar.value.present && jar.value.version !== last.jarVersion;
};

const waitsAfterThrow = (
  job: Job,
  attempts: readonly Attempt[],
  { sentMs, processEnded }: Post,
  text: string,
  nowMs: number,
): Decision | undefined => {
  const posts = attempts.filter(({ revision }) => revision === job.revision).flatMap((attempt) => attempt.posts);
  const survived = posts.findLastIndex(({ refusal }) => refusal?.code !== 'MAIN_THREW');
  const throws = posts.length - 1 - survived;
  // What it throws while its process goes down says nothing of the next one, unless it is not the first time.
  if (throws === 1 && processEnded) return undefined;
  const distances = defaults.throwRetryMs;
  const distanceMs = distances[Math.min(throws, distances.length) - 1] ?? 0;
  if (nowMs >= sentMs + distanceMs) return undefined;
  return waiting(
    job,
    `main() threw ${throws === 1 ? 'once' : `${throws} times`}, the next try is ${distanceMs / 60_000} min after the last: ${text}`,
    'MAIN_THREW',
    { gist: text },
  );
};
