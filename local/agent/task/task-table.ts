import { roleOf } from '../container/container-process.ts';
import type { Task } from './task.ts';
import { mainContainer, type TaskLife } from './task-life.ts';

/** All tasks the agent started. Stopped ones are answered for a while, as by ECS, and remembered for the owner of the agent. */
export const createTaskTable = (options: TaskTableOptions): TaskTable => {
  const lives: TaskLife[] = [];
  const gone = new WeakSet<TaskLife>();
  const visible = (life: TaskLife) => {
    const { stoppedAtMs } = life.task;
    return stoppedAtMs === undefined || (!gone.has(life) && options.now() - stoppedAtMs < options.stoppedKeptMs);
  };
  return {
    add: (life) => {
      lives.push(life);
      if (lives.length <= historyMax) return;
      const oldest = lives.findIndex(({ task }) => task.lastStatus === 'STOPPED');
      for (const gone of oldest < 0 ? [] : lives.splice(oldest, 1)) options.forgotten(gone.task.arn);
    },
    all: () => lives,
    answered: (cluster) => lives.filter((life) => life.task.cluster === cluster && visible(life)),
    forgetStopped: () => {
      for (const life of lives) if (life.task.stoppedAtMs !== undefined) gone.add(life);
    },
    find: (reference) => lives.find(({ task }) => task.arn === reference || task.id === reference),
  };
};

type TaskTableOptions = {
  readonly stoppedKeptMs: number;
  readonly now: () => number;
  /** The history is full and this one left it. */
  readonly forgotten: (taskArn: string) => void;
};

/** Who is on the list. */
export type TaskTable = {
  add(life: TaskLife): void;
  /** Every task ever started (the last thousand), newest last. */
  all(): readonly TaskLife[];
  /** What ECS would answer for a cluster. */
  answered(cluster: string): readonly TaskLife[];
  /** Those that are stopped now are answered for no more. */
  forgetStopped(): void;
  /** By ARN or id. */
  find(reference: string): TaskLife | undefined;
};

/** One task as the owner of the agent sees it. */
export type TaskView = {
  readonly taskArn: string;
  /** The name of its service; of a task that RunTask started, its group. */
  readonly service: string;
  readonly role: 'jobmanager' | 'taskmanager' | 'other';
  readonly address: string;
  /** The newest process of its main container; 0 before there is one. */
  readonly pid: number;
  readonly desiredStatus: Task['desiredStatus'];
  readonly lastStatus: Task['lastStatus'];
  /** When that process was started; before, when the task was made. */
  readonly startedAtMs: number;
  /** Whether that process lives, also when the task is on its way out. */
  readonly alive: boolean;
  /** That of the task's last event. */
  readonly version: number;
  readonly stoppedReason?: string;
  /** Of its main container, once it ended. */
  readonly exitCode?: number;
};

/** A snapshot of one task. */
export const viewOf = ({ task, main }: TaskLife): TaskView => {
  const container = mainContainer(task);
  return {
    taskArn: task.arn,
    service: task.service?.name ?? task.group,
    role: container === undefined ? 'other' : roleOf(container.definition),
    address: task.address,
    pid: main?.pid ?? 0,
    desiredStatus: task.desiredStatus,
    lastStatus: task.lastStatus,
    startedAtMs: main?.startedAtMs ?? task.createdAtMs,
    alive: main?.alive ?? false,
    version: task.version,
    ...(task.stoppedReason === undefined ? {} : { stoppedReason: task.stoppedReason }),
    ...(container?.exitCode === undefined ? {} : { exitCode: container.exitCode }),
  };
};

const historyMax = 1_000;
