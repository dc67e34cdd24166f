import { effectLines, expiredLines, orderLine, outcomeLines, overtakenLines, savepointLines } from './audit-lines.ts';
import type { Decision } from './decision.ts';
import { defaults } from './defaults.ts';
import { equal } from './equal.ts';
import type { Samples } from './health/samples.ts';
import { withIntent } from './intent.ts';
import {
  type ClusterMemory,
  type Effect,
  emptyJobMemory,
  type Incident,
  type JobMemory,
  type LogEntry,
  type Outcome,
  type Pause,
} from './model.ts';
import type { Consumed } from './orders.ts';
import { memoryOf } from './remember.ts';

/** What a pass came to, before it is written. */
export type Findings = {
  readonly memories: Readonly<Record<string, JobMemory>>;
  /** The same before adoption and orders, which a dry run only shows: what was seen is true in every mode. */
  readonly remembered: Readonly<Record<string, JobMemory>>;
  readonly decisions: readonly Decision[];
  readonly outcomes: readonly Outcome[];
  readonly incidents: readonly Incident[];
  /** Orders that are over, whose consequences are in the memories. */
  readonly consumed: readonly Consumed[];
  /** The cluster's pause as it is now. */
  readonly pause?: Pause | undefined;
  /** Of the live jobs' health, as they are now. */
  readonly samples?: Samples | undefined;
  /** Effects may start: enough time is left for them. */
  readonly mayAct: boolean;
  readonly nowMs: number;
};

/** One transaction's worth of writes, the effects whose intents are in it, and the jobs that did not fit (they come next time). */
export type Plan = {
  readonly jobs: Readonly<Record<string, JobMemory>>;
  readonly incidents: readonly Incident[];
  readonly log: readonly LogEntry[];
  readonly consumed: readonly string[];
  /** Absent: as it was. */
  readonly pause?: Pause | null;
  /** Absent: as they were. */
  readonly samples?: Samples;
  readonly effects: readonly Effect[];
  readonly deferred: readonly string[];
};

/** The changes of a pass, bounded by what one transaction takes: an effect is carried out only if its intent is written, an order is over only with its consequence. */
export const planChanges = (before: ClusterMemory, findings: Findings): Plan => {
  const news = newsOf(before.incidents, findings.incidents, findings.nowMs).slice(0, defaults.incidentsMax);
  const ofCluster = pauseOf(before, findings);
  const plan = {
    jobs: {} as Record<string, JobMemory>,
    log: [...ofCluster.log],
    consumed: [...ofCluster.consumed],
    effects: [] as Effect[],
    deferred: [] as string[],
  };
  const samples = samplesOf(before, findings);
  const wanted = findings.decisions.flatMap((decision) => changeOf(decision, before, findings) ?? []);
  const written = wanted.map(({ next, lines, over }) => [next, lines, over]);
  const isSmall = bytesAtMost([news, ofCluster, samples, written]) <= defaults.transactionBytesMax;
  const sizeOf = isSmall ? () => 0 : bytesOf;
  let room =
    defaults.transactionItemsMax - 2 - Object.keys(samples).length - news.length - 2 * ofCluster.consumed.length;
  let roomBytes = defaults.transactionBytesMax - sizeOf([news, ofCluster, samples]);
  for (const { job, next, lines, over, effect } of wanted) {
    const items = 1 + lines.length + over.length;
    const bytes = sizeOf([next, lines, over]);
    if (room < items || roomBytes < bytes) {
      plan.deferred.push(job);
      continue;
    }
    room -= items;
    roomBytes -= bytes;
    plan.jobs[job] = next;
    plan.log.push(...lines);
    plan.consumed.push(...over.map(({ id }) => id));
    if (effect !== undefined) plan.effects.push(effect);
  }
  return { ...plan, incidents: news, ...ofCluster.change, ...samples };
};

/** What is to be written of one job, with the effect whose intent is in it. */
type Change = {
  readonly job: string;
  readonly next: JobMemory;
  readonly lines: readonly LogEntry[];
  readonly over: readonly Consumed[];
  readonly effect: Effect | undefined;
};

