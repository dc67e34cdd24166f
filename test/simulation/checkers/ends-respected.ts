import { defaults } from '../../../lib/core/defaults.ts';
import type { Start } from '../world/truth.ts';
import type { World } from '../world/world.ts';
import { type Checker, eachOf, isNews, type Run } from './checker.ts';

/**
 * I6: an end is not a loss. What ended on a JobManager that still lives, but by failing, is not started again, unless a person said
 * something, or the product ended it itself.
 */
export const endsRespected: Checker = (run) => eachOf(run, run.world.truth.starts, startedAfterEnd);

const startedAfterEnd = ({ copy, atMs }: Start, { world }: Run, index: number): string | undefined => {
  if (copy.by !== 'autopilot') return undefined;
  const earlier = world.truth.starts.slice(0, index);
  const before = earlier.findLast((each) => each.copy.lineage === copy.lineage)?.copy;
  if (before === undefined || before.jobId === copy.jobId || before.process !== copy.process) return undefined;
  if (isForgotten(world, before, atMs) || isUnheard(world, before)) return undefined;
  if (!ended.has(before.state) || isAskedFor(world, before, atMs) || !isKnown(world, before)) return undefined;
  return `${copy.jobId} is started although ${before.jobId} is ${before.state} on ${before.process}`;
};

const ended: ReadonlySet<string> = new Set(['FINISHED', 'CANCELED']);

/** What people started and what ended before anybody looked is not known. */
const isKnown = ({ store }: World, { cluster, jobId }: Before): boolean =>
  Object.values(store.memory(cluster).jobs).some(({ attempts }) => attempts.some((each) => each.jobId === jobId));

/** What ZooKeeper kept began anew since: whose end nobody saw before is lost with it, as with a process. */
const isForgotten = ({ truth }: World, { cluster, sinceMs }: Before, nowMs: number): boolean =>
  memoryAt(truth, cluster, sinceMs) !== memoryAt(truth, cluster, nowMs);

const memoryAt = ({ leaderships }: World['truth'], cluster: string, ms: number): string | undefined =>
  leaderships.findLast((each) => each.cluster === cluster && each.atMs <= ms)?.memory;

/**
 * Another leader than was asked started it, or what ZooKeeper kept began anew while the call or its main() was under way, and nobody ever saw it: the same as a
 * POST that came to nothing (docs/guarantees.md).
 */
const isUnheard = ({ truth, store }: World, { cluster, jobId, process, sinceMs }: Before): boolean => {
  const attempts = Object.values(store.memory(cluster).jobs).flatMap((memory) => memory.attempts);
  const isSeen = attempts.some((attempt) => attempt.jobId === jobId && attempt.sightedOn !== undefined);
  const isElsewhere = (post: World['truth']['posts'][number]): boolean =>
    post.process !== process ||
    memoryAt(truth, cluster, post.deadlineMs - defaults.submitCallMs) !== memoryAt(truth, cluster, sinceMs);
  return !isSeen && truth.posts.some((post) => post.jobId === jobId && isElsewhere(post));
};

type Before = World['truth']['starts'][number]['copy'];

/** A person said something, or the product ended it itself, since shortly before it was submitted. */
export const isAskedFor = (world: World, before: Before, nowMs: number): boolean => {
  const { truth } = world;
  const { cluster, jobId } = before;
  const sinceMs = decidedMs(world, before);
  if ([...truth.cancels, ...truth.triggers].some((ending) => ending.jobId === jobId)) return true;
  return isNews(world, cluster, sinceMs, nowMs);
};

/** Who submitted it may have begun, with the manifest of that time, so long before. */
const INVOCATION_MS = 180_000;

/** What was deployed after that, though before it ran, asks for another one. */
const decidedMs = ({ truth }: World, { jobId, sinceMs }: Before): number =>
  (truth.posts.find((post) => post.jobId === jobId)?.atMs ?? sinceMs) - INVOCATION_MS;
