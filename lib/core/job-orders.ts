import { isLossUnprovable, maybeSomewhere, unseenTask } from './absence.ts';
import { adopt, foreignJobs, isAdopted, mayLive } from './adoption.ts';
import { isDone } from './after.ts';
import { defaults } from './defaults.ts';
import { attemptOf } from './identity.ts';
import { jarOf } from './jars.ts';
import { isUnsettled, liveJobs } from './liveness.ts';
import type { Attempt, Job, JobMemory, NextFrom } from './model.ts';
import {
  type Came,
  copiesOf,
  dropped,
  liveAttempts,
  NOWHERE,
  type OfJob,
  type OrderInput,
  savepointDirOf,
  withEach,
} from './order-parts.ts';
import { readiness } from './readiness.ts';
import { asEnded, driftOf, isChanged, toStart } from './recorded.ts';
import { mayHaveRun } from './remember.ts';
import { modeOf } from './spec.ts';
import { isUnderWay } from './state/savepoints.ts';

/** Ends a hold: what ended or was refused is started anew; what nobody can prove to be lost counts as lost. */
export const release: OfJob = ({ cluster, observation, nowMs }, _order, job, memory) => {
  const { attempts } = memory;
  const last = attempts.at(-1);
  if (last === undefined) return dropped('it was never submitted');
  if (copiesOf(memory, observation).length > 0) return dropped('it is live: nothing holds it');
  if (attempts.some((attempt) => isUnsettled(attempt, nowMs))) return dropped('a submission of it is still open');
  const state = readiness(cluster, observation);
  const on = state.ready ? state.view.incarnation : undefined;
  const given = on === undefined ? [] : attempts.filter((attempt) => isLossUnprovable(attempt, cluster, on));
  if (given.length > 0) return { memory: withEach(memory, given, { end: { state: 'LOST', atMs: nowMs } }) };
  if (isDone(job, last)) return dropped('it has finished: nothing holds it');
  if (last.acknowledged) return dropped('it is released already');
  const isMissing = last.end === undefined && last.sightedOn !== undefined;
  // What becomes of it shows soon, and then the order counts.
  if (isMissing) return undefined;
  if (last.end?.state === 'LOST' && last.sightedOn !== undefined)
    return dropped(
      'it was lost, and starts by itself once its state is found; `start-empty` and `restore-from` say otherwise',
    );
  return { memory: withEach(memory, [last], { acknowledged: true }) };
};

/** The foreign job that a person says is this one. */
export const adoptIt: OfJob = ({ cluster, memories, observation, nowMs }, { jobId }, job, memory) => {
  if (jobId === undefined) return dropped('it names no Flink job');
  const found = foreignJobs(memories, liveJobs(observation)).find((copy) => copy.job.jobId === jobId);
  if (found !== undefined) {
    if (copiesOf(memory, observation).length > 0) return dropped('a copy of it is live already');
    // What is on its way, or lives unlisted, would be a second copy of it: first that is settled.
    if (memory.attempts.some((attempt) => isUnsettled(attempt, nowMs)) || mayLive(memory, observation))
      return undefined;
    return { memory: adopt(job, memory, found) };
  }
  if (memory.attempts.some((attempt) => attempt.jobId === jobId))
    return dropped('it is an attempt of this job already');
  const isSeen = readiness(cluster, observation).ready && unseenTask(observation) === undefined;
  return isSeen ? dropped(`no live job of another has the id ${jobId}`) : undefined;
};

/** The foreign job that a person says is another one. */
export const ignoreIt: OfJob = (_input, { jobId }, _job, memory) => {
  if (jobId === undefined) return dropped('it names no Flink job');
  const { ignored = [] } = memory;
  if (ignored.includes(jobId)) return dropped('it is ignored already');
  return { memory: { ...memory, ignored: [...ignored, jobId].slice(-defaults.ignoredMax) } };
};

