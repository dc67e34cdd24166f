import { withAdopted } from '../../lib/core/adoption.ts';
import { type Plan, planChanges } from '../../lib/core/changes.ts';
import { decide } from '../../lib/core/decide.ts';
import type { Decision } from '../../lib/core/decision.ts';
import { foldIncidents } from '../../lib/core/incidents.ts';
import { withIntent } from '../../lib/core/intent.ts';
import type {
  Cluster,
  ClusterMemory,
  Incident,
  JobMemory,
  Observation,
  Outcome,
  Problem,
} from '../../lib/core/model.ts';
import { obey } from '../../lib/core/orders.ts';
import { blindTo, whyOver } from '../../lib/core/over.ts';
import { memoryOf, remember } from '../../lib/core/remember.ts';
import { withinUploads } from '../../lib/core/uploads.ts';

export type PassInput = {
  readonly cluster: Cluster;
  readonly memory: ClusterMemory;
  readonly observation: Observation;
  readonly outcomes?: readonly Outcome[];
  readonly nowMs: number;
};

export type PassOutput = {
  readonly decisions: readonly Decision[];
  readonly problems: readonly Problem[];
  readonly memories: Readonly<Record<string, JobMemory>>;
  readonly plan: Plan;
  /** What the store holds after the commit. */
  readonly after: ClusterMemory;
};

/** The core of a pass as one pure function: what is remembered, ordered and decided for all jobs, and what is written of it. */
export const wholePass = ({ cluster, memory, observation, outcomes = [], nowMs }: PassInput): PassOutput => {
  const remembered = Object.fromEntries(
    cluster.jobs.map((job) => [
      job.name,
      remember(memoryOf(memory, job.name), job, cluster, observation, outcomes, nowMs),
    ]),
  );
  const adopted = withAdopted(remembered, cluster, observation);
  const { orders, pause: paused } = memory;
  const obeyed = obey({ cluster, orders, pause: paused, memories: adopted, observation, nowMs });
  const { memories, consumed, pause } = obeyed;
  const dice = Object.fromEntries(cluster.jobs.map(({ name }) => [name, 'd1ced1ce']));
  const decided = decide({ cluster, memories, pause, observation, nowMs, dice });
  const { readiness, problems, tasks } = decided;
  const isHidden = blindTo(readiness, decided.decisions);
  const isBlindTo = (incident: Incident): boolean => isHidden(incident) || tasks.stays(incident);
  const incidents = foldIncidents(memory.incidents, problems, isBlindTo, nowMs, whyOver(cluster, readiness));
  const decisions = withinUploads(decided.decisions);
  const found = { memories, remembered, decisions, outcomes, incidents, consumed, pause, mayAct: true, nowMs };
  const plan = planChanges(memory, found);
  return { decisions, problems, memories, plan, after: committed(memory, plan) };
};

const committed = (before: ClusterMemory, plan: Plan): ClusterMemory => {
  const { pause: was, ...rest } = before;
  const pause = plan.pause === undefined ? was : plan.pause;
  return {
    ...rest,
    jobs: { ...before.jobs, ...plan.jobs },
    incidents: [...new Map([...before.incidents, ...plan.incidents].map((each) => [each.key, each])).values()],
    orders: before.orders.filter(({ id }) => !plan.consumed.includes(id)),
    ...(pause === undefined || pause === null ? {} : { pause }),
  };
};

/** The memories as they are once the intents of all decisions are in them, whatever the room in a transaction. */
export const intended = ({ memories, decisions }: PassOutput): Readonly<Record<string, JobMemory>> =>
  Object.fromEntries(
    Object.entries(memories).map(([name, memory]) => {
      const effect = decisions.find(({ job, verdict }) => job === name && verdict === 'act')?.effect;
      return [name, effect === undefined ? memory : withIntent(memory, effect)];
    }),
  );
