import { dropped, liveAttempts, NOWHERE, type OfJob, savepointDirOf } from '../order-parts.ts';
import { readiness } from '../readiness.ts';
import { modeOf } from '../spec.ts';
import { isUnderWay } from './savepoints.ts';

/** savepoint: the one live copy is to take one and to run on. */
export const takeSavepoint: OfJob = (input, order, job, memory) => {
  const { cluster, observation } = input;
  if (modeOf(cluster, job) === 'watch') return dropped('`mode: watch`: no savepoint is taken');
  if (!job.enabled) return dropped('`enabled: false` in the manifest');
  const state = readiness(cluster, observation);
  const [live, ...more] = liveAttempts(memory, observation);
  if (more.length > 0) return dropped('more than one copy of it is live');
  if (!state.ready) return undefined;
  if (live === undefined) return dropped('it is not live: its newest snapshot is what there is');
  const { attempt } = live;
  if (attempt.stop !== undefined) return dropped('it is being ended by an order already');
  const { savepoint } = attempt;
  const isOrdered = savepoint !== undefined && savepoint.sentMs === undefined;
  if (isOrdered || isUnderWay(savepoint)) return dropped('a savepoint of it is under way already');
  const directory = savepointDirOf(input, job, memory, state.view);
  if (directory === undefined) return dropped(NOWHERE);
  const wanted = {
    directory: `${directory}/${attempt.jobId}`,
    because: `${order.who}: ${order.why}`,
    expiresMs: order.expiresMs,
  };
  const { savepointFailed: _, ...rest } = attempt;
  const attempts = memory.attempts.map((each) => (each === attempt ? { ...rest, savepoint: wanted } : each));
  return { memory: { ...memory, attempts } };
};
