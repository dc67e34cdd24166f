import { defaults } from '../../../lib/core/defaults.ts';
import { Fault } from '../../../lib/core/errors.ts';
import type { Call } from '../sim.ts';
import type { ReachedPost } from '../world/truth.ts';
import { anyOf, type Checker, eachCall, eachOf, isNews, type Run } from './checker.ts';
import { clusterOf, jobIdOf } from './looks.ts';
import { isTroubled, lineageOf, manifestOf, senderOf } from './sender.ts';
import { isRestoreRefused } from './usable.ts';

/** A job that ends its JobManager is submitted so often in a row at most: once beside others, and then alone. */
const killsBounded: Checker = (run) =>
  eachPost(run, (post, before) => {
    const row = before
      .slice(before.findLastIndex((each) => !isKill(run, each)) + 1)
      .filter((each) => isHeard(run, each) && !hasRunBetween(run, each, post) && !isSurvivedBetween(run, each, post));
    // Of several without an answer nobody knows which one it was, so that this one is told apart later.
    const unsure = row.slice(1).filter((each) => !isAlone(run, each));
    if (row.length - unsure.length <= defaults.killsMax || isTouched(run, row[0], post)) return undefined;
    return `${post.jobId} is submitted although ${row.length} before it ended their JobManager`;
  });

/** A main() that hung as often as it may on one process is not called there again, unless its jar is another. */
const hangsBounded: Checker = (run) => {
  const versions = new Map<ReachedPost, string | undefined>();
  return eachPost(run, (post, before) => {
    versions.set(post, jarVersionOf(run, post.cluster, post.jobId));
    const hung = before.filter(
      (each) =>
        each.process === post.process &&
        isHung(each, post.atMs) &&
        !isListedAsFailed(each, before) &&
        isPrompt(run, each) &&
        !hasRunBetween(run, each, post),
    );
    const isOther = hung.some((each) => versions.get(each) !== versions.get(post));
    if (hung.length < defaults.hungMax || isOther || isTouched(run, hung[0], post)) return undefined;
    return `${post.jobId} is submitted although it hung ${hung.length} times on ${post.process}`;
  });
};

/** What came of one of its calls was seen in the list. */
const isListedAsFailed = ({ jobId }: ReachedPost, before: readonly ReachedPost[]): boolean =>
  before.some((each) => each.jobId === jobId && isRestoreRefused(each));

const isHung = ({ atMs, endedMs }: ReachedPost, nowMs: number): boolean =>
  (endedMs ?? nowMs) - atMs >= defaults.mainWithinMs;

/** What main() threw may pass: it is tried again later, and at once only after a first throw on a process that has ended since. */
const throwsPaced: Checker = (run) =>
  eachPost(run, (post, before) => {
    const last = before.at(-1);
    if (last?.ended !== 'MAIN_THREW' || !isHeard(run, last) || isTouched(run, last, post)) return undefined;
    if (!isPrompt(run, post)) return undefined;
    if (isFirstThrow(run, before) && hasEnded(run, last.process, post.atMs)) return undefined;
    const leastMs = (defaults.throwRetryMs[0] ?? 0) - SENT_BEFORE_MS;
    return post.atMs - last.atMs >= leastMs
      ? undefined
      : `${post.jobId} again ${post.atMs - last.atMs} ms after it threw`;
  });

/** The last of them, in a row of those that their senders heard and nobody touched. */
const isFirstThrow = (run: Run, posts: readonly ReachedPost[]): boolean => {
  const [earlier, last] = posts.slice(-2);
  if (earlier === undefined || last === undefined) return true;
  return earlier.ended !== 'MAIN_THREW' || !isHeard(run, earlier) || isTouched(run, earlier, last);
};

const hasEnded = ({ world }: Run, process: string, atMs: number): boolean =>
  world.truth.processes.some(({ id, endedMs }) => id === process && endedMs !== undefined && endedMs <= atMs);

/** What Flink refuses for good is not sent again, unless its jar is another, or a person made it run since, and it was lost. */
const refusalsHeld: Checker = (run) => {
  const last = new Map<string, { readonly call: Call; readonly version: string | undefined }>();
  return eachCall(['flink.run'], (call) => {
    // Who froze may send late what it intended before the refusal.
    if (call.by.disturbed) return undefined;
    const jobId = jobIdOf(call);
    const cluster = clusterOf(call) ?? '';
    const version = jarVersionOf(run, cluster, jobId);
    const before = last.get(lineageOf(jobId));
    last.set(lineageOf(jobId), { call, version });
    const code = before === undefined ? undefined : refusedAs(before.call);
    if (before === undefined || code === undefined || before.version !== version) return undefined;
    // What was refused was of the manifest that its sender began with.
    const isTouched = isTouchedBetween(run, cluster, before.call.by.sinceMs, call.atMs);
    const hasRun = run.world.truth.starts.some(
      ({ copy, atMs }) => copy.by === 'person' && copy.lineage === lineageOf(jobId) && atMs >= before.call.atMs,
    );
    return isTouched || hasRun || isRedeployed(run, cluster, jobId, [before.call.by.name, call.by.name])
      ? undefined
      : `${jobId} is submitted again although it was refused: ${code}`;
  })(run);
};

