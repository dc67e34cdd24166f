import { defaults } from '../../../lib/core/defaults.ts';
import type { Job } from '../../../lib/core/model.ts';
import { effectsOf } from '../sim.ts';
import type { JobCopy, Start } from '../world/truth.ts';
import { always, anyOf, type Checker, eachOf, type Run } from './checker.ts';
import { jobIdOf, lookBefore } from './looks.ts';
import { lineageOf } from './sender.ts';
import { isRestoreRefused } from './usable.ts';

/** No copy is started beside another one, unless a person started that where the product could not see it any more. */
const noneBeside: Checker = (run) =>
  eachOf(run, run.world.truth.starts, (start) => {
    const other =
      start.copy.by === 'person' || isOutlasted(run, start)
        ? undefined
        : start.beside.find((copy) => isOurs(run, start, copy));
    return other && `live: ${other.jobId} and ${start.copy.jobId}`;
  });

/** By a main() that took longer than it may, while another JobManager came to lead beside its own: an honest limit. */
const isOutlasted = ({ world: { truth } }: Run, { atMs, copy, beside }: Start): boolean =>
  truth.posts.some(({ jobId, cluster, process, atMs: sentMs, endedMs }) => {
    if (jobId !== copy.jobId || endedMs !== atMs) return false;
    const isLater = ({ sinceMs }: JobCopy): boolean => sinceMs >= sentMs + defaults.mainWithinMs;
    return (
      beside.every(isLater) &&
      truth.leaderships.some(
        (next) => next.cluster === cluster && next.process !== process && next.atMs > sentMs && next.atMs < atMs,
      )
    );
  });

/** A POST counts as a live copy as long as its main() may bring one. */
const noneToCome: Checker = always((run) => {
  const mains = openMains(run);
  return () => {
    const open = mains();
    if (open.length === 0) return undefined;
    const ours = run.world.truth.copies.filter(({ by }) => by !== 'person');
    const ids = new Map(ours.map(({ lineage, jobId }) => [lineage, jobId]));
    for (const { jobId, process } of open) {
      if (isHad(run, jobId, process)) continue;
      const other = ids.get(lineageOf(jobId));
      if (other !== undefined && other !== jobId) return `live: ${other}, and ${jobId} in main() on ${process}`;
      ids.set(lineageOf(jobId), jobId);
    }
    return undefined;
  };
});

/** Flink refuses an id that it has had, also after its end, and where it FAILED for its snapshot: its process keeps the result. */
const isHad = ({ world: { truth } }: Run, id: string, on: string): boolean =>
  truth.starts.some(({ copy }) => copy.jobId === id && copy.process === on) ||
  truth.posts.some((post) => post.jobId === id && post.process === on && isRestoreRefused(post));

/** I1: at most one live copy of a job, whatever its id: what lives, and what a main() that still runs may yet bring. */
export const oneLiveCopy: Checker = anyOf(noneBeside, noneToCome);

/** High availability brings back both where people started two: the product never touches such a process (I6). */
const isOurs = (run: Run, start: Start, other: JobCopy): boolean =>
  (start.copy.by === 'autopilot' || other.by === 'autopilot') && isSeen(run, start, other);

/** A person's copy that began after the look on which ours was submitted nobody can know of. */
const isSeen = (run: Run, { copy }: Start, other: JobCopy): boolean => {
  const { sim, world } = run;
  if (other.by !== 'person') return true;
  // A person may have said that it is another job, or that it is not this one.
  const { jobs: memories } = world.store.memory(other.cluster);
  const jobs = world.clusters().find(({ name }) => name === other.cluster)?.jobs ?? [];
  const isOfOther = ({ name, lineage }: Job): boolean =>
    lineage === copy.lineage
      ? memories[name]?.ignored?.includes(other.jobId) === true
      : memories[name]?.attempts.some(({ jobId }) => jobId === other.jobId) === true;
  if (jobs.some(isOfOther)) return false;
  if (jobs.some((job) => job.lineage === copy.lineage && isKnownOtherwise(run, job, other))) return false;
  const call = effectsOf(sim, 'flink.run').findLast((each) => jobIdOf(each) === copy.jobId);
  return call !== undefined && other.sinceMs < lookBefore(call).sinceMs;
};

/** All that was ever seen of it is what a person said is this job, under another name than it has: that is its name then. */
const isKnownOtherwise = ({ world }: Run, { name, flinkName }: Job, { cluster, name: real }: JobCopy): boolean => {
  const attempts = world.store.memory(cluster).jobs[name]?.attempts ?? [];
  const names = attempts.flatMap((attempt) => attempt.flinkName ?? []);
  return flinkName === undefined && names.length > 0 && !names.includes(real);
};

type Posts = Run['world']['truth']['posts'];

/** POSTs whose main() runs, as long as it may. */
const openMains = ({ sim, world }: Run): (() => Posts) => {
  let read = 0;
  let open: Posts = [];
  return () => {
    const { posts } = world.truth;
    if (open.length > 0 || read < posts.length)
      open = [...open, ...posts.slice(read)].filter(
        ({ atMs, endedMs }) => endedMs === undefined && sim.time.nowMs() < atMs + defaults.mainWithinMs,
      );
    read = posts.length;
    return open;
  };
};
