import { attemptOf } from './identity.ts';
import { type Copy, liveJobs, viewsOf } from './liveness.ts';
import { type Attempt, type Cluster, emptyJobMemory, type Job, type JobMemory, type Observation } from './model.ts';
import { specOf } from './remember.ts';

type Memories = Readonly<Record<string, JobMemory>>;

/** The names by which a job is known on Flink: said in the manifest, else all that its attempts had, as a person may have said of another one that it is this job. */
export const namesOnFlink = (job: Job, { attempts }: JobMemory): readonly string[] =>
  job.flinkName === undefined ? attempts.flatMap(({ flinkName }) => flinkName ?? []) : [job.flinkName];

/** Of the live jobs on the cluster those that are no attempt of any of its jobs. */
export const foreignJobs = (memories: Memories, live: readonly Copy[]): readonly Copy[] => {
  if (live.length === 0) return [];
  const own = new Set<string>();
  for (const { attempts } of Object.values(memories)) for (const { jobId } of attempts) own.add(jobId);
  const foreign = live.filter(({ job }) => !own.has(job.jobId));
  // Two JobManagers may list one job.
  return [...new Map(foreign.map((copy) => [copy.job.jobId, copy])).values()];
};

/** Of the foreign jobs those that may be this one: of its name where that is known, and not said to be another. */
export const suspectsOf = (job: Job, memory: JobMemory, foreign: readonly Copy[]): readonly Copy[] => {
  const names = namesOnFlink(job, memory);
  return foreign.filter(
    ({ job: { name, jobId } }) => (names.length === 0 || names.includes(name)) && !memory.ignored?.includes(jobId),
  );
};

/**
 * A foreign live job of a job's name is that job, started by somebody else, as long as no copy of our own may live: it
 * becomes an attempt. Two of that name are nobody's, and so is one that two jobs could claim.
 */
export const withAdopted = (memories: Memories, { jobs }: Cluster, observation: Observation): Memories => {
  const live = liveJobs(observation);
  const foreign = foreignJobs(memories, live);
  if (foreign.length === 0) return memories;
  const claims = jobs.flatMap((job) => {
    const memory = memories[job.name] ?? emptyJobMemory;
    const [suspect, ...more] = suspectsOf(job, memory, foreign);
    if (suspect === undefined || more.length > 0) return [];
    const isFree = namesOnFlink(job, memory).length > 0 && !isLive(memory, live) && !mayLive(memory, observation);
    return isFree ? [{ job, memory, suspect }] : [];
  });
  const isAlone = ({ suspect }: (typeof claims)[number]): boolean =>
    claims.filter((claim) => claim.suspect.job.jobId === suspect.job.jobId).length === 1;
  const adopted = claims
    .filter(isAlone)
    .map(({ job, memory, suspect }) => [job.name, adopt(job, memory, suspect)] as const);
  return { ...memories, ...Object.fromEntries(adopted) };
};

/** A copy of one of its attempts is among the live ones. */
const isLive = ({ attempts }: JobMemory, live: readonly Copy[]): boolean =>
  live.some(({ job }) => attempts.some(({ jobId }) => jobId === job.jobId));

/** No list has it, and Flink knows it by its id, or did not answer when it was asked by that. */
export const mayLive = ({ attempts }: JobMemory, observation: Observation): boolean =>
  viewsOf(observation).some(({ byId }) =>
    attempts.some(({ jobId, end }) => {
      const said = end === undefined ? byId[jobId] : undefined;
      return said !== undefined && !(said.known && said.value === 'absent');
    }),
  );

/** The foreign job as the next attempt, under the id that it has. What it was made from nobody knows: the manifest is taken for it. */
export const adopt = (job: Job, memory: JobMemory, { job: found, on }: Copy): JobMemory => {
  const attempt: Attempt = {
    n: (memory.attempts.at(-1)?.n ?? 0) + 1,
    jobId: found.jobId,
    revision: job.revision,
    spec: specOf(job),
    jarVersion: 'unknown',
    jarSizeBytes: 0,
    taskDefinitionArn: 'unknown',
    flinkVersion: 'unknown',
    posts: [],
    sightedOn: on,
    flinkName: found.name,
  };
  return { ...memory, attempts: [...memory.attempts, attempt] };
};

/** It was not started by us: it is watched, and never cancelled. */
export const isAdopted = ({ lineage }: Job, { jobId }: Attempt): boolean => attemptOf(lineage, jobId) === undefined;
