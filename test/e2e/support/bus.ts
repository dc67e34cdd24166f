import {
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { clientConfig } from '../../../local/aws.ts';
import type { World } from '../../../local/world.ts';
import { openQueue } from './queue.ts';

/** EventBridge of the world: hears every event that the agent tells, from now on, and can put one of them once more. */
export const openBus = async (world: World): Promise<Bus> => {
  const events = new EventBridgeClient(clientConfig(world.client));
  const queue = await openQueue(world, 'e2e-all-ecs-events');
  await events.send(new PutRuleCommand({ Name: LISTENER, EventPattern: JSON.stringify({ source: ['aws.ecs'] }) }));
  await events.send(new PutTargetsCommand({ Rule: LISTENER, Targets: [{ Id: 'queue', Arn: queue.arn }] }));
  const heard: TaskEvent[] = [];
  let again = 0;
  const productRule = async (): Promise<string> => {
    const { Rules = [] } = await events.send(new ListRulesCommand({}));
    const [rule, ...others] = Rules.filter(({ Name, EventPattern }) => Name !== LISTENER && EventPattern !== undefined);
    if (rule?.Name === undefined || others.length > 0) throw new Error('one rule of the product was expected');
    return rule.Name;
  };
  const put: Bus['put'] = async ({ detail, resources, ...event }) => {
    const Entries = [
      {
        Source: event.source,
        DetailType: event['detail-type'],
        Resources: [...resources],
        Detail: JSON.stringify(detail),
      },
    ];
    const { FailedEntryCount } = await events.send(new PutEventsCommand({ Entries }));
    if (FailedEntryCount !== 0) throw new Error('EventBridge refused the event');
  };
  return {
    heard: async () => {
      for (const body of await queue.take()) heard.push(JSON.parse(body));
      return heard;
    },
    putAgain: async (event) => {
      await put(event);
      again += 1;
    },
    put,
    sendAgain: async (taskArn) => {
      await world.agent.sendEvent(taskArn);
      again += 1;
    },
    putAgainCount: () => again,
    loseEvents: async () => void (await events.send(new DisableRuleCommand({ Name: await productRule() }))),
    deliverEvents: async () => void (await events.send(new EnableRuleCommand({ Name: await productRule() }))),
    close: () => {
      queue.close();
      events.destroy();
    },
  };
};

const LISTENER = 'e2e-listener';

/** An event as EventBridge delivers it. */
export type TaskEvent = {
  readonly source: string;
  readonly 'detail-type': string;
  readonly resources: readonly string[];
  readonly detail: {
    readonly taskArn: string;
    readonly group: string;
    readonly version: number;
    readonly lastStatus: string;
  };
};

export type Bus = {
  /** All events so far, in the order in which they were heard. */
  heard(): Promise<readonly TaskEvent[]>;
  /** Puts an event that was heard once more, unchanged. */
  putAgain(event: TaskEvent): Promise<void>;
  /** Puts an event that ECS never told. */
  put(event: Omit<TaskEvent, 'detail'> & { readonly detail: Readonly<Record<string, unknown>> }): Promise<void>;
  /** Lets the agent put a task's last event once more. */
  sendAgain(taskArn: string): Promise<void>;
  /** How many events were put once more so far. */
  putAgainCount(): number;
  /** Disables the product's rule: no event reaches it any more. The schedule's rule stays. */
  loseEvents(): Promise<void>;
  deliverEvents(): Promise<void>;
  close(): void;
};
