import { leadingView } from './leadership.ts';
import { isTerminal, isUnheard, mayHaveStarted } from './liveness.ts';
import type { Attempt, Cluster, FlinkView, Incarnation, JobManagerTask, Observation, Post, Seen } from './model.ts';
import { readiness } from './readiness.ts';

export type Absence = { readonly proven: true } | { readonly proven: false; readonly because: string };

/**
 * Is the attempt surely on no JobManager? It is neither in the list of the one ready JobManager nor known there by id, every
 * process that may have run it has ended, and every other JobManager task is STOPPED. With high availability the ready one is
 * the leader, nothing of the job is left for it to recover, and the others are standbys.
 * Identities are compared, never timestamps; a failed or partial look proves nothing.
 */
export const absence = (attempt: Attempt, cluster: Cluster, observation: Observation): Absence => {
  const state = readiness(cluster, observation);
  if (!state.ready) return unproven(state.text);
  const { view } = state;
  if (!isAbsentOn(view, attempt.jobId)) return unproven('the ready JobManager does not say that it is absent');
  const draining = tasksOf(observation).find(
    (task) => task.taskArn !== view.incarnation.taskArn && mayRunJobs(task, observation),
  );
  if (draining !== undefined)
    return unproven(`another JobManager task is still ${draining.lastStatus}: ${draining.taskArn}`);
  const alive =
    processesOf(attempt).find((process) => !hasLetGo(process, view, observation)) ??
    mainsOf(attempt, view).find((process) => !hasEnded(process, observation));
  if (alive !== undefined) return unproven(`its JobManager is not known to have ended: ${alive.taskArn}`);
  return { proven: true };
};

/**
 * Not in the list and 404 by id, both in this look. A leader was seen to list nothing just before it brought its jobs back:
 * it has to have nothing to recover, and all of it has to answer.
 */
export const isAbsentOn = (view: FlinkView, jobId: string): boolean => {
  if (view.recovers !== undefined && (view.recovers.includes(jobId) || !view.slots.known)) return false;
  if (!view.jobs.known || view.jobs.value.some((job) => job.jobId === jobId)) return false;
  const byId: Seen<string> | undefined = view.byId[jobId];
  return byId?.known === true && byId.value === 'absent';
};

/** It ran, or may have run, and is neither ended nor proven to be nowhere. */
export const maybeSomewhere = (attempt: Attempt, ready: Incarnation): boolean =>
  attempt.end === undefined &&
  (attempt.sightedOn !== undefined ||
    (attempt.posts.some(mayHaveStarted) &&
      attempt.posts.some((post) => !isOneWay(post, ready) && post.answer !== 'not-sent')));

/** What that process, if it answers beside this one, and this one are given comes to the same leader, which takes an id once. */
export const isOneWay = ({ to, processEnded }: Post, on: Incarnation): boolean =>
  to.process === on.process || (!processEnded && on.peers?.includes(to.process) === true);

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

/** With high availability a job is where its memory is: it goes on there with the next leader, unless it ended. */
export const isSameMemory = (before: Incarnation | undefined, now: Incarnation): boolean =>
  before?.led !== undefined && before.led.memory === now.led?.memory;

/**
 * A JobManager task that may run jobs and does not show them; draining ones are not always reachable, and under high
 * availability one may list nothing a moment before it recovers its jobs, unless it is known to lead or not to.
 */
export const unseenTask = (observation: Observation): JobManagerTask | undefined =>
  tasksOf(observation).find((task) => {
    const view = observation.flink[task.taskArn];
    const speaks =
      view?.known === true &&
      (view.value.identity.ha === 'none' || view.value.recovers !== undefined || isPeer(view.value));
    const shows = speaks && view.value.jobs.known;
    return !idle.has(task.lastStatus) && !shows && !isStandby(task, observation);
  });

/**
 * It runs no jobs, since another one leads: it says that it has the same high availability and lists what that one knows,
 * or was made from the same definition, for it need not answer.
 */
const isStandby = ({ taskArn, taskDefinitionArn }: JobManagerTask, observation: Observation): boolean => {
  const leading = leadingView(observation);
  if (leading === undefined || taskArn === leading.incarnation.taskArn) return false;
  const view = observation.flink[taskArn];
  if (view?.known === true) return standsBy(view.value, leading);
  const leader = tasksOf(observation).find((task) => task.taskArn === leading.incarnation.taskArn);
  return taskDefinitionArn === leader?.taskDefinitionArn;
};

/** A standby answers for its leader; who lists what that one does not know may have another one, or be it. */
const standsBy = ({ identity: { zookeeper }, jobs }: FlinkView, leading: FlinkView): boolean => {
  const { path, quorum } = leading.identity.zookeeper ?? {};
  if (zookeeper?.path !== path || zookeeper?.quorum !== quorum) return false;
  if (!jobs.known || !leading.jobs.known) return true;
  const known = new Set([...leading.jobs.value.map(({ jobId }) => jobId), ...(leading.recovers ?? [])]);
  return jobs.value.every(({ jobId, state }) => isTerminal(state) || known.has(jobId));
};

const mayRunJobs = (task: JobManagerTask, observation: Observation): boolean =>
  task.lastStatus !== 'STOPPED' && !isStandby(task, observation) && !isPeerOn(task.taskArn, observation);

/** One of several of which nobody can say who leads: it shows its jobs, or its leader's, like the others. */
const isPeer = ({ incarnation }: FlinkView): boolean => incarnation.peers !== undefined;

const isPeerOn = (taskArn: string, { flink }: Observation): boolean => {
  const view = flink[taskArn];
  return view?.known === true && isPeer(view.value);
};

/** It runs nothing of what it ran: it has ended, another one leads now, or it leads itself and its memory began anew. */
const hasLetGo = (process: Incarnation, view: FlinkView, observation: Observation): boolean =>
  hasEnded(process, observation) ||
  isOnStandby(process, observation) ||
  isPeerOn(process.taskArn, observation) ||
  hasForgotten(process, view.incarnation);

const hasForgotten = (before: Incarnation, now: Incarnation): boolean =>
  before.process === now.process && before.led !== undefined && !isSameMemory(before, now);

/** Its task answers, and another one leads now. */
const isOnStandby = ({ taskArn }: Incarnation, observation: Observation): boolean => {
  const task = tasksOf(observation).find((each) => each.taskArn === taskArn);
  return observation.flink[taskArn]?.known === true && task !== undefined && isStandby(task, observation);
};

const tasksOf = ({ ecs }: Observation): readonly JobManagerTask[] => (ecs.known ? ecs.value.tasks : []);

/** What ECS says of a task before its container starts, and after its end. */
export const idle: ReadonlySet<string> = new Set(['PROVISIONING', 'PENDING', 'STOPPED']);

const processesOf = (attempt: Attempt): readonly Incarnation[] => [
  ...(attempt.sightedOn === undefined ? [] : [attempt.sightedOn]),
  ...attempt.posts.filter((post) => !post.processEnded && post.answer !== 'not-sent').map((post) => post.to),
];

/** Where nobody can say who leads, and nobody heard what came of a call, its main() may be at work until its job was seen. */
const mainsOf = ({ posts, sightedOn }: Attempt, { incarnation }: FlinkView): readonly Incarnation[] =>
  incarnation.peers === undefined || sightedOn !== undefined
    ? []
    : posts.filter((post) => !post.processEnded && isUnheard(post)).map(({ to }) => to);

const unproven = (because: string): Absence => ({ proven: false, because });