/** undefined: nothing changed. */
const changeOf = (
  { job, because, effect: wanted, dryRun }: Decision,
  before: ClusterMemory,
  { memories, remembered, outcomes, consumed, mayAct, nowMs }: Findings,
): Change | undefined => {
  const was = memoryOf(before, job);
  const memory = (dryRun ? remembered : memories)[job] ?? emptyJobMemory;
  const effect = mayAct && !dryRun ? wanted : undefined;
  const next = effect === undefined ? memory : withIntent(memory, effect);
  const over = consumed.filter((order) => order.job === job);
  if (over.length === 0 && equal(next, was)) return undefined;
  const lines = [
    ...over.map((order) => orderLine(order, memory, nowMs)),
    ...expiredLines(job, was, memory, nowMs),
    ...overtakenLines(job, over, memory, nowMs),
    ...savepointWords(job, was, remembered[job] ?? memory, memory, nowMs),
    ...outcomeLines(job, memory, outcomes, nowMs),
    ...effectLines(effect, because, nowMs),
  ];
  return { job, next, lines, over, effect };
};

/** One item, written when a sample was taken, which is once a minute. */
const samplesOf = ({ samples: was }: ClusterMemory, { samples }: Findings): Pick<Plan, 'samples'> =>
  samples === undefined || samples === was ? {} : { samples };

/** What was seen of it counts before an order that ends its job and forgets it in the same look. */
const savepointWords = (
  job: string,
  was: JobMemory,
  remembered: JobMemory,
  memory: JobMemory,
  nowMs: number,
): readonly LogEntry[] => {
  const seen = savepointLines(job, was, remembered, nowMs);
  return seen.length > 0 ? seen : savepointLines(job, was, memory, nowMs);
};

/** A bound of what is counted, which is sooner known: as if each character were escaped, and each other value as long as can be. */
const bytesAtMost = (items: object): number => {
  let bytes = 2;
  if (!Array.isArray(items)) for (const key of Object.keys(items)) bytes += 6 * key.length;
  for (const item of Object.values(items)) {
    bytes += 32;
    if (typeof item === 'string') bytes += 6 * item.length;
    else if (typeof item === 'object' && item !== null) bytes += bytesAtMost(item);
  }
  return bytes;
};

const bytesOf = (items: unknown): number => utf8.encode(JSON.stringify(items)).length;
const utf8 = new TextEncoder();

/** What belongs to no job of the manifest: the cluster's pause, and orders that name nothing that is there. At most so many at once. */
const pauseOf = ({ pause: was }: ClusterMemory, { decisions, consumed, pause, nowMs }: Findings) => {
  const known = new Set<string | undefined>(decisions.map(({ job }) => job));
  const over = consumed.filter(({ job }) => !known.has(job));
  const lines = over.map((order) => orderLine(order, emptyJobMemory, nowMs));
  const change = equal(pause, was) ? {} : { pause: pause ?? null };
  return { log: lines, consumed: over.map(({ id }) => id), change };
};

/** What the store holds after the commit: what a person may be told of. */
export const committedIncidents = (
  before: ClusterMemory,
  { incidents }: Pick<Plan, 'incidents'>,
): readonly Incident[] => {
  if (incidents.length === 0) return before.incidents;
  return [...new Map([...before.incidents, ...incidents].map((incident) => [incident.key, incident])).values()];
};

/** What changed first; `lastSeenMs` alone is written once a minute, and never crowds out a change. */
const newsOf = (before: readonly Incident[], after: readonly Incident[], nowMs: number): readonly Incident[] => {
  // Most are as they were read.
  const read = new Set(before);
  const seen = after.filter((incident) => !read.has(incident));
  if (seen.length === 0) return [];
  const known = new Map(before.map((incident) => [incident.key, incident]));
  const changed = seen.filter((incident) => {
    const was = known.get(incident.key);
    return was === undefined || !equal({ ...incident, lastSeenMs: was.lastSeenMs }, was);
  });
  const lasting = seen.filter(({ key, lastSeenMs }) => {
    const was = known.get(key);
    return was !== undefined && lastSeenMs !== was.lastSeenMs && nowMs - was.lastSeenMs >= 60_000;
  });
  return [...new Set([...changed, ...lasting])];
};
