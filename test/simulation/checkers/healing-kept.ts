import { defaults } from '../../../lib/core/defaults.ts';
import { type HealingLimits, healingLimitsOf } from '../../../lib/core/healing/limits.ts';
import { attemptOf } from '../../../lib/core/identity.ts';
import type { Attempt } from '../../../lib/core/model.ts';
import type { JobCopy } from '../world/truth.ts';
import { type Checker, eachOf, isNews, type Run } from './checker.ts';
import { isAskedFor } from './ends-respected.ts';
import { lineageOf, senderOf } from './sender.ts';

/** I7: what failed is started again so often in a row at most, and each time after a while, unless a person said or changed something. */
export const healingKept: Checker = (run) => {
  const rows = new Map<string, readonly JobCopy[]>();
  const { starts } = run.world.truth;
  return eachOf(run, starts, ({ copy, atMs }, _, index) => {
    const before = starts.slice(0, index).findLast((each) => each.copy.lineage === copy.lineage)?.copy;
    if (before === undefined || before.jobId === copy.jobId) return undefined;
    const isAnother = isAskedForAnew(run, before, copy, atMs);
    const isForgiven = isAnother || atMs - before.sinceMs >= limitsOf(run, before).refillMs;
    const row = isForgiven ? [] : (rows.get(copy.lineage) ?? []).filter(isOnRecord(copy));
    const restarts = !isAnother && isRestart(run, before, copy, atMs) ? [...row, copy] : row;
    rows.set(copy.lineage, restarts);
    const limits = limitsOf(run, copy);
    return restarts === row ? undefined : (tooMany(restarts, limits) ?? tooSoon(run, restarts, limits));
  });
};

const isRestart = ({ world }: Run, before: JobCopy, { by }: JobCopy, atMs: number): boolean =>
  by === 'autopilot' &&
  (isCured(world, before) || (recorded(world, before)?.end?.state === 'FAILED' && !isAskedFor(world, before, atMs)));

/** The product itself ended it, since it was ill. */
const isCured = (world: Run['world'], before: JobCopy): boolean => recorded(world, before)?.stop?.order === 'heal';

/** A person said something, or it is of another jar: that is no restart. */
const isAskedForAnew = ({ world }: Pick<Run, 'world'>, before: JobCopy, copy: JobCopy, atMs: number): boolean =>
  (isAskedFor(world, before, atMs) && !isCured(world, before)) ||
  isNews(world, copy.cluster, before.sinceMs, atMs) ||
  recorded(world, before) === undefined ||
  recorded(world, before)?.jarVersion !== recorded(world, copy)?.jarVersion;

const recorded = ({ store }: Run['world'], { cluster, jobId }: JobCopy): Attempt | undefined =>
  Object.values(store.memory(cluster).jobs)
    .flatMap(({ attempts }) => attempts)
    .find((attempt) => attempt.jobId === jobId);

/** Attempts are kept of the newest ones. */
const isOnRecord =
  (copy: JobCopy) =>
  (each: JobCopy): boolean =>
    numberOf(copy) - numberOf(each) < defaults.attemptsMax - 2;

const numberOf = ({ jobId }: JobCopy): number => attemptOf(lineageOf(jobId), jobId) ?? 0;

const tooMany = (restarts: readonly JobCopy[], limits: HealingLimits): string | undefined =>
  restarts.length <= limits.restarts
    ? undefined
    : `${restarts.at(-1)?.jobId} is the restart number ${restarts.length} of what fails again and again`;

/** Counted from POST to POST; one may come so long after its decision. */
const tooSoon = (run: Run, restarts: readonly JobCopy[], { distanceMs }: HealingLimits): string | undefined => {
  const [first, second] = restarts.slice(-2).map(({ jobId }) => promptPost(run, jobId));
  if (first === undefined || second === undefined || second - first >= distanceMs - SENT_BEFORE_MS) return undefined;
  return `${restarts.at(-1)?.jobId} is started ${second - first} ms after the restart before it`;
};

/** By the manifest as it is; what it was before is older than what a person said. */
const limitsOf = ({ world }: Pick<Run, 'world'>, { cluster, lineage }: JobCopy): HealingLimits => {
  const jobs = world.clusters().find(({ name }) => name === cluster)?.jobs ?? [];
  return healingLimitsOf(jobs.find((job) => job.lineage === lineage) ?? {});
};

const SENT_BEFORE_MS = defaults.uploadCallMs + 6_000;

const promptPost = ({ sim, world }: Run, jobId: string): number | undefined => {
  const post = world.truth.posts.find((each) => each.jobId === jobId);
  return senderOf(sim, post?.invocation)?.faults === 0 ? post?.atMs : undefined;
};
