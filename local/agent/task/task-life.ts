import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { constants } from 'node:os';
import type { Processes } from '../../processes.ts';
import { CannotStart } from '../container/cannot-start.ts';
import type { ContainerProcess } from '../container/container-process.ts';
import type { Names } from '../names.ts';
import { privateDnsName } from './render.ts';
import type { Container, StopCode, Task } from './task.ts';

/** Lives a task from PROVISIONING to STOPPED, telling each change; its containers are processes of this machine. */
export const liveTask = (task: Task, names: readonly string[], host: TaskHost): TaskLife => {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const facts = { children: new Map(), main: undefined, prepared: false, crashedByHand: false };
  const life: TaskLife = { task, names, host, ended, end, ...facts };
  queueMicrotask(() => void start(life)); // first listed, then told
  return life;
};

/** Stops a task as ECS does: told first, then SIGTERM, SIGKILL after each container's stopTimeout. */
export const stopTask = (life: TaskLife, stopCode: StopCode, stoppedReason: string): void => {
  const { task, host } = life;
  if (task.desiredStatus === 'STOPPED') return;
  change(life, { desiredStatus: 'STOPPED', stopCode, stoppedReason, stoppingAtMs: host.now() });
  host.names.deregister(task.id);
  if (!life.prepared) return; // start() sees it and ends there
  if (life.names.length > 0 && task.startedAtMs !== undefined) change(life, { lastStatus: 'DEACTIVATING' });
  change(life, { lastStatus: 'STOPPING' });
  for (const [container, child] of life.children)
    void host.processes.end(child, { graceMs: container.definition.stopTimeout * 1_000 });
  if (life.children.size === 0) finish(life);
};

/** Sends a signal to the task's main process directly, as a crash would; false when it does not run. */
export const signalTask = (life: TaskLife, signal: NodeJS.Signals): boolean => {
  const pid = life.main?.alive === true ? life.main.pid : undefined;
  if (pid === undefined) return false;
  life.crashedByHand ||= signal === 'SIGKILL' || signal === 'SIGTERM';
  return process.kill(pid, signal);
};

/** A task and what runs of it. */
export type TaskLife = {
  readonly task: Task;
  /** Its discovery names. */
  readonly names: readonly string[];
  readonly host: TaskHost;
  readonly children: Map<Container, ChildProcess>;
  /** The newest process of the task's first essential container. */
  main: { pid: number; startedAtMs: number; alive: boolean } | undefined;
  prepared: boolean;
  /** Somebody killed it from outside on purpose, so its end says nothing about the image. */
  crashedByHand: boolean;
  /** Resolves when the task is STOPPED. */
  readonly ended: Promise<void>;
  readonly end: () => void;
};

/** What a task needs from the agent. */
export type TaskHost = {
  readonly processes: Processes;
  readonly names: Names;
  now(): number;
  /** Puts everything in place that the containers need; throws CannotStart. */
  prepare(task: Task): Promise<readonly (readonly [Container, ContainerProcess])[]>;
  spawn(task: Task, container: Container, plan: ContainerProcess): ChildProcess;
  /** The task changed: its version is already the next one. */
  changed(life: TaskLife): void;
};

const start = async (life: TaskLife): Promise<void> => {
  const { task, host } = life;
  change(life, { lastStatus: 'PROVISIONING' });
  task.attachment.status = 'ATTACHED';
  change(life, { lastStatus: 'PENDING', connectivityAtMs: host.now(), pullStartedAtMs: host.now() });
  try {
    const plans = await host.prepare(task);
    life.prepared = true;
    if (task.desiredStatus === 'STOPPED') return finish(life);
    task.pullStoppedAtMs = host.now();
    for (const [container, plan] of plans) spawnContainer(life, container, plan);
  } catch (error) {
    return fail(life, error);
  }
  // The name of its interface resolves in the whole network; discovery names are another matter.
  host.names.register(task.id, [...life.names, privateDnsName(task)], task.address);
  if (life.names.length > 0) change(life, { lastStatus: 'ACTIVATING' });
  change(life, { lastStatus: 'RUNNING', startedAtMs: host.now() });
  setTimeout(() => reportDigests(life), digestsReportedAfterMs).unref();
};

const spawnContainer = (life: TaskLife, container: Container, plan: ContainerProcess): void => {
  const startedAtMs = life.host.now();
  const child = life.host.spawn(life.task, container, plan);
  const main = { pid: child.pid ?? 0, startedAtMs, alive: true };
  life.children.set(container, child);
  container.lastStatus = 'RUNNING';
  if (container === mainContainer(life.task)) life.main = main;
  child.once('exit', (code, signal) => {
    main.alive = false;
    life.children.delete(container);
    const exitCode = code ?? 128 + constants.signals[signal ?? 'SIGKILL'];
    if (restartsInPlace(life, container, exitCode, life.host.now() - startedAtMs)) {
      spawnContainer(life, container, plan); // same task, same address, nothing of the old process left
      return change(life, {});
    }
    exited(life, container, exitCode);
  });
};

const restartsInPlace = ({ task }: TaskLife, { definition }: Container, exitCode: number, ranMs: number): boolean => {
  const policy = definition.restartPolicy;
  if (policy?.enabled !== true || task.desiredStatus === 'STOPPED') return false;
  return !policy.ignoredExitCodes.includes(exitCode) && ranMs >= policy.restartAttemptPeriod * 1_000;
};

const exited = (life: TaskLife, container: Container, exitCode: number): void => {
  container.lastStatus = 'STOPPED';
  container.exitCode = exitCode;
  const stopping = life.task.desiredStatus === 'STOPPED';
  if (stopping && life.children.size === 0) finish(life);
  else if (stopping || !container.definition.essential) change(life, {});
  else stopTask(life, 'EssentialContainerExited', 'Essential container in task exited');
};

const fail = (life: TaskLife, error: unknown): void => {
  life.prepared = true;
  const words = error instanceof Error ? error.message : String(error);
  const reason = error instanceof CannotStart ? words : `ResourceInitializationError: ${words}`;
  for (const container of life.task.containers) if (container.lastStatus === 'PENDING') container.reason = reason;
  if (life.task.desiredStatus === 'RUNNING') stopTask(life, 'TaskFailedToStart', reason);
  else finish(life);
};

const finish = (life: TaskLife): void => {
  const { task, host } = life;
  host.names.shut(task.id);
  task.attachment.status = 'DETACHING';
  change(life, { lastStatus: 'DEPROVISIONING', executionStoppedAtMs: host.now() });
  for (const container of task.containers) container.lastStatus = 'STOPPED';
  task.attachment.status = 'DELETED';
  change(life, { lastStatus: 'STOPPED', stoppedAtMs: host.now() });
  life.end();
};

/** ECS learns some facts of a container later and tells the running task once more: never the same event twice. */
const reportDigests = (life: TaskLife): void => {
  const { task } = life;
  if (task.lastStatus !== 'RUNNING' || task.desiredStatus === 'STOPPED') return;
  for (const container of task.containers)
    container.imageDigest = `sha256:${createHash('sha256').update(container.definition.image).digest('hex')}`;
  change(life, {});
};

const digestsReportedAfterMs = 250;

const change = (life: TaskLife, facts: Partial<Task>): void => {
  Object.assign(life.task, facts, { version: life.task.version + 1, updatedAtMs: life.host.now() });
  life.host.changed(life);
};

/** The container whose process stands for the task: the first essential one. */
export const mainContainer = (task: Task): Container | undefined =>
  task.containers.find((container) => container.definition.essential);
