import type { Call } from '../sim.ts';
import { type Checker, eachCall } from './checker.ts';
import { jobIdOf, lookBefore } from './looks.ts';
import { lineageOf } from './sender.ts';

/** I3: nothing is done to a job that is only watched, switched off or paused, nor ever to what others started. */
export const restraintKept: Checker = eachCall(['flink.run', 'flink.cancel', 'flink.savepoint'], (call) => {
  const jobId = jobIdOf(call);
  const found = call.by.manifest.flatMap((cluster) =>
    cluster.jobs.filter(({ lineage }) => lineage === lineageOf(jobId)).map((job) => ({ cluster, job })),
  )[0];
  // One that was adopted keeps its id.
  if (found === undefined && call.name === 'flink.savepoint') return undefined;
  if (found === undefined) return `${call.by.name} acts on ${jobId}, which is none of ours`;
  const { cluster, job } = found;
  if (cluster.mode !== undefined || job.mode !== undefined)
    return `${call.by.name} acts on ${jobId}, which is not in run`;
  if (!job.enabled) return `${call.by.name} acts on ${jobId}, which is switched off`;
  return isPaused(call, job.name) ? `${call.by.name} acts on ${jobId}, which is paused` : undefined;
});

const isPaused = (call: Call, job: string): boolean => {
  const { memory } = lookBefore(call);
  const pauses = [memory?.pause, memory?.jobs[job]?.pause];
  // An order of that look may have ended it.
  if (memory?.orders.some(({ kind }) => kind === 'resume' || kind === 'pause')) return false;
  return pauses.some(
    (pause) => pause !== undefined && (pause.untilMs === undefined || pause.untilMs > call.atMs + SKEW_MS),
  );
};

/** Clocks differ by so much. */
const SKEW_MS = 5_000;
