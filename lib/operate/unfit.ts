import { liveCopies, liveJobs } from '../core/liveness.ts';
import type { Cluster, Job, Observation } from '../core/model.ts';
import { memoryOf } from '../core/remember.ts';
import type { Look } from '../look.ts';
import type { OrderRequest } from './request.ts';
import { driftOf, foreignOf } from './status.ts';
import { modeOf } from './view.ts';

/**
 * Why an order cannot be carried out as things are, in words for who gives it; undefined = nothing speaks against it. What
 * cannot be seen now speaks against nothing: the pass that takes the order decides.
 */
export const unfitness = (request: OrderRequest, cluster: Cluster, look: Look): string | undefined => {
  const job = cluster.jobs.find(({ name }) => name === request.job);
  switch (request.kind) {
    case 'pause':
    case 'resume':
    case 'release':
      return undefined;
    case 'restart':
    case 'apply':
      return job === undefined ? undefined : (unmovable(job, cluster, look) ?? unmoved(request, job, look));
    case 'adopt':
    case 'ignore':
      return notForeign(request, look);
  }
};

/** Nothing may be done to it, whatever is wanted. */
const unmovable = (job: Job, cluster: Cluster, { memory }: Look): string | undefined => {
  const { mode, because } = modeOf(cluster, job);
  if (!job.enabled) return `${job.name} has \`enabled: false\` in the manifest: nothing is submitted for it`;
  if (mode !== 'run') return `${job.name} is in mode ${mode} (${because}): nothing is done to it`;
  if (memory.pause !== undefined) return `${cluster.name} is paused: npx flink-autopilot resume ${cluster.name} first`;
  return undefined;
};

const unmoved = ({ kind, cluster }: OrderRequest, job: Job, look: Look): string | undefined => {
  const memory = look.memories[job.name] ?? memoryOf(look.memory, job.name);
  const ids = memory.attempts.map(({ jobId }) => jobId);
  const live = liveCopies(ids, look.observation);
  const place = `${cluster}/${job.name}`;
  if (live.length > 1) return `${job.name} has ${live.length} live copies: cancel the one you do not want in Flink`;
  if (live.length === 0 && wholly(look.observation))
    return `${job.name} has no live copy; where it is held, npx flink-autopilot release ${place} starts it anew`;
  if (kind === 'apply' && live.length === 1 && driftOf(job, memory) === undefined)
    return `${job.name} runs what the manifest says already (revision ${job.revision}); restart starts it anew`;
  return undefined;
};

const notForeign = ({ kind, jobId = '', cluster }: OrderRequest, look: Look): string | undefined => {
  const foreign = foreignOf(look);
  if (foreign.some((each) => each.jobId === jobId)) return undefined;
  if (liveJobs(look.observation).some(({ job }) => job.jobId === jobId))
    return `${jobId} is an attempt of the autopilot itself: there is nothing to ${kind}`;
  if (!wholly(look.observation)) return undefined;
  const list = foreign.slice(0, FOREIGN_SHOWN_MAX).map((each) => `${each.jobId} "${each.name}"`);
  const known = list.length === 0 ? 'no foreign job is' : `live and foreign: ${list.join(', ')}`;
  return `no job ${jobId} is live on ${cluster}; ${known}${list.length === 0 ? ' live there' : ''}`;
};

/** More would not be read. */
const FOREIGN_SHOWN_MAX = 10;

/** Everything that may run a job was seen, so that what is not listed is not there. */
const wholly = ({ ecs, flink }: Observation): boolean =>
  ecs.known && Object.values(flink).every((view) => view.known && view.value.jobs.known);
