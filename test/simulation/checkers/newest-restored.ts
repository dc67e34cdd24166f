import type { Attempt } from '../../../lib/core/model.ts';
import { sinceOrder } from '../../../lib/core/state/ordered.ts';
import { effectsOf } from '../sim.ts';
import type { ReachedPost, TrueSnapshot, World } from '../world/world.ts';
import { type Checker, eachOf, type Run } from './checker.ts';
import { jobIdOf } from './looks.ts';
import { lineageOf } from './sender.ts';
import { isRestoreRefused, usable } from './usable.ts';

/**
 * I2: what a submission names is there, of the job's own lineage, and the newest of it: but for what Flink refused, and
 * what a person named. What is left is judged by what was there when it was proven for the last time.
 */
export const newestRestored: Checker = (run) =>
  eachOf(run, run.world.truth.posts, (post) => notThere(run, post) ?? notNewest(run, post));

const notThere = (run: Run, post: ReachedPost): string | undefined => {
  const { jobId, restore, left, atMs, deadlineMs } = post;
  if (restore === undefined || left.some(({ path }) => path === restore)) return undefined;
  if (isNamed(run, post, restore)) return undefined;
  // It may go while its call is on its way, which a process that stands still takes late.
  const goneMs = run.world.truth.lostSnapshots.find(({ path }) => path === restore)?.atMs;
  return goneMs === undefined || goneMs < Math.min(atMs, deadlineMs) - ON_ITS_WAY_MS
    ? `${jobId} is to begin from ${restore}, where no complete snapshot of its own is`
    : undefined;
};

/** A late call arrives so long after its proof. */
const ON_ITS_WAY_MS = 180_000;

const isNamed = ({ world }: Run, { cluster, jobId }: ReachedPost, path: string): boolean =>
  attemptsOf(world, cluster, jobId).some(({ nextFrom }) => nextFrom?.kind === 'snapshot' && nextFrom.path === path);

const notNewest = (run: Run, post: ReachedPost): string | undefined => {
  const { jobId, restore, left, cluster } = post;
  const attempts = attemptsOf(run.world, cluster, jobId);
  const at = attempts.findIndex((attempt) => attempt.jobId === jobId);
  if (restore === undefined || at < 0) return undefined;
  const before = attempts.slice(0, at);
  const { from } = sinceOrder(before);
  if (from?.kind === 'snapshot' && from.path === restore) return undefined;
  const own = left.find(({ path }) => path === restore);
  const provenMs = provenAtMs(run, post, attempts[at]);
  const newer = usable(left, lineageOf(jobId), before).findLast(
    (each) => each.atMs > (own?.atMs ?? 0) && each.atMs < provenMs && !isRefusedBefore(run, post, each),
  );
  return newer && own && `${jobId} is to begin from ${restore}, although ${newer.path} is newer`;
};

const attemptsOf = ({ store }: World, cluster: string, jobId: string): readonly Attempt[] =>
  Object.values(store.memory(cluster).jobs).find(({ attempts }) => attempts.some((each) => each.jobId === jobId))
    ?.attempts ?? [];

const isRefusedBefore = ({ world }: Run, { jobId, atMs }: ReachedPost, { path }: TrueSnapshot): boolean =>
  world.truth.posts.some(
    (post) =>
      post.restore === path && post.atMs < atMs && lineageOf(post.jobId) === lineageOf(jobId) && isRestoreRefused(post),
  );

/** What an earlier call of it may have begun from stays. */
const provenAtMs = ({ sim }: Run, post: ReachedPost, attempt: Attempt | undefined): number => {
  const [first, ...again] = attempt?.posts ?? [];
  if (first !== undefined && again.length > 0) return first.sentMs - SKEW_MS;
  const sent = effectsOf(sim, 'flink.run').findLast(
    (call) => call.by.name === post.invocation && (call.executedMs ?? 0) <= post.atMs && jobIdOf(call) === post.jobId,
  );
  const before = sent?.by.calls.slice(0, sent.by.calls.indexOf(sent)) ?? [];
  const lineage = lineageOf(post.jobId);
  const search = before.findLast(
    ({ name, args: [directory, prefix] }) =>
      name === 'snapshots.children' && (prefix === lineage || String(directory).includes(lineage)),
  );
  return search?.executedMs ?? 0;
};

/** Clocks differ by so much, and may be set back. */
const SKEW_MS = 8_000;
