import { act } from './act.ts';
import { committedIncidents, planChanges } from './core/changes.ts';
import { blindTo, decide } from './core/decide.ts';
import type { Decision } from './core/decision.ts';
import { defaults } from './core/defaults.ts';
import { asFault } from './core/errors.ts';
import { foldIncidents } from './core/incidents.ts';
import type { Cluster, ClusterMemory, JobMemory, Observation, Outcome } from './core/model.ts';
import type { Readiness } from './core/readiness.ts';
import { memoryOf, remember } from './core/remember.ts';
import { observe } from './observe.ts';
import type { Changes, Lease, Ports } from './ports.ts';
import { tell } from './tell.ts';

export type PassInput = {
  readonly cluster: Cluster;
  readonly lease: Lease;
  /** What came of the last pass's effects. */
  readonly outcomes: readonly Outcome[];
  /** When this invocation has to have ended (epoch ms). */
  readonly untilMs: number;
  /** What this invocation saw last. */
  readonly before?: Observation;
};

export type PassResult = {
  readonly lease: Lease;
  readonly outcomes: readonly Outcome[];
  readonly observation: Observation;
  readonly decisions: readonly Decision[];
};

/** One full pass: load, observe, remember, decide, commit, act, tell. The order is always this one. */
export const pass = async (ports: Ports, input: PassInput): Promise<PassResult> => {
  const { cluster, lease, outcomes, untilMs } = input;
  const startedMs = ports.clock.nowMs();
  const memory = await ports.store.load(cluster.name, Math.min(untilMs, startedMs + defaults.lookMs));
  const observation = await observe(ports, cluster, memory, untilMs, input.before);

  const nowMs = ports.clock.nowMs();
  const { memories, bugs } = rememberAll(memory, cluster, observation, outcomes, nowMs);
  const dice = Object.fromEntries(cluster.jobs.map(({ name }) => [name, ports.chance.hex(4)]));
  const { readiness, decisions, problems } = decide({ cluster, memories, bugs, observation, nowMs, dice });
  const incidents = foldIncidents(memory.incidents, problems, blindTo(readiness, decisions), nowMs);

  const mayAct = nowMs + effectMs <= untilMs;
  const plan = planChanges(memory, { memories, decisions, outcomes, incidents, mayAct, nowMs });
  const held = await commit(ports, lease, plan, plan.effects.length > 0 ? effectMs : defaults.leaseMs, untilMs);
  logPass(ports, cluster, readiness, decisions, startedMs);

  const came = await act(ports, cluster, plan.effects);
  const told = await tell(ports, cluster.name, committedIncidents(memory, plan), untilMs);
  const last = await commit(ports, held, { jobs: {}, incidents: told, log: [] }, defaults.leaseMs, untilMs);
  const again = outcomes.filter(({ job }) => plan.deferred.includes(job));
  return { lease: last, outcomes: [...again, ...came], observation, decisions };
};

/** The longest that effects may take, with time left to save what came of them. */
export const effectMs = defaults.uploadCallMs + defaults.submitCallMs + defaults.lookMs + defaults.effectMarginMs;

/** A bug in one job's work never stops another job: its memory stays as it was, and it is decided to be left alone. */
const rememberAll = (
  memory: ClusterMemory,
  cluster: Cluster,
  observation: Observation,
  outcomes: readonly Outcome[],
  nowMs: number,
): { readonly memories: Readonly<Record<string, JobMemory>>; readonly bugs: Readonly<Record<string, string>> } => {
  const memories: [string, JobMemory][] = [];
  const bugs: [string, string][] = [];
  for (const job of cluster.jobs) {
    const known = memoryOf(memory, job.name);
    try {
      memories.push([job.name, remember(known, job, cluster, observation, outcomes, nowMs)]);
    } catch (bug) {
      memories.push([job.name, known]);
      bugs.push([job.name, asFault(bug).message]);
    }
  }
  return { memories: Object.fromEntries(memories), bugs: Object.fromEntries(bugs) };
};

/** Written when there is something to write, or when the lease runs out soon. */
const commit = async (ports: Ports, lease: Lease, changes: Changes, forMs: number, untilMs: number): Promise<Lease> => {
  const nowMs = ports.clock.nowMs();
  const empty = Object.keys(changes.jobs).length + changes.incidents.length + changes.log.length === 0;
  if (empty && lease.untilMs - nowMs >= defaults.leaseRenewBelowMs) return lease;
  const { jobs, incidents, log } = changes;
  const deadlineMs = Math.min(untilMs, nowMs + defaults.lookMs);
  const leaseUntilMs = Math.max(lease.untilMs, nowMs + forMs);
  return ports.store.commit(lease, { jobs, incidents, log }, leaseUntilMs, nowMs, deadlineMs);
};

/** One line a pass and job. */
const logPass = (
  { log, clock }: Ports,
  cluster: Cluster,
  readiness: Readiness,
  decisions: readonly Decision[],
  startedMs: number,
): void => {
  const ms = clock.nowMs() - startedMs;
  const rung = readiness.ready ? 'ready' : readiness.rung;
  for (const { job, saw, verdict, because } of decisions)
    log.info('pass', { cluster: cluster.name, job, rung, saw, decision: verdict, because, ms });
};
