import { planChanges } from '../core/changes.ts';
import type { Decision } from '../core/decision.ts';
import type { Cluster, Effect, Job } from '../core/model.ts';
import { withinUploads } from '../core/uploads.ts';
import type { Ports } from '../ports.ts';
import type { ClusterPlan, JobPlan, Would } from './answers.ts';
import { modeOf, tryLook, viewOf } from './view.ts';

/**
 * What the first pass in mode `run` would do now: the look, the decisions and the bounds (uploads, transaction) of a real
 * pass, on the cluster without its modes. Nothing is written and nothing is done.
 */
export const planOf = async (ports: Ports, cluster: Cluster, untilMs: number): Promise<ClusterPlan> => {
  const seen = await tryLook(ports, inModeRun(cluster), untilMs);
  const view = viewOf(cluster, seen);
  if (!seen.known) return { ...view, jobs: [] };
  const { memory } = seen.value;
  const decisions = withinUploads(seen.value.decisions);
  const { effects } = planChanges(memory, { ...seen.value, decisions, outcomes: [], mayAct: true });
  const wanted = new Map(seen.value.decisions.map(({ job, effect }) => [job, effect]));
  return {
    ...view,
    jobs: cluster.jobs.map((job) => {
      const decision = decisions.find((each) => each.job === job.name);
      return jobPlanOf(cluster, job, decision, wanted.get(job.name), effects);
    }),
  };
};

const inModeRun = ({ mode: _, modeBecause: __, jobs, ...cluster }: Cluster): Cluster => ({
  ...cluster,
  jobs: jobs.map(({ mode: ___, ...job }) => job),
});

/** `decision` of the first pass; what is `wanted` beyond it comes in the next one. */
const jobPlanOf = (
  cluster: Cluster,
  job: Job,
  decision: Decision | undefined,
  wanted: Effect | undefined,
  first: readonly Effect[],
): JobPlan => ({
  job: job.name,
  enabled: job.enabled,
  mode: modeOf(cluster, job),
  seen: decision?.saw ?? 'unknown',
  verdict: decision?.verdict ?? 'wait',
  because: decision?.because ?? 'nothing was decided',
  ...(wanted === undefined ? {} : { would: wouldOf(wanted, first.includes(wanted)) }),
});

const wouldOf = (effect: Effect, inFirstPass: boolean): Would => {
  const when = inFirstPass ? {} : ({ nextPass: true } as const);
  if (effect.kind === 'delete-jar') return { kind: effect.kind, to: effect.to.address, ...when };
  const { n, jarVersion, spec } = effect.attempt;
  if (effect.kind === 'delete-left') return { kind: effect.kind, attempt: n, to: effect.path, ...when };
  if (effect.kind !== 'run') return { kind: effect.kind, attempt: n, to: effect.to.address, ...when };
  return { kind: effect.kind, attempt: n, to: effect.post.to.address, jarVersion, spec, ...when };
};
