import type { FunctionDefinition, Resource } from './osls.ts';

/**
 * The alarms on the autopilot itself, which publish to its topic when they begin and when they are over. CloudWatch bills by
 * metric, so joining them saves nothing and one each says more. None on `operate`: whoever invoked it reads what it answers,
 * a throttled or failed call included.
 */
export const alarmResources = (
  stack: string,
  functions: Readonly<Record<string, Pick<FunctionDefinition, 'name'>>>,
): Record<string, Resource> => {
  const taskStarted = functions['task-started']?.name ?? '';
  const healthCheck = functions['health-check']?.name ?? '';
  const alarms = {
    TaskStartedErrors: repeatedly('Errors', taskStarted),
    HealthCheckErrors: repeatedly('Errors', healthCheck),
    TaskStartedThrottles: repeatedly('Throttles', taskStarted),
    HealthCheckThrottles: repeatedly('Throttles', healthCheck),
    HeartbeatMissing: heartbeat(healthCheck),
    UndeliveredEventsWaiting: notEmpty('UndeliveredEvents', 'ALARM_UNDELIVERED_EVENTS'),
    FailedEventsWaiting: notEmpty('FailedEvents', 'ALARM_FAILED_EVENTS'),
  };
  return Object.fromEntries(Object.entries(alarms).map(([id, alarm]) => [id, alarmOf(stack, id, alarm)]));
};

type Alarm = {
  /** What it means and what to do. */
  readonly says: string;
  /** The page in docs/runbook. */
  readonly page: string;
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: unknown }[];
  readonly Statistic: 'Sum' | 'Maximum';
  readonly ComparisonOperator: string;
  readonly Threshold: number;
  readonly Period: number;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly TreatMissingData: 'breaching' | 'notBreaching';
};

/** In three of ten minutes: the first retries of an event come within three, and one bad minute heals by itself. */
const repeatedly = (MetricName: 'Errors' | 'Throttles', functionName: string): Alarm => ({
  ...(MetricName === 'Errors'
    ? { says: `${functionName} keeps failing. Read its log for the error.`, page: 'ALARM_FUNCTION_ERRORS' }
    : {
        says: `${functionName} is refused by Lambda: the account has no concurrency left. See what uses it up, or raise the quota.`,
        page: 'ALARM_FUNCTION_THROTTLES',
      }),
  ...ofFunction(functionName),
  MetricName,
  Statistic: 'Sum',
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  Threshold: 1,
  Period: 60,
  EvaluationPeriods: 10,
  DatapointsToAlarm: 3,
  TreatMissingData: 'notBreaching',
});

/** No data is what a schedule that stopped looks like. */
const heartbeat = (functionName: string): Alarm => ({
  says: `${functionName} did not run for five minutes, so nothing watches the Flink jobs. Look at its schedule.`,
  page: 'ALARM_HEARTBEAT_MISSING',
  ...ofFunction(functionName),
  MetricName: 'Invocations',
  Statistic: 'Sum',
  ComparisonOperator: 'LessThanThreshold',
  Threshold: 1,
  Period: 300,
  EvaluationPeriods: 1,
  TreatMissingData: 'breaching',
});

const notEmpty = (queue: 'UndeliveredEvents' | 'FailedEvents', page: string): Alarm => ({
  says:
    queue === 'UndeliveredEvents'
      ? 'EventBridge could not hand events to a function. Read them, mend the cause, and empty the queue.'
      : 'A function gave up on events after all retries. Read them, mend the cause, and empty the queue.',
  page,
  Namespace: 'AWS/SQS',
  MetricName: 'ApproximateNumberOfMessagesVisible',
  Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queue, 'QueueName'] } }],
  Statistic: 'Maximum',
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  Threshold: 1,
  Period: 300,
  EvaluationPeriods: 1,
  TreatMissingData: 'notBreaching',
});

const ofFunction = (functionName: string) => ({
  Namespace: 'AWS/Lambda',
  Dimensions: [{ Name: 'FunctionName', Value: functionName }],
});

const alarmOf = (stack: string, id: string, { says, page, ...metric }: Alarm): Resource => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    AlarmName: `${stack}-${id}`,
    AlarmDescription: `${says} What to do: docs/runbook/${page}.md`,
    ...metric,
    AlarmActions: [{ Ref: 'Alerts' }],
    OKActions: [{ Ref: 'Alerts' }],
  },
});
