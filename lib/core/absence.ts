import { mayHaveStarted } from './liveness.ts';
import type { Attempt, Cluster, FlinkView, Incarnation, JobManagerTask, Observation, Seen } from './model.ts';
import { readiness } from './readiness.ts';

export type Absence = { readonly proven: true } | { readonly proven: false; readonly because: string };

/**
 * Is the attempt surely on no JobManager (without HA)? It is neither in the list of the one ready JobManager nor known
 * there by id, every process that may have run it has ended, and every other JobManager task is STOPPED.
 * Identities are compared, never timestamps; a failed or partial look proves nothing.
 */
export const absence = (attempt: Attempt, cluster: Cluster, observation: Observation): Absence => {
  const state = readiness(cluster, observation);
  if (!state.ready) return unproven(state.text);
  const { view } = state;
  if (!isAbsentOn(view, attempt.jobId)) return unproven('the ready JobManager does not say that it is absent');
  const draining = tasksOf(observation).find(
    (task) => task.taskArn !== view.incarnation.taskArn && task.lastStatus !== 'STOPPED',
  );
  if (draining !== undefined)
    return unproven(`another JobManager task is still ${draining.lastStatus}: ${draining.taskArn}`);
  const alive = processesOf(attempt).find((process) => !hasEnded(process, observation));
  if (alive !== undefined) return unproven(`its JobManager is not known to have ended: ${alive.taskArn}`);
  return { proven: true };
};

/** Not in the list and 404 by id, both in this look. */
export const isAbsentOn = (view: FlinkView, jobId: string): boolean => {
  if (!view.jobs.known || view.jobs.value.some((job) => job.jobId === jobId)) return false;
  const byId: Seen<string> | undefined = view.byId[jobId];
  return byId?.known === true && byId.value === 'absent';
};

/** It ran, or may have run, and is neither ended nor proven to be nowhere. */
export const maybeSomewhere = (attempt: Attempt, ready: Incarnation): boolean =>
  attempt.end === undefined &&
  (attempt.sightedOn !== undefined ||
    (attempt.posts.some(mayHaveStarted) &&
      attempt.posts.some(({ to, answer }) => to.process !== ready.process && answer !== 'not-sent')));

/** It ran on another process behind a `url`, and nobody can say whether that has ended: only a person can. */
export const isLossUnprovable = (attempt: Attempt, { url }: Cluster, ready: Incarnation): boolean =>
  maybeSomewhere(attempt, ready) &&
  attempt.sightedOn?.process !== ready.process &&
  processesOf(attempt).some(
    ({ taskArn, process }) => process !== ready.process && (url !== undefined || isByUrl(taskArn)),
  );

/** Of a cluster by `url`, whose JobManager is no task that ECS could tell of. */
const isByUrl = (taskArn: string): boolean => taskArn.startsWith('url:');

/** The process is gone: its task stopped or vanished, or another process answers in the same task. Behind a `url` another one may answer while it lives. */
export const hasEnded = (process: Incarnation, observation: Observation): boolean => {
  if (isByUrl(process.taskArn)) return false;
  const view = observation.flink[process.taskArn];
  if (view?.known === true && view.value.incarnation.process !== process.process) return true;
  if (!observation.ecs.known) return false;
  const { tasks, missing } = observation.ecs.value;
  const task = tasks.find(({ taskArn }) => taskArn === process.taskArn);
  return task === undefined ? missing.includes(process.taskArn) : task.lastStatus === 'STOPPED';
};

/**
 * A JobManager task that may run jobs and does not show them; draining ones are not always reachable, and under high
 * availability one may list nothing a moment before it recovers its jobs.
 */
export const unseenTask = (observation: Observation): JobManagerTask | undefined =>
  tasksOf(observation).find(({ taskArn, lastStatus }) => {
    const view = observation.flink[taskArn];
    const shows = view?.known === true && view.value.jobs.known && view.value.identity.ha === 'none';
    return !idle.has(lastStatus) && !shows;
  });

const tasksOf = ({ ecs }: Observation): readonly JobManagerTask[] => (ecs.known ? ecs.value.tasks : []);

/** Before its container starts, and after its end. */
const idle: ReadonlySet<string> = new Set(['PROVISIONING', 'PENDING', 'STOPPED']);

const processesOf = (attempt: Attempt): readonly Incarnation[] => [
  ...(attempt.sightedOn === undefined ? [] : [attempt.sightedOn]),
  ...attempt.posts.filter((post) => !post.processEnded && post.answer !== 'not-sent').map((post) => post.to),
];

const unproven = (because: string): Absence => ({ proven: false, because });
