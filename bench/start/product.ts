import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import {
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
} from '@aws-sdk/client-eventbridge';
import { clientConfig } from '../../local/aws.ts';
import { PRODUCT } from '../../local/deploy/deployments.ts';
import { followLog } from '../../local/show/follow-log.ts';
import { waitFor } from '../../local/wait-for.ts';
import type { World } from '../../local/world.ts';
import { type LogLine, type Steps, stepsIn } from './steps.ts';

/** The deployed autopilot, deaf until told to listen: neither its rules nor its schedule are on. */
export const createProduct = async (world: World): Promise<Product> => {
  const events = new EventBridgeClient(clientConfig(world.client));
  const logs = new CloudWatchLogsClient(clientConfig(world.client));
  const rules = await rulesOf(events);
  const turnOff = async () => {
    for (const Name of [...rules.tasks, ...rules.schedules]) await events.send(new DisableRuleCommand({ Name }));
  };
  await turnOff();
  const follow = followLog(logs, `/aws/lambda/${FUNCTION}`);
  const lines: LogLine[] = [];
  return {
    // The schedule stays off: no sample may depend on where in its minute it falls.
    listen: async () => {
      for (const Name of rules.tasks) await events.send(new EnableRuleCommand({ Name }));
    },
    turnOff,
    makeCold: () => makeCold(world.emulatorUrl),
    steps: (jobId, sinceMs) =>
      waitFor(`the function's log of ${jobId}`, LOG_MAX_MS, async () => {
        lines.push(...(await follow()));
        return stepsIn(lines, jobId, sinceMs);
      }),
    close: () => {
      events.destroy();
      logs.destroy();
    },
  };
};

export type Product = {
  /** Turns its rule for ECS tasks on. */
  listen(): Promise<void>;
  turnOff(): Promise<void>;
  /** The next invocation starts a process of its own. */
  makeCold(): Promise<void>;
  /** What it logged since a moment on the way to a job; its log comes when the invocation has ended. */
  steps(jobId: string, sinceMs: number): Promise<Steps>;
  close(): void;
};

const FUNCTION = `${PRODUCT}-task-started`;
const LOG_MAX_MS = 60_000;

type Rules = { readonly tasks: readonly string[]; readonly schedules: readonly string[] };

const rulesOf = async (events: EventBridgeClient): Promise<Rules> => {
  const { Rules = [] } = await events.send(new ListRulesCommand({}));
  const named = (isWanted: (rule: (typeof Rules)[number]) => boolean) =>
    Rules.filter(isWanted).flatMap(({ Name }) => Name ?? []);
  const rules = {
    tasks: named((rule) => !rule.ScheduleExpression),
    schedules: named((rule) => !!rule.ScheduleExpression),
  };
  if (rules.tasks.length === 0) throw new Error('The deployed autopilot has no rule for ECS tasks.');
  return rules;
};

/** A function whose configuration was written starts anew, on AWS as in the emulator, also when nothing differs. */
const makeCold = async (emulatorUrl: string): Promise<void> => {
  const url = `${emulatorUrl}/2015-03-31/functions/${FUNCTION}/configuration`;
  const written = await fetch(url, { method: 'PUT', body: JSON.stringify({ MemorySize: 256 }) });
  if (!written.ok) throw new Error(`The function cannot be made cold (${written.status}): ${await written.text()}`);
  await waitFor('the function to be active again', 30_000, async () => {
    const answer: unknown = await (await fetch(url)).json();
    return typeof answer === 'object' && answer !== null && 'State' in answer && answer.State === 'Active';
  });
};
