import { withAdopted } from './core/adoption.ts';
import { decide } from './core/decide.ts';
import type { Decision } from './core/decision.ts';
import { defaults } from './core/defaults.ts';
import { asFault } from './core/errors.ts';
import { type Samples, withSamples } from './core/health/samples.ts';
import { foldIncidents } from './core/incidents.ts';
import type { Cluster, ClusterMemory, Incident, JobMemory, Observation, Outcome, Pause } from './core/model.ts';
import { type Consumed, obey } from './core/orders.ts';
import { blindTo, whyOver } from './core/over.ts';
import type { Readiness } from './core/readiness.ts';
import { memoryOf, remember } from './core/remember.ts';
import { withCheck } from './core/state/check.ts';
import { withRebuilt } from './core/state/rebuilt.ts';
import { withBlame } from './core/suspects.ts';
import { channelProblems } from './core/telling/channel-problems.ts';
import { observe } from './observe.ts';
import { type Ports, remindEveryMsOf, webhooksOf } from './ports.ts';
import { withChecks } from './snapshots/with-checks.ts';
import { withSnapshots } from './snapshots/with-snapshots.ts';

/** What a pass is to look at; also without a lease, by somebody who only wants to know. */
export type LookInput = {
  readonly cluster: Cluster;
  /** What came of the last pass's effects. */
  readonly outcomes: readonly Outcome[];
  /** When this invocation has to have ended (epoch ms). */
  readonly untilMs: number;
  /** What this invocation saw last. */
  readonly before?: Observation;
};

/** What is remembered, what is seen, and what is decided on it. Nothing of it is written. */
export type Look = {
  /** As it is stored. */
  readonly memory: ClusterMemory;
  readonly observation: Observation;
  /** Each job's memory with what was just seen, and with what adoption and orders make of it. */
  readonly memories: Readonly<Record<string, JobMemory>>;
  /** With what was just seen alone. */
  readonly remembered: Readonly<Record<string, JobMemory>>;
  readonly readiness: Readiness;
  readonly decisions: readonly Decision[];
  /** All incidents as they are now, to be written. */
  readonly incidents: readonly Incident[];
  /** Orders that are over with this look, their consequences being in the memories. */
  readonly consumed: readonly Consumed[];
  /** The cluster's pause as it is now. */
  readonly pause: Pause | undefined;
  /** Of the live jobs' health, with what was just seen. */
  readonly samples: Samples | undefined;
  readonly nowMs: number;
};

/** Load, observe, remember, obey, decide: the half of a pass that changes nothing. Throws the store's faults. */
export const look = async (ports: Ports, { cluster, outcomes, untilMs, before }: LookInput): Promise<Look> => {
  const deadlineMs = Math.min(untilMs, ports.clock.nowMs() + defaults.lookMs);
  const memory = await ports.store.load(cluster.name, deadlineMs);
  const seen = await observe(ports, cluster, memory, untilMs, before);
  const seenMs = ports.clock.nowMs();
  const { memories: seenAlone, bugs } = rememberAll(memory, cluster, seen, outcomes, seenMs);
  const adopted = withAdopted(seenAlone, cluster, seen);
  const { orders, pause: paused } = memory;
  const judged = { cluster, orders, pause: paused, memories: adopted, observation: seen, nowMs: seenMs };
  const { memories: obeyed, consumed, pause } = obey(judged);
  const dice = Object.fromEntries(cluster.jobs.map(({ name }) => [name, ports.chance.hex(4)]));
  const samples = withSamples(memory.samples, cluster, obeyed, seen, seenMs);
  const situation = { cluster, memories: obeyed, bugs, pause, observation: seen, samples, nowMs: seenMs, dice };
  const first = decide(situation);
  const searched = await withSnapshots(ports, cluster, obeyed, seen, first, untilMs);
  // Whether a job waits shows only then.
  const searchedMs = ports.clock.nowMs();
  const second = searched === seen ? first : decide({ ...situation, observation: searched, nowMs: searchedMs });
  const observation = await withChecks(ports, cluster, obeyed, searched, second, untilMs);
  const nowMs = ports.clock.nowMs();
  const memories = checked(obeyed, cluster, observation, nowMs);
  const remembered = checked(seenAlone, cluster, observation, nowMs);
  const isDecided = observation === searched && memories === obeyed && nowMs === searchedMs;
  const { readiness, decisions, problems, tasks } =
    observation === seen || isDecided ? second : decide({ ...situation, memories, observation, nowMs });
  const isHidden = blindTo(readiness, decisions);
  const isBlindTo = (incident: Incident): boolean => isHidden(incident) || tasks.stays(incident);
  const remindEveryMs = remindEveryMsOf(ports);
  const wrong = [...problems, ...channelProblems(memory.incidents, webhooksOf(ports), nowMs, { remindEveryMs })];
  const incidents = foldIncidents(memory.incidents, wrong, isBlindTo, nowMs, whyOver(cluster, readiness));
  return {
    memory,
    observation,
    memories,
    remembered,
    readiness,
    decisions,
    incidents,
    consumed,
    pause,
    samples,
    nowMs,
  };
};

const checked = (
  memories: Readonly<Record<string, JobMemory>>,
  { jobs }: Cluster,
  observation: Observation,
  nowMs: number,
): Readonly<Record<string, JobMemory>> => {
  if (observation.snapshots === undefined && observation.checks === undefined) return memories;
  const after = jobs.map((job) => {
    const rebuilt = withRebuilt(memories[job.name], job, observation, nowMs);
    return [job.name, withCheck(rebuilt, job, observation, nowMs)] as const;
  });
  return after.every(([name, each]) => each === memories[name]) ? memories : Object.fromEntries(after);
};

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
  return { memories: withBlame(Object.fromEntries(memories)), bugs: Object.fromEntries(bugs) };
};
