import * as z from 'zod/mini';
import type { Emulator } from './emulator.ts';
import { toEventDetail } from './task/render.ts';
import type { Task } from './task/task.ts';

/** Puts "ECS Task State Change" events on EventBridge, those of one task in the order of their versions. */
export const createEvents = (options: { emulator: Emulator; log: (line: string) => void }): Events => {
  const last = new Map<string, Told>();
  const queues = new Map<string, Promise<void>>();
  let closed = false;
  const put = (event: Told): Promise<void> => {
    const before = queues.get(event.taskArn) ?? Promise.resolve();
    const sending = before.then(() => (closed ? undefined : send(options.emulator, event, () => closed)));
    const settled = sending.catch((error: unknown) => options.log(`event of ${event.taskArn} lost: ${error}`));
    queues.set(event.taskArn, settled);
    return sending.then(() => undefined);
  };
  return {
    tell: (task) => {
      const event = { taskArn: task.arn, detail: JSON.stringify(toEventDetail(task)) };
      last.set(task.arn, event);
      put(event).catch(() => undefined); // logged above; ECS's own events are best effort too
    },
    repeat: async (taskArn) => {
      const event = last.get(taskArn);
      if (event === undefined) throw new Error(`No event was ever sent for ${taskArn}.`);
      await put(event);
    },
    forget: (taskArn) => {
      last.delete(taskArn);
      queues.delete(taskArn);
    },
    close: async () => {
      closed = true;
      await Promise.all(queues.values());
    },
  };
};

/** The agent's way to EventBridge. */
export type Events = {
  /** Tells the task as it stands; returns at once. */
  tell(task: Task): void;
  /** Puts the task's last event on the bus once more, unchanged. */
  repeat(taskArn: string): Promise<void>;
  forget(taskArn: string): void;
  /** Sends nothing any more and waits for what is on its way. */
  close(): Promise<void>;
};

type Told = { readonly taskArn: string; readonly detail: string };

const attempts = 5;
const retryMs = 200;

const send = async (emulator: Emulator, event: Told, isClosed: () => boolean): Promise<void> => {
  const entry = {
    Source: 'aws.ecs',
    DetailType: 'ECS Task State Change',
    Resources: [event.taskArn],
    Detail: event.detail,
  };
  for (let attempt = 1; ; attempt++) {
    try {
      accepted.parse(await emulator.call('events', 'PutEvents', { Entries: [entry] }));
      return;
    } catch (error) {
      if (attempt === attempts || isClosed()) throw error;
      await new Promise((resolve) => setTimeout(resolve, retryMs * attempt));
    }
  }
};

const accepted = z.object({ FailedEntryCount: z.literal(0, 'EventBridge refused the event') });
