import { foreignJobs } from '../core/adoption.ts';
import { budgetOf } from '../core/healing/budget.ts';
import { liveJobs } from '../core/liveness.ts';
import type { Attempt, Cluster, Incident, Job } from '../core/model.ts';
import { memoryOf, specOf } from '../core/remember.ts';
import { isLeft } from '../core/state/check.ts';
import type { Look } from '../look.ts';
import type { Holder, Ports } from '../ports.ts';
import type { ClusterStatus, JobStatus, Remembered } from './answers.ts';
import { modeOf, tryLook, viewOf } from './view.ts';

/** How one cluster is: what is remembered, seen and decided. A part that is away leaves its reason; nothing is thrown. */
export const statusOf = async (ports: Ports, cluster: Cluster, untilMs: number): Promise<ClusterStatus> => {
  const [seen, busy] = await Promise.all([tryLook(ports, cluster, untilMs), holderOf(ports, cluster, untilMs)]);
  const nothing = { incidents: [], orders: [], jobs: [], foreign: [], left: [] };
  const head = { ...viewOf(cluster, seen), ...(busy === undefined ? {} : { busy }) };
  if (!seen.known) return { ...head, ...nothing };
  const look = seen.value;
  return {
    ...head,
    incidents: look.incidents.filter((each) => isOpen(each) && each.job === undefined),
    orders: look.memory.orders.filter(({ job }) => job === undefined),
    jobs: cluster.jobs.map((job) => jobStatusOf(cluster, job, look)),
    foreign: foreignOf(look),
    left: Object.keys(look.memory.jobs).filter((name) => !cluster.jobs.some((job) => job.name === name)),
  };
};

/** Live on the cluster and no attempt of any of its jobs. */
export const foreignOf = ({ observation, memories }: Look): ClusterStatus['foreign'] =>
  foreignJobs(memories, liveJobs(observation)).map(({ job: { jobId, name, state } }) => ({ jobId, name, state }));

/** Only to know whether somebody is ahead of us: where it cannot be read, the look itself says why. */
const holderOf = async ({ store, clock }: Ports, { name }: Cluster, untilMs: number): Promise<Holder | undefined> => {
  try {
    return await store.holder(name, clock.nowMs(), untilMs);
  } catch {
    return undefined;
  }
};

const isOpen = ({ state }: Incident): boolean => state !== 'closed';

const jobStatusOf = (cluster: Cluster, job: Job, look: Look): JobStatus => {
  const decision = look.decisions.find((each) => each.job === job.name);
  const memory = look.memories[job.name] ?? memoryOf(look.memory, job.name);
  const { attempts, pause, ignored } = memory;
  // What a newer attempt was started from since is needed again.
  const left = memory.check?.left?.filter(({ path }) => isLeft(job, memory, path)) ?? [];
  const last = attempts.at(-1);
  const healing = budgetOf(job, attempts);
  const keys = decision?.drift;
  return {
    job: job.name,
    enabled: job.enabled,
    mode: modeOf(cluster, job),
    ...(pause === undefined ? {} : { pause }),
    ...(last === undefined ? {} : { remembered: rememberedOf(last) }),
    seen: decision?.saw ?? 'unknown',
    verdict: decision?.verdict ?? 'wait',
    because: decision?.because ?? 'nothing was decided',
    ...(keys === undefined || last === undefined ? {} : { drift: { keys, runs: last.spec, wanted: specOf(job) } }),
    ...(healing.spent === 0 ? {} : { healing }),
    ...(left.length === 0 ? {} : { left }),
    ...(ignored === undefined ? {} : { ignored }),
    incidents: look.incidents.filter((each) => isOpen(each) && each.job === job.name),
    orders: look.memory.orders.filter((order) => order.job === job.name),
  };
};

const rememberedOf = (attempt: Attempt): Remembered => {
  const { n, jobId, revision, spec, jarVersion, posts, end, flinkName } = attempt;
  const [first] = posts;
  return {
    attempt: n,
    jobId,
    ...(first === undefined ? {} : { sinceMs: first.sentMs }),
    ...(end === undefined ? {} : { end }),
    ...(flinkName === undefined ? {} : { flinkName }),
    jarVersion,
    revision,
    spec,
  };
};
