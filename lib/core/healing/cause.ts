import { defaults } from '../defaults.ts';
import { viewsOf } from '../liveness.ts';
import type { Attempt, Cluster, FlinkJob, JobMemory, Observation } from '../model.ts';

/** Ids of listed jobs whose failure is seen for the first time: Flink is asked why, and of a bounded number in one look. */
export const newlyFailed = (
  { jobs }: Cluster,
  memories: Readonly<Record<string, JobMemory>>,
  listed: readonly FlinkJob[],
): readonly string[] => {
  const failed = new Set(listed.filter(({ state }) => state === 'FAILED').map(({ jobId }) => jobId));
  if (failed.size === 0) return [];
  const newest = jobs.flatMap(({ name, enabled }) => {
    const last = enabled && Object.hasOwn(memories, name) ? memories[name]?.attempts.at(-1) : undefined;
    return last !== undefined && last.end === undefined && failed.has(last.jobId) ? [last.jobId] : [];
  });
  return newest.slice(0, defaults.health.samplesAtOnceMax);
};

/** The end with what Flink says of it. */
export const withCause = (attempt: Attempt, observation: Observation): Attempt => {
  const { end, jobId } = attempt;
  if (end?.state !== 'FAILED' || end.cause !== undefined) return attempt;
  const seen = viewsOf(observation).map(({ exceptions = {} }) => exceptions[jobId]);
  const cause = seen.flatMap((each) => (each?.known && each.value !== undefined ? [each.value.cause] : []))[0];
  return cause === undefined ? attempt : { ...attempt, end: { ...end, cause } };
};
