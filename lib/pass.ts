import { act } from './act.ts';
import { committedIncidents, planChanges } from './core/changes.ts';
import type { Decision, Verdict } from './core/decision.ts';
import { defaults } from './core/defaults.ts';
import { asFault, type Fault } from './core/errors.ts';
import { leadingView, standbysOf } from './core/leadership.ts';
import { metricsOf, type PassFacts } from './core/metrics.ts';
import type { Cluster, Observation, Outcome } from './core/model.ts';
import type { Readiness } from './core/readiness.ts';
import { withinUploads } from './core/uploads.ts';
import { type LookInput, look } from './look.ts';
import type { Changes, Lease, Ports } from './ports.ts';
import { tell } from './tell.ts';

export type PassInput = LookInput & { readonly lease: Lease };

export type PassResult = {
  readonly lease: Lease;
  readonly outcomes: readonly Outcome[];
  readonly observation: Observation;
  readonly decisions: readonly Decision[];
  /** Why nobody can be told, where that does not pass by itself. */
  readonly refused?: Fault;
};

/** One full pass: look (load, observe, remember, decide), commit, then act and tell, then commit what was told. The order is always this one. */
export const pass = async (ports: Ports, input: PassInput): Promise<PassResult> => {
  const { cluster, lease, outcomes, untilMs } = input;
  const startedMs = ports.clock.nowMs();
  const seen = await look(ports, input);
  const { memory, observation, readiness, nowMs } = seen;
  const decisions = withinUploads(seen.decisions);

  const mayAct = nowMs + effectMs <= untilMs;
  const plan = planChanges(memory, { ...seen, decisions, outcomes, mayAct });
  const held = await commit(ports, lease, plan, plan.effects.length > 0 ? effectMs : defaults.leaseMs, untilMs);
  logPass(ports, cluster, readiness, decisions, startedMs);
  logStandbys(ports, cluster, observation, decisions);
  for (const { id, job, what, because } of seen.consumed)
    if (plan.consumed.includes(id)) ports.log.info('order', { cluster: cluster.name, job, order: what, because });

  // Nobody waits for a submission to hear of what is wrong.
  const [came, { told, refused }] = await Promise.all([
    act(ports, cluster, plan.effects, seen.memories),
    tell(ports, cluster.name, committedIncidents(memory, plan), untilMs),
  ]);
  const last = await commit(ports, held, { jobs: {}, incidents: told, log: [] }, defaults.leaseMs, untilMs);
  await measure(ports, {
    cluster,
    before: memory,
    memories: seen.memories,
    samples: seen.samples,
    observation,
    readiness,
    plan,
    isFirst: input.before === undefined,
    startedMs,
    seenMs: nowMs,
    nowMs: ports.clock.nowMs(),
  });
  const again = outcomes.filter(({ job }) => plan.deferred.includes(job));
  const result = { lease: last, outcomes: [...again, ...came], observation, decisions };
  return refused === undefined ? result : { ...result, refused };
};

/**
 * The longest that effects may take: secrets, upload and process before the POST, the POST, the removal of the jar; with
 * time left to save what came of them.
 */
export const effectMs = defaults.uploadCallMs + defaults.submitCallMs + defaults.lookMs + defaults.effectMarginMs;

/** Written when there is something to write, or when the lease runs out soon. */
export const commit = (
  ports: Ports,
  lease: Lease,
  changes: Changes,
  forMs: number,
  untilMs: number,
): Promise<Lease> => {
  const nowMs = ports.clock.nowMs();
  const { jobs, incidents, log, consumed = [], pause, samples } = changes;
  const count = Object.keys(jobs).length + incidents.length + log.length;
  const isEmpty = count === 0 && pause === undefined && samples === undefined;
  if (isEmpty && lease.untilMs - nowMs >= defaults.leaseRenewBelowMs) return Promise.resolve(lease);
  const deadlineMs = Math.min(untilMs, nowMs + defaults.lookMs);
  const leaseUntilMs = Math.max(lease.untilMs, nowMs + forMs);
  const all = {
    jobs,
    incidents,
    log,
    consumed,
    ...(pause === undefined ? {} : { pause }),
    ...(samples === undefined ? {} : { samples }),
  };
  return ports.store.commit(lease, all, leaseUntilMs, nowMs, deadlineMs);
};

/** Figures are the least of a pass: it never fails for them. */
const measure = async ({ metrics, log }: Ports, facts: PassFacts): Promise<void> => {
  const cluster = facts.cluster.name;
  try {
    const found = metricsOf(facts);
    if (found.length > 0) await metrics.put(cluster, found);
  } catch (thrown) {
    log.error('not measured', { cluster, because: asFault(thrown).message });
  }
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

/** Who started a standby sees that it was looked at. */
const logStandbys = (
  { log }: Ports,
  { name: cluster }: Cluster,
  observation: Observation,
  decisions: readonly Decision[],
): void => {
  const leader = leadingView(observation)?.incarnation.address;
  if (leader === undefined || !decisions.every(({ verdict }) => quiet.has(verdict))) return;
  for (const { taskArn } of standbysOf(observation))
    log.info('standby', { cluster, taskArn, because: `standby; leader is ${leader}; nothing to do` });
};

const quiet: ReadonlySet<Verdict> = new Set(['steady', 'off', 'done', 'watch']);