/** restart, apply: the one live copy is to end; what comes after it follows from its memory. */
export const again: OfJob = (input, order, job, memory) => {
  const { cluster, observation, nowMs } = input;
  if (modeOf(cluster, job) === 'watch') return dropped('`mode: watch`: nothing is stopped or submitted');
  if (!job.enabled) return dropped('`enabled: false` in the manifest');
  const state = readiness(cluster, observation);
  const [live, ...more] = liveAttempts(memory, observation);
  if (more.length > 0) return dropped('more than one copy of it is live');
  if (!state.ready) return undefined;
  if (live === undefined) return order.kind === 'apply' ? applyLater(input, job, memory) : notLive;
  const { attempt, on } = live;
  if (on.process !== state.view.incarnation.process) return undefined;
  if (isAdopted(job, attempt))
    return dropped('the autopilot did not start it and never stops it: cancel it in Flink, then `release`');
  if (attempt.stop?.sentMs !== undefined) return dropped('it is being cancelled already');
  if (isUnderWay(attempt.savepoint)) return undefined; // two are never under way
  if (order.kind === 'apply' && driftOf(job, attempt).length === 0)
    return dropped('it runs what the manifest says; `restart` starts that again');
  const directory = savepointDirOf(input, job, memory, state.view);
  if (job.state !== 'none' && directory === undefined) return dropped(NOWHERE);
  const stop = {
    ...(job.state === 'none'
      ? { how: 'cancel' as const }
      : { how: 'savepoint' as const, directory: `${directory}/${attempt.jobId}` }),
    order: order.kind === 'apply' ? 'apply' : 'restart',
    because: `${order.who}: ${order.why}`,
    expiresMs: order.expiresMs,
  } as const;
  const next = toStart(job, [asEnded({ ...attempt, stop }, nowMs)]);
  const jar = jarOf(next, state.view, { observation });
  if (jar?.known && !jar.value.present) return dropped(`there is no ${next.jar}: it could not be started again`);
  const { savepointFailed: _, savepoint: __, ...rest } = attempt;
  const attempts = memory.attempts.map((each) => (each === attempt ? { ...rest, stop } : each));
  return { memory: { ...memory, attempts } };
};

/** Its next start is from nothing, whatever is left of its state. */
export const startEmpty: OfJob = (input, _order, job, memory) => nextFrom(input, job, memory, { kind: 'empty' });

/** Its next start is from this snapshot, which is proven before it is used. */
export const restoreFrom: OfJob = (input, { path }, job, memory) => {
  if (path === undefined) return dropped('it names no snapshot');
  const owner = input.cluster.jobs.find(
    ({ name, lineage }) => name !== job.name && path.split('/').some((part) => attemptOf(lineage, part) !== undefined),
  );
  if (owner !== undefined) return dropped(`it is a snapshot of ${owner.name}`);
  return nextFrom(input, job, memory, { kind: 'snapshot', path });
};

const nextFrom = ({ observation, nowMs }: OrderInput, job: Job, memory: JobMemory, from: NextFrom): Came => {
  const last = memory.attempts.at(-1);
  if (last === undefined) return dropped('it was never submitted: its first start is empty anyway');
  if (job.state === 'none') return dropped('`state: none`: it is never restored, and starts empty anyway');
  if (copiesOf(memory, observation).length > 0)
    return dropped('it is live: cancel it first, then give the order again');
  if (memory.attempts.some((attempt) => isUnsettled(attempt, nowMs)))
    return dropped('a submission of it is still open');
  if (last.end === undefined && mayHaveRun(last)) return undefined;
  const asLost = last.end?.state === 'LOST' ? {} : { acknowledged: true as const };
  return { memory: withEach(memory, [last], { nextFrom: from, ...asLost }) };
};

/** It is not live: its next start is made from the manifest. */
const applyLater = ({ cluster, observation, nowMs }: OrderInput, job: Job, memory: JobMemory): Came => {
  const state = readiness(cluster, observation);
  const { attempts } = memory;
  const last = attempts.at(-1);
  if (last === undefined || last.acknowledged) return dropped('its next start is made from the manifest anyway');
  const isOut = (each: Attempt): boolean =>
    isUnsettled(each, nowMs) || (state.ready && maybeSomewhere(each, state.view.incarnation));
  if (attempts.some(isOut)) return undefined;
  if (isDone(job, last)) return dropped('it has finished');
  return isChanged(job, last) || driftOf(job, last).length > 0
    ? { memory: withEach(memory, [last], { acknowledged: true }) }
    : dropped('its next start is what the manifest says');
};

const notLive = dropped('it is not live; `release` ends a hold');
