import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Processes } from '../processes.ts';
import { createAddresses } from './addresses.ts';
import { createDirectory } from './api/directory.ts';
import { createEcsApi } from './api/ecs-api.ts';
import { serve } from './api/server.ts';
import type { InstalledFlink } from './container/choose-flink.ts';
import { createEmulator } from './emulator.ts';
import { createEvents } from './events.ts';
import { createNames } from './names.ts';
import { type Repetition, repeat } from './repeat.ts';
import { createServiceScheduler } from './services/service-scheduler.ts';
import { createThrottle, type Throttle } from './services/throttle.ts';
import { createLauncher } from './task/launch.ts';
import { clearTask, createTaskHost } from './task/task-host.ts';
import { signalTask, stopTask, type TaskLife } from './task/task-life.ts';
import { createTaskTable, type TaskTable, type TaskView, viewOf } from './task/task-table.ts';

/**
 * ECS's data plane beside the emulator's control plane: follows the desired state of the emulator's services, runs their
 * tasks as processes of this machine, answers for them as ECS does and tells their changes on EventBridge.
 */
export const startAgent = async (options: AgentOptions): Promise<Agent> => {
  mkdirSync(join(options.dir, 'logs'), { recursive: true });
  const log = (line: string) =>
    appendFileSync(join(options.dir, 'logs', 'agent.log'), `${new Date().toISOString()} ${line}\n`);
  const listeners = new Set<(task: TaskView) => void>();
  const emulator = createEmulator({ url: options.emulatorUrl, region: options.region, account: options.account });
  const addresses = createAddresses(options.subnet);
  const events = createEvents({ emulator, log });
  const names = createNames({ delayMs: options.discoveryDelayMs ?? 1_000, log });
  const throttle = createThrottle(Date.now);
  const stoppedKeptMs = options.stoppedKeptMs ?? 3_600_000;
  const table = createTaskTable({ stoppedKeptMs, now: Date.now, forgotten: events.forget });
  const changed = (life: TaskLife) => {
    events.tell(life.task);
    for (const listener of listeners) listener(viewOf(life));
    if (life.task.lastStatus !== 'STOPPED') return;
    addresses.release(life.task.address);
    countEnd(throttle, life);
    clearTask(options.dir, life.task).catch((error: unknown) => log(`${life.task.arn}: ${error}`));
    nudge();
  };
  const host = createTaskHost({ ...options, emulator, names, changed });
  const launch = createLauncher({ addresses, table, host });
  const pass = createServiceScheduler({ emulator, table, launch, throttle, log });
  let following: Repetition | undefined;
  const nudge = () => following?.nudge();
  const api = createEcsApi({ directory: createDirectory(emulator, options), table, launch, nudge });
  const server = await serve({ ...options.listen, api, emulator, forwarded: nudge });
  return {
    url: server.url,
    startTasks: () => {
      following ??= repeat(pass, { pauseMs: options.pollMs ?? 300, failed: (error) => log(`desired state: ${error}`) });
    },
    tasks: () => table.all().map(viewOf),
    onTask: (listener) => void listeners.add(listener),
    kill: async (pick, signal) =>
      table
        .all()
        .filter((life) => isPicked(viewOf(life), pick) && signalTask(life, signal))
        .map((life) => life.task.arn),
    forgetStopped: () => table.forgetStopped(),
    stopTask: async (taskArn, reason) => stopTask(known(table, taskArn), 'UserInitiated', reason),
    sendEvent: async (taskArn) => events.repeat(known(table, taskArn).task.arn),
    stop: async () => {
      await following?.stop();
      await Promise.all([events.close(), names.close(), server.close()]);
      await Promise.all(table.all().map(endNow));
    },
  };
};

/** Where the agent lives and what it may use. `dir` holds all files; AWS_ENDPOINT_URL_ECS points at `listen`. */
export type AgentOptions = {
  readonly emulatorUrl: string;
  readonly listen: { readonly host: string; readonly port: number };
  /** The first three numbers of the tasks' addresses, like '127.83.12'. */
  readonly subnet: string;
  readonly dir: string;
  readonly region: string;
  readonly account: string;
  readonly processes: Processes;
  /** The first one runs where an image names no version. */
  readonly flinks: readonly InstalledFlink[];
  readonly java: string;
  /** How often the desired state is read (300 ms). */
  readonly pollMs?: number;
  /** How long a change takes to reach the discovery names (1 s). */
  readonly discoveryDelayMs?: number;
  /** How long stopped tasks are still answered (an hour). */
  readonly stoppedKeptMs?: number;
};

/** A running agent. */
export type Agent = {
  readonly url: string;
  /** Until then it answers and forwards, but starts nothing. */
  startTasks(): void;
  /** Every task ever started, also dead ones, newest last. */
  tasks(): readonly TaskView[];
  /** Hears each change of each task. */
  onTask(listener: (task: TaskView) => void): void;
  /** Signals the main processes of living tasks directly, as a crash; gives their ARNs. */
  kill(pick: { readonly role?: string; readonly taskArn?: string }, signal: NodeJS.Signals): Promise<string[]>;
  /** ECS answers for no task any more that is stopped now, as if an hour had passed. */
  forgetStopped(): void;
  /** What StopTask does. */
  stopTask(taskArn: string, reason: string): Promise<void>;
  /** Puts the task's last event on the bus once more. */
  sendEvent(taskArn: string): Promise<void>;
  /** Ends all tasks and waits for it; tells nothing any more. */
  stop(): Promise<void>;
};

const known = (table: TaskTable, taskArn: string): TaskLife => {
  const life = table.find(taskArn);
  if (life === undefined) throw new Error(`There was never a task ${taskArn}.`);
  return life;
};

const isPicked = (task: TaskView, pick: { readonly role?: string; readonly taskArn?: string }): boolean =>
  (pick.role === undefined || task.role === pick.role) && (pick.taskArn === undefined || task.taskArn === pick.taskArn);

const countEnd = (throttle: Throttle, { task, crashedByHand }: TaskLife): void => {
  if (task.service === undefined) return; // nobody starts it again
  const { startedAtMs, executionStoppedAtMs: endedAtMs } = task;
  const ranMs = startedAtMs === undefined || endedAtMs === undefined ? undefined : endedAtMs - startedAtMs;
  const asked = crashedByHand || task.stopCode === 'UserInitiated' || task.stopCode === 'ServiceSchedulerInitiated';
  throttle.ended(task.service.arn, task.service.deploymentId, { ranMs, asked });
};

/** The world ends: nobody waits a stopTimeout for it. */
const endNow = async (life: TaskLife): Promise<void> => {
  stopTask(life, 'ServiceSchedulerInitiated', 'The local world ends');
  for (const child of life.children.values()) void life.host.processes.end(child, { graceMs: endGraceMs });
  await life.ended;
};

const endGraceMs = 3_000;
