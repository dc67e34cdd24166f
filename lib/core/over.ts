import type { Decision } from './decision.ts';
import { isHealth, staysTold } from './health/told.ts';
import type { Cluster, Incident } from './model.ts';
import { type ToldCode, wordsOf } from './problems.ts';
import type { Readiness, Rung } from './readiness.ts';

/**
 * Tells of an incident whether nobody can say now that it is over: its job could not be looked at, or what it says of
 * the cluster lies above the missing rung. A view that is lost closes nothing.
 */
export const blindTo = (
  state: Readiness,
  decisions: readonly Decision[],
): ((incident: Pick<Incident, 'code' | 'job'>) => boolean) => {
  const byJob = new Map(decisions.map((decision) => [decision.job, decision]));
  const asleep = !state.ready && state.rung === 'asleep';
  const height = state.ready ? -1 : ladder.findIndex(([rung]) => rung === (state.unseenFrom ?? state.rung));
  const passed = (state.ready ? undefined : state.passed) ?? [];
  const hidden = ladder.slice(height < 0 ? ladder.length : height).filter(([rung]) => !passed.includes(rung));
  const above = new Set<string>(hidden.flatMap(([, ...codes]) => codes));
  return ({ code, job }) => {
    if (job === undefined) return above.has(code);
    if (asleep && (isHealth(code) || isOfTheMoment(code))) return false;
    const decision = byJob.get(job);
    if (decision === undefined) return false; // it left the manifest
    if (isHealth(code)) return staysTold(decision, code);
    const { blind, unjudged, further, verdict } = decision;
    const isOver = verdict === 'off' || verdict === 'done';
    if (code === FURTHER && further === undefined && !isOver) return true;
    return blind === true || unjudged?.some((each) => each === code) === true;
  };
};

/** Told beside any other problem, and judged only while its job is live. */
const FURTHER: ToldCode = 'STATE_AT_RISK';

/** What needs patience to be told is a condition of the running cluster; the rest is what a person has to decide. */
const isOfTheMoment = (code: string): boolean => (wordsOf(code)?.graceMs ?? 0) > 0;

/** Why an incident is over although its condition did not end; undefined = it did. */
export const whyOver =
  ({ jobs }: Cluster, state: Readiness) =>
  ({ job }: Pick<Incident, 'job'>): string | undefined => {
    // A job that left the manifest is left alone.
    if (job !== undefined && !jobs.some(({ name }) => name === job)) return `${job} is no longer in the manifest`;
    return !state.ready && state.rung === 'asleep' ? state.text : undefined;
  };

/** The rungs in the order in which they are looked at, and the incidents that are over when one is passed. Asleep ends them all. */
const ladder: readonly (readonly [Exclude<Rung, 'asleep'>, ...ToldCode[]])[] = [
  ['ecs', 'ECS_UNSEEN'],
  ['task'],
  ['one-jobmanager', 'TWO_JOBMANAGERS'],
  ['address'],
  ['rest', 'CLUSTER_NOT_READY', 'CLUSTER_UNSEEN', 'FLINK_ACCESS'],
  ['leader', 'LEADER_UNKNOWN'],
  ['version', 'FLINK_TOO_OLD'],
  ['ha', 'HA_UNSUPPORTED'],
  ['submission', 'SUBMISSION_DISABLED'],
  ['jobs', 'MANY_JOBS_ILL'],
];
