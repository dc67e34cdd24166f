import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { clientConfig } from '../../../local/aws.ts';
import { PRODUCT } from '../../../local/deploy/deployments.ts';
import { followLog, type LogLine } from '../../../local/show/follow-log.ts';
import type { World } from '../../../local/world.ts';

export type FunctionName = 'task-started' | 'health-check' | 'operate';

/** What a function logged since `fromMs` (epoch), in order of time. */
export const functionLines = async (world: World, name: FunctionName, fromMs: number): Promise<readonly LogLine[]> => {
  const logs = new CloudWatchLogsClient(clientConfig(world.client));
  try {
    const lines = await followLog(logs, logGroupOf(name))();
    return lines.filter(({ atMs }) => atMs >= fromMs).sort((one, other) => one.atMs - other.atMs);
  } finally {
    logs.destroy();
  }
};

/** How many invocations of a function have ended so far: Lambda reports each at its end. */
export const endedInvocations = async (world: World, name: FunctionName): Promise<number> =>
  (await functionMessages(world, name)).filter((message) => message.startsWith('REPORT RequestId')).length;

/** Everything that a function's log group holds, as it was written. */
export const functionMessages = async (world: World, name: FunctionName): Promise<readonly string[]> => {
  const logs = new CloudWatchLogsClient(clientConfig(world.client));
  const messages: string[] = [];
  let nextToken: string | undefined;
  try {
    do {
      const page = await logs.send(new FilterLogEventsCommand({ logGroupName: logGroupOf(name), nextToken }));
      messages.push(...(page.events ?? []).map(({ message = '' }) => message));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return messages;
  } finally {
    logs.destroy();
  }
};

const logGroupOf = (name: FunctionName): string => `/aws/lambda/${PRODUCT}-${name}`;

/** A submission that a JobManager's dispatcher was given, by its own log: also one that it refused. */
export type Submission = { readonly name: string; readonly jobId: string; readonly atMs: number };

/** Every submission that any JobManager of this world was ever given, oldest first for each JobManager; what one recovered nobody submitted. */
export const submissionsToFlink = ({ dir }: World): readonly Submission[] => {
  return jobManagerLogs(dir).flatMap((text) => {
    // A leader says of each job that it recovers that it received it, too, right after.
    const found = [...text.matchAll(RECEIVED)].filter(({ index, 4: jobId = '' }, nth, all) => {
      const before = all.slice(0, nth).findLast((match) => match[4] === jobId);
      const since = text.slice(before?.index ?? 0, index);
      return !new RegExp(`Recovered \\w+\\(jobId: ${jobId}\\)`).test(since);
    });
    return found.map(([, day, time, name = '', jobId = '']) => ({
      name,
      jobId,
      atMs: new Date(`${day}T${time?.replace(',', '.')}`).getTime(), // without a zone: the machine's, as Flink logs
    }));
  });
};

/** How often any JobManager of this world began to stop that job with a savepoint, by its own log. */
export const stopsAtFlink = ({ dir }: World, jobId: string): number =>
  jobManagerLogs(dir).reduce(
    (sum, text) => sum + text.split(`Triggering stop-with-savepoint for job ${jobId}`).length - 1,
    0,
  );

const jobManagerLogs = (dir: string): readonly string[] => {
  const folder = join(dir, 'agent', 'logs');
  const files = readdirSync(folder).filter((file) => file.startsWith('jobmanager-'));
  return files.map((file) => readFileSync(join(folder, file), 'utf8'));
};

// Since 2.2 a job is submitted as the one job of an application, under the same id.
const RECEIVED =
  /^(\S+) (\S+) .*Received (?:JobGraph submission '|application submission 'SingleJobApplication\()(.+?)\)?' \(([0-9a-f]{32})\)/gm;
