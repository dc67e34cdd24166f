import type { Decision } from './decision.ts';
import { defaults } from './defaults.ts';
import { equal } from './equal.ts';
import { withIntent } from './intent.ts';
import {
  type ClusterMemory,
  type Effect,
  emptyJobMemory,
  type Incident,
  type JobMemory,
  type LogEntry,
  type Outcome,
} from './model.ts';
import { memoryOf } from './remember.ts';

/** What a pass came to, before it is written. */
export type Findings = {
  readonly memories: Readonly<Record<string, JobMemory>>;
  readonly decisions: readonly Decision[];
  readonly outcomes: readonly Outcome[];
  readonly incidents: readonly Incident[];
  /** Effects may start: enough time is left for them. */
  readonly mayAct: boolean;
  readonly nowMs: number;
};

/** One transaction's worth of writes, the effects whose intents are in it, and the jobs that did not fit (they come next time). */
export type Plan = {
  readonly jobs: Readonly<Record<string, JobMemory>>;
  readonly incidents: readonly Incident[];
  readonly log: readonly LogEntry[];
  readonly effects: readonly Effect[];
  readonly deferred: readonly string[];
};

/** The changes of a pass, bounded by what one transaction takes: an effect is carried out only if its intent is written. */
export const planChanges = (before: ClusterMemory, findings: Findings): Plan => {
  const { decisions, memories, incidents, nowMs } = findings;
  const news = newsOf(before.incidents, incidents, nowMs).slice(0, defaults.incidentsMax);
  const plan = {
    jobs: {} as Record<string, JobMemory>,
    log: [] as LogEntry[],
    effects: [] as Effect[],
    deferred: [] as string[],
  };
  let room = defaults.transactionItemsMax - 1 - news.length;
  for (const { job, because, effect: wanted } of decisions) {
    const memory = memories[job] ?? emptyJobMemory;
    const effect = findings.mayAct ? wanted : undefined;
    const next = effect === undefined ? memory : withIntent(memory, effect);
    if (equal(next, memoryOf(before, job))) continue;
    const lines = [...outcomeLines(job, memory, findings), ...effectLines(effect, because, nowMs)];
    if (room < 1 + lines.length) {
      plan.deferred.push(job);
      continue;
    }
    room -= 1 + lines.length;
    plan.jobs[job] = next;
    plan.log.push(...lines);
    if (effect !== undefined) plan.effects.push(effect);
  }
  return { ...plan, incidents: news };
};

/** What the store holds after the commit: what a person may be told of. */
export const committedIncidents = (before: ClusterMemory, { incidents }: Plan): readonly Incident[] => [
  ...new Map([...before.incidents, ...incidents].map((incident) => [incident.key, incident])).values(),
];

/** What changed first; `lastSeenMs` alone is written once a minute, and never crowds out a change. */
const newsOf = (before: readonly Incident[], after: readonly Incident[], nowMs: number): readonly Incident[] => {
  const known = new Map(before.map((incident) => [incident.key, incident]));
  const changed = after.filter((incident) => {
    const was = known.get(incident.key);
    return was === undefined || !equal({ ...incident, lastSeenMs: 0 }, { ...was, lastSeenMs: 0 });
  });
  const lasting = after.filter(({ key, lastSeenMs }) => {
    const was = known.get(key);
    return was !== undefined && lastSeenMs !== was.lastSeenMs && nowMs - was.lastSeenMs >= 60_000;
  });
  return [...new Set([...changed, ...lasting])];
};

const outcomeLines = (job: string, { attempts }: JobMemory, { outcomes, nowMs }: Findings): readonly LogEntry[] =>
  outcomes
    .filter((outcome) => outcome.job === job)
    .map(({ attempt, answer, refusal }) => {
      const jobId = attempts.find(({ n }) => n === attempt)?.jobId ?? '';
      return { job, attempt, jobId, what: answer, because: refusal?.text ?? '', atMs: nowMs };
    });

const effectLines = (effect: Effect | undefined, because: string, atMs: number): readonly LogEntry[] => {
  if (effect?.kind !== 'run') return [];
  const { job, attempt } = effect;
  return [{ job, attempt: attempt.n, jobId: attempt.jobId, what: 'run', because, atMs }];
};