const refusedAs = ({ by, given }: Call): string | undefined => {
  const fault = given !== undefined && 'fault' in given && given.fault instanceof Fault ? given.fault : undefined;
  return !isTroubled(by) && fault !== undefined && refusals.has(fault.code) ? fault.code : undefined;
};

/** I7: what fails again and again is not tried again and again. */
export const budgetKept: Checker = anyOf(killsBounded, hangsBounded, throwsPaced, refusalsHeld);

const refusals: ReadonlySet<string> = new Set(['NOT_A_JAR', 'CLASS_MISSING', 'NO_JOB']);

/** A POST counts from its decision on, which secrets, the upload and clocks may put so long before its arrival. */
const SENT_BEFORE_MS = defaults.uploadCallMs + 6_000;

/** Each POST once, with those of its lineage that came before it. */
const eachPost = (run: Run, judge: (post: ReachedPost, before: readonly ReachedPost[]) => string | undefined) => {
  const byLineage = new Map<string, ReachedPost[]>();
  return eachOf(run, run.world.truth.posts, (post) => {
    const before = byLineage.get(lineageOf(post.jobId)) ?? [];
    byLineage.set(lineageOf(post.jobId), [...before, post]);
    return judge(post, before);
  });
};

const isAlone = ({ world }: Run, { jobId, process, endedMs = 0 }: ReachedPost): boolean =>
  !world.truth.posts.some(
    (other) => other.process === process && other.jobId !== jobId && other.atMs <= endedMs && other.endedMs === endedMs,
  );

/** A copy of the job ran meanwhile, whoever started it. */
const hasRunBetween = ({ world }: Run, from: ReachedPost, to: ReachedPost): boolean =>
  world.truth.starts.some(
    ({ copy, atMs }) => copy.lineage === lineageOf(to.jobId) && atMs > from.atMs && atMs < to.atMs,
  );

/** Another version of its jar was refused by a process that lived on. */
const isSurvivedBetween = ({ world }: Run, from: ReachedPost, to: ReachedPost): boolean =>
  world.truth.bounced.some(
    ({ jobId, atMs, ended = '' }) =>
      lineageOf(jobId) === lineageOf(to.jobId) && atMs > from.atMs && atMs < to.atMs && ofMain.has(ended),
  );

/** Codes of a main() that was looked for. */
const ofMain: ReadonlySet<string> = new Set(['CLASS_MISSING', 'NO_JOB']);

/** An earlier POST of the same id may have thrown there. */
const isKill = ({ world }: Run, { process, jobId, ended }: ReachedPost): boolean =>
  (ended === 'died' || ended === 'killed its process') &&
  world.truth.processes.some(({ id, endedHow = '' }) => id === process && endedHow.endsWith(`main() of ${jobId}`));

/** Its sender met no trouble, and was there to hear what came of it. */
const isHeard = ({ sim }: Run, post: ReachedPost): boolean => {
  const by = senderOf(sim, post.invocation);
  return by !== undefined && !isTroubled(by) && (post.endedMs ?? 0) < post.deadlineMs;
};

/** Its sender met no trouble: others may be sent long before they arrive. */
const isPrompt = ({ sim }: Run, { invocation }: ReachedPost): boolean => senderOf(sim, invocation)?.faults === 0;

const isTouched = (run: Run, from: ReachedPost | undefined, to: ReachedPost): boolean =>
  isTouchedBetween(run, to.cluster, from?.atMs ?? 0, to.atMs) ||
  isRedeployed(run, to.cluster, to.jobId, [from?.invocation, to.invocation]);

/** Who sent the first may have begun long before, with the manifest of that time, and the other one has another. */
const isRedeployed = (
  { sim }: Run,
  cluster: string,
  jobId: string,
  senders: readonly [string | undefined, string],
): boolean => new Set(senders.map((sender) => manifestOf(sim, sender, cluster, lineageOf(jobId))?.revision)).size > 1;

const isTouchedBetween = ({ world }: Run, cluster: string, fromMs: number, toMs: number): boolean =>
  isNews(world, cluster, fromMs - SENT_BEFORE_MS, toMs) ||
  // Of many orders at once some are carried out long after they were given.
  world.store
    .log(cluster)
    .some(
      ({ orderId, atMs }) => orderId !== undefined && atMs >= fromMs - SENT_BEFORE_MS && atMs <= toMs + SENT_BEFORE_MS,
    );

const jarVersionOf = ({ world }: Run, cluster: string, id: string): string | undefined =>
  Object.values(world.store.memory(cluster).jobs)
    .flatMap(({ attempts }) => attempts)
    .find(({ jobId }) => jobId === id)?.jarVersion;
