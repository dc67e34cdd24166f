import { allRun } from '../../../lib/core/after.ts';
import { defaults } from '../../../lib/core/defaults.ts';
import { isTerminal } from '../../../lib/core/liveness.ts';
import type { Attempt, FlinkJob } from '../../../lib/core/model.ts';
import type { Changes } from '../../../lib/ports.ts';
import type { Call } from '../sim.ts';
import { type Checker, eachCall, type Run } from './checker.ts';
import { clusterOf, jobIdOf, lookBefore, urlOf } from './looks.ts';
import { lineageOf } from './sender.ts';

/**
 * I7: what Flink heals is left to it. A live job is ended for its illness only when for a long time no look saw all its tasks, nor that Flink had
 * restarted it; when its snapshots were looked for; and never while most jobs are ill.
 */
export const curesNeeded: Checker = eachCall(['flink.cancel'], (call, run) => {
  const attempt = intendedBy(call);
  const jobId = jobIdOf(call);
  if (attempt?.stop?.order !== 'heal' || wasSent(call)) return undefined;
  const say = (how: string): string => `${call.by.name} ends ${jobId} for its illness, ${how}`;
  const listed = lookBefore(call).at(addressOf(call)).jobs ?? [];
  const seen = listed.find((job) => job.jobId === jobId);
  if (seen === undefined) return say('which it does not see');
  if (isMany(call, listed)) return say('while most jobs are ill');
  const wanted = jobOf(call);
  if (wanted?.state !== 'none' && !looksForSnapshots(call)) return say('without looking for its snapshots');
  if (allRun(seen)) return say('which runs');
  const sinceMs = call.atMs - STUCK_MS;
  const answers = <T>(name: Call['name']): readonly T[] => answersOf<T>(run, name, sinceMs, call);
  if (new Set(answers<number>('flink.restarts')).size > 1) return say('although Flink restarts it');
  const runs = answers<readonly FlinkJob[]>('flink.jobs').flat();
  return runs.some((job) => job.jobId === jobId && allRun(job)) ? say('although all its tasks ran lately') : undefined;
});

/** Looks of one time may be some minutes old where the clocks differ, or the first of them was slow. */
const SLACK_MS = 120_000;
const STUCK_MS = defaults.healing.stuckFactor * defaults.tasksWithinMs - SLACK_MS;

const intendedBy = (call: Call): Attempt | undefined => {
  const { calls } = call.by;
  const commit = calls.slice(0, calls.indexOf(call)).findLast(({ name }) => name === 'store.commit');
  return Object.values((commit?.args[1] as Changes | undefined)?.jobs ?? {})
    .flatMap(({ attempts }) => attempts)
    .find((attempt) => attempt.jobId === jobIdOf(call));
};

/** What is cancelled once more is ending already. */
const wasSent = (call: Call): boolean =>
  Object.values(lookBefore(call).memory?.jobs ?? {})
    .flatMap(({ attempts }) => attempts)
    .some((attempt) => attempt.jobId === jobIdOf(call) && attempt.stop !== undefined);

const addressOf = (call: Call): string => new URL(urlOf(call.args[0])).hostname;

const jobOf = (call: Call) =>
  call.by.manifest
    .find(({ name }) => name === clusterOf(call))
    ?.jobs.find(({ lineage }) => lineage === lineageOf(jobIdOf(call)));

/** By their tasks alone: of those of the manifest that the look lists as live. */
const isMany = (call: Call, listed: readonly FlinkJob[]): boolean => {
  const jobs =
    call.by.manifest.find(({ name }) => name === clusterOf(call))?.jobs.filter(({ enabled }) => enabled) ?? [];
  const live = listed.filter(
    ({ jobId, state }) => !isTerminal(state) && jobs.some(({ lineage }) => lineage === lineageOf(jobId)),
  );
  const ill = live.filter((job) => !allRun(job));
  return ill.length >= defaults.healing.breakerJobs && ill.length * 2 > live.length;
};

const looksForSnapshots = (call: Call): boolean => {
  const { calls } = call.by;
  const { sinceMs } = lookBefore(call);
  return calls
    .slice(0, calls.indexOf(call))
    .some(
      ({ name, atMs, given }) =>
        name === 'snapshots.children' && atMs >= sinceMs && given !== undefined && 'value' in given,
    );
};

/** What anybody was told of this job since then. */
const answersOf = <T>({ sim }: Run, name: Call['name'], sinceMs: number, { args, atMs }: Call): readonly T[] =>
  sim.calls
    .filter((each) => each.name === name && each.atMs >= sinceMs && each.atMs <= atMs)
    .filter((each) => name === 'flink.jobs' || each.args[1] === args[1])
    .flatMap(({ given }) =>
      given !== undefined && 'value' in given && given.value !== undefined ? [given.value as T] : [],
    );
