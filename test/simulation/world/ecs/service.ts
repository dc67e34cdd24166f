import { boot } from '../flink/boot.ts';
import type { FlinkCluster, Service } from '../flink/cluster.ts';
import { endProcess } from '../flink/lives.ts';
import type { Process } from '../flink/process.ts';
import { recover } from '../flink/recovery.ts';
import { note } from '../notes.ts';
import { later, type Stage } from '../stage.ts';
import { sharesOf } from '../usual.ts';
import { connect, disconnect } from './address.ts';
import { asked, crashed, exitsOf } from './stops.ts';
import { isWanted, type Task } from './task.ts';

/** What ECS does by itself: as many wanted tasks as the service wants, the oldest ended first, no more of them while it rolls. */
export const settle = (stage: Stage, cluster: FlinkCluster, service: Service): void => {
  const wanted = wantedOf(cluster, service);
  const surplus = service.isRolling ? 0 : wanted.length - service.desiredCount;
  for (const task of wanted.slice(0, Math.max(0, surplus))) stop(stage, cluster, task);
  if (wanted.length >= service.desiredCount || service.isStarting) return;
  service.isStarting = true;
  // ECS throttles what ends again and again.
  const isLooping = stage.sim.time.nowMs() < cluster.crashesUntilMs;
  later(stage, 500, isLooping ? 90_000 : 8_000, () => {
    service.isStarting = false;
    if (wantedOf(cluster, service).length < service.desiredCount) launch(stage, cluster, service);
    settle(stage, cluster, service);
  });
};

export const wantedOf = ({ tasks }: FlinkCluster, { name }: Service): readonly Task[] =>
  tasks.filter((task) => task.service === name && isWanted(task));

/** A task goes through its statuses until its process boots, unless it is stopped before. */
export const launch = (stage: Stage, cluster: FlinkCluster, service: Service): Task => {
  const taskArn = `${TASKS}${cluster.n}-${cluster.tasks.length + 1}`;
  const { name, revision } = service;
  const createdMs = stage.sim.time.nowMs();
  const what = {
    taskArn,
    createdMs,
    service: name,
    taskDefinitionArn: `arn:aws:ecs:eu-west-1:000000000000:task-definition/${name}:${revision}`,
    isSilent: stage.sim.random.chance(0.5),
  };
  const task: Task = { ...what, desiredStatus: 'RUNNING', lastStatus: 'PROVISIONING' };
  cluster.tasks.push(task);
  show(stage, cluster, task);
  later(stage, 500, 3_000, () => {
    if (!isWanted(task)) return;
    connect(stage, cluster, task);
    task.lastStatus = 'PENDING';
    show(stage, cluster, task);
    later(stage, 500, 5_000, () => start(stage, cluster, task));
  });
  return task;
};

/** Also a container that is started again inside its task, of which ECS says nothing (F123). */
const start = (stage: Stage, cluster: FlinkCluster, task: Task): void => {
  if (!isWanted(task)) return;
  const isNews = task.lastStatus !== 'RUNNING';
  task.lastStatus = 'RUNNING';
  boot(stage, cluster, task, (process) => exit(stage, cluster, process, 'crash loop'));
  if (isNews) show(stage, cluster, task);
};

/** It is wanted no more, and drains: its process runs on for a while, with its jobs. */
export const stop = (stage: Stage, cluster: FlinkCluster, task: Task): void => {
  if (!isWanted(task)) return;
  task.desiredStatus = 'STOPPED';
  task.stop = { ...asked(stage.sim.time.nowMs()), createdMs: task.createdMs };
  show(stage, cluster, task);
  later(stage, 1_000, task.process === undefined ? 5_000 : 120_000, () => {
    if (task.process !== undefined) endProcess(stage, task.process, 'stopped');
    recover(stage, cluster);
    later(stage, 0, 30_000, () => isStopped(stage, cluster, task));
  });
};

/** A process ends by itself: its container is started again in the task, or the task ends and is replaced. */
export const exit = (stage: Stage, cluster: FlinkCluster, process: Process, how: string): void => {
  if (process.endedMs !== undefined) return;
  endProcess(stage, process, how);
  recover(stage, cluster);
  const task = cluster.tasks.find(({ taskArn }) => taskArn === process.taskArn);
  if (task === undefined || !isWanted(task)) return;
  const { random } = stage.sim;
  const isInPlace = random.chance(sharesOf(stage).inPlace);
  const next = isInPlace ? 'restarts' : random.pick('is replaced', 'is replaced first');
  if (next === 'restarts') later(stage, 500, 5_000, () => start(stage, cluster, task));
  else later(stage, 0, 30_000, () => isStopped(stage, cluster, task, how));
  if (next === 'is replaced first') hasCrashed(stage, cluster, task, how);
  settleAll(stage, cluster);
};

/** ECS knows of its end now. */
const hasCrashed = (stage: Stage, cluster: FlinkCluster, task: Task, how: string): void => {
  const atMs = stage.sim.time.nowMs();
  task.desiredStatus = 'STOPPED';
  task.stop = { ...crashed(atMs, how), createdMs: task.createdMs };
  cluster.changes += 1;
  note(stage.notes, 'crashes', { atMs, cluster: cluster.name, service: task.service });
};

export const settleAll = (stage: Stage, cluster: FlinkCluster): void => {
  // Whatever is settled may have been asked for by another count.
  cluster.changes += 1;
  for (const service of cluster.services) settle(stage, cluster, service);
};

/** `how` it ended, where nobody asked for it. */
const isStopped = (stage: Stage, cluster: FlinkCluster, task: Task, how?: string): void => {
  if (how !== undefined && isWanted(task)) hasCrashed(stage, cluster, task, how);
  if (task.process !== undefined) endProcess(stage, task.process, 'stopped');
  delete task.process;
  disconnect(task);
  Object.assign(task, { desiredStatus: 'STOPPED', lastStatus: 'STOPPED', stoppedMs: stage.sim.time.nowMs() });
  if (task.stop?.exits.length === 0) task.stop = { ...task.stop, exits: exitsOf(task) };
  show(stage, cluster, task);
  settleAll(stage, cluster);
};

/** ECS shows something else now; the deployed rule hears of RUNNING and STOPPED alone. */
const show = (stage: Stage, cluster: FlinkCluster, { lastStatus }: Task): void => {
  cluster.changes += 1;
  if (lastStatus === 'RUNNING' || lastStatus === 'STOPPED') stage.changed(cluster.name);
};

const TASKS = 'arn:aws:ecs:eu-west-1:000000000000:task/flink/';
