import { type Context, type Decision, held, waiting } from './decision.ts';
import { defaults } from './defaults.ts';
import { isAccessRefused } from './errors.ts';
import { jarOf } from './jars.ts';
import { isUnheard } from './liveness.ts';
import type { Attempt, Job, JobMemory, Post } from './model.ts';
import type { ToldCode } from './problems.ts';

/** What the last submissions came to, where they did not make the job live: hold, wait, or (undefined) try once more. */
export const heldByRefusal = (job: Job, { attempts }: JobMemory, context: Context): Decision | undefined => {
  const last = attempts.at(-1);
  const post = last?.posts.at(-1);
  if (last === undefined || post === undefined || last.acknowledged || last.revision !== job.revision) return undefined;
  const killer = heldByKills(job, attempts);
  if (killer !== undefined) return killer;
  // Its job may have run and gone with its JobManager; what main() throws it throws on the next one, too.
  const threw = post.refusal?.code === 'MAIN_THREW' && last.sightedOn === undefined;
  if (threw && last.end?.state === 'LOST') return waitsAfterThrow(job, attempts, post, context.nowMs);
  if (last.end !== undefined || last.sightedOn !== undefined) return undefined;
  const hung = last.posts.filter(({ answer, settledByMs }) => answer === 'unanswered' && settledByMs <= context.nowMs);
  if (hung.length >= defaults.hungMax && !jarChanged(job, last, context))
    return held(job, 'SUBMISSION_UNANSWERED', `main() did not end within ${mainMinutes} min, ${hung.length} times`);
  if (post.answer === 'not-sent') return paced(job, post, context.nowMs);
  if (post.answer !== 'refused') return undefined;
  const text = post.refusal?.text ?? 'refused';
  if (post.refusal?.code === 'MAIN_THREW') return waitsAfterThrow(job, attempts, post, context.nowMs);
  const again = isPassing(last) || jarChanged(job, last, context);
  return again ? undefined : held(job, 'SUBMISSION_REFUSED', text);
};

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

/** What the submissions suffer from, the newest answer first: told until the job is seen live. */
export const troubleOf = (
  job: Job,
  attempts: readonly Attempt[],
  nowMs: number,
): { readonly code: ToldCode; readonly text: string } | undefined => {
  const ran = attempts.findLastIndex(({ sightedOn }) => sightedOn !== undefined);
  const posts = attempts
    .slice(ran + 1)
    .filter(({ revision }) => revision === job.revision)
    .flatMap((attempt) => attempt.posts);
  const post = posts.findLast((each) => !isUnheard(each));
  const text = post?.refusal?.text ?? 'no answer';
  if (post?.answer === 'not-sent') return { code: 'SUBMISSION_FAILING', text };
  if (post?.refusal?.code === 'MAIN_THREW') return { code: 'MAIN_THREW', text };
  if (posts.some((each) => isUnheard(each) && each.settledByMs <= nowMs))
    return { code: 'SUBMISSION_UNANSWERED', text: `main() did not end within ${mainMinutes} min` };
  return undefined;
};

const mainMinutes = defaults.mainWithinMs / 60_000;

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

/** Without those that surely never reached Flink: they say nothing of what a JobManager dies of. */
export const tried = (attempts: readonly Attempt[]): readonly Attempt[] =>
  attempts.filter(
    ({ posts, acknowledged }) =>
      acknowledged || posts.length === 0 || posts.some(({ answer }) => answer !== 'not-sent'),
  );

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

/** The jar went away between upload and run: uploaded again, but not for ever. */
const isPassing = ({ posts }: Attempt): boolean =>
  posts.at(-1)?.refusal?.code === 'JAR_GONE' && posts.at(-2)?.refusal?.code !== 'JAR_GONE';

const jarChanged = (job: Job, last: Attempt, context: Context): boolean => {
  const { readiness } = context;
  const jar = readiness.ready ? jarOf(job, readiness.view, context) : undefined;
  return jar?.known === true && jar.value.present && jar.value.version !== last.jarVersion;
};

const waitsAfterThrow = (job: Job, attempts: readonly Attempt[], post: Post, nowMs: number): Decision | undefined => {
  const posts = attempts.filter(({ revision }) => revision === job.revision).flatMap((attempt) => attempt.posts);
  const survived = posts.findLastIndex(({ refusal }) => refusal?.code !== 'MAIN_THREW');
  const throws = posts.length - 1 - survived;
  const distances = defaults.throwRetryMs;
  const distanceMs = distances[Math.min(throws, distances.length) - 1] ?? 0;
  if (nowMs >= post.sentMs + distanceMs) return undefined;
  const text = post.refusal?.text ?? '';
  return waiting(
    job,
    `main() threw ${throws === 1 ? 'once' : `${throws} times`}, the next try is ${distanceMs / 60_000} min after the last: ${text}`,
    'MAIN_THREW',
  );
};
