import { tellingLimits } from '../../lib/core/telling/limits.ts';
import type { ToldIncident } from '../e2e/support/alerts.ts';
import type { Counts } from '../e2e/support/counter.ts';
import type { Submission } from '../e2e/support/logs.ts';

/** What all that was seen from outside comes to: each promise, with what broke it. */
export const judge = (evidence: Evidence): readonly Judgement[] => [
  { promise: 'never two live copies of a job', broken: evidence.copies },
  { promise: 'each id was submitted once', broken: submittedTwice(evidence.submissions) },
  { promise: 'each start was from the newest complete snapshot', broken: evidence.starts.flatMap(wrongStart) },
  {
    promise: 'nothing that was counted is lost or doubled',
    broken: Object.entries(evidence.counts).flatMap(wrongCount),
  },
  { promise: 'all jobs ran in time after each trouble', broken: evidence.late },
  { promise: 'each incident that was opened was closed, each once', broken: wronglyTold(evidence.told) },
  { promise: 'all jobs run at the end', broken: evidence.down },
];

export type Judgement = { readonly promise: string; readonly broken: readonly string[] };

export type Evidence = {
  /** By the watcher. */
  readonly copies: readonly string[];
  readonly submissions: readonly Submission[];
  readonly starts: readonly Start[];
  /** What the output of each job says. */
  readonly counts: Readonly<Record<string, Counts>>;
  /** Jobs that did not run in time. */
  readonly late: readonly string[];
  readonly told: readonly ToldIncident[];
  /** Jobs that do not run. */
  readonly down: readonly string[];
};

/** Paths of snapshots; absent: none. */
export type Start = { readonly of: string; readonly from?: string; readonly newest?: string };

const submittedTwice = (submissions: readonly Submission[]): readonly string[] =>
  [...Map.groupBy(submissions, ({ jobId }) => jobId)].flatMap(([jobId, same]) =>
    same.length > 1 ? [`${same[0]?.name} ${jobId} was submitted ${same.length} times`] : [],
  );

const wrongStart = ({ of, from, newest }: Start): readonly string[] =>
  from === newest ? [] : [`${of} began from ${from ?? 'nothing'}; the newest was ${newest ?? 'none'}`];

const wrongCount = ([job, { lines, lost, doubled }]: [string, Counts]): readonly string[] => [
  ...(lines === 0 ? [`${job} wrote nothing`] : []),
  ...(lost + doubled > 0 ? [`${job}: ${lost} lost and ${doubled} doubled of ${lines} lines`] : []),
];

/** Each incident: open, then closed. The next one under its key begins after that. */
const wronglyTold = (told: readonly ToldIncident[]): readonly string[] =>
  [...Map.groupBy(told, ({ key }) => key)].flatMap(([key, messages]) => {
    const states = distinct(messages);
    const isInTurn = states.every((state, index) => state === (index % 2 === 0 ? 'open' : 'closed'));
    return isInTurn && states.length % 2 === 0 ? [] : [`${key}: ${states.join(', ')}`];
  });

/** What is still open. */
export const openIncidents = (told: readonly ToldIncident[]): readonly string[] =>
  [...Map.groupBy(told, ({ key }) => key)].flatMap(([key, messages]) =>
    distinct(messages).at(-1) === 'closed' ? [] : [key],
  );

/** The end of what comes and goes is told when it has not come back for a while. */
export const comesAndGoes = (told: readonly ToldIncident[], key: string): boolean =>
  distinct(told.filter((each) => each.key === key)).filter((state) => state === 'open').length >=
  tellingLimits.flapsMax;

/** What began and ended. A message that was published again says the same of the same incident. */
const distinct = (messages: readonly ToldIncident[]): readonly string[] => {
  const turns = messages.filter(({ state }) => state === 'open' || state === 'closed');
  const isFirst = ({ firstSeenMs, state }: ToldIncident, index: number): boolean =>
    turns.findIndex((other) => other.firstSeenMs === firstSeenMs && other.state === state) === index;
  return turns.filter(isFirst).map(({ state }) => state);
};
