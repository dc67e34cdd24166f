import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { alarmResources } from '../../../serverless/alarms.ts';

const functions = { 'task-started': { name: 'a-dev-task-started' }, 'health-check': { name: 'a-dev-health-check' } };
const alarms = Object.entries(alarmResources('a-dev', functions));
const RUNBOOK = join(import.meta.dirname, '../../../docs/runbook');

/** What an alarm looks at, in short. */
const watched = alarms.map(([id, { Properties }]) => {
  const { MetricName, Dimensions, TreatMissingData } = Properties;
  return [id, MetricName, JSON.stringify(Dimensions), TreatMissingData];
});

describe('the alarms on the autopilot', () => {
  it('tell when a function fails or is refused, the schedule stands still, or a dead-letter queue is not empty (F10)', () => {
    const of = (name: string) => `[{"Name":"FunctionName","Value":"${name}"}]`;
    const queue = (id: string) => `[{"Name":"QueueName","Value":{"Fn::GetAtt":["${id}","QueueName"]}}]`;
    const [started, check] = [of('a-dev-task-started'), of('a-dev-health-check')];
    const waiting = 'ApproximateNumberOfMessagesVisible';
    expect(watched).toEqual([
      ['TaskStartedErrors', 'Errors', started, 'notBreaching'],
      ['HealthCheckErrors', 'Errors', check, 'notBreaching'],
      ['TaskStartedThrottles', 'Throttles', started, 'notBreaching'],
      ['HealthCheckThrottles', 'Throttles', check, 'notBreaching'],
      ['HeartbeatMissing', 'Invocations', check, 'breaching'],
      ['UndeliveredEventsWaiting', waiting, queue('UndeliveredEvents'), 'notBreaching'],
      ['FailedEventsWaiting', waiting, queue('FailedEvents'), 'notBreaching'],
    ]);
  });

  it.each(alarms)('%s publishes to the topic when it begins and when it is over', (id, { Properties }) => {
    expect(Properties).toMatchObject({
      AlarmName: `a-dev-${id}`,
      AlarmActions: [{ Ref: 'Alerts' }],
      OKActions: [{ Ref: 'Alerts' }],
    });
  });

  it.each(alarms)('%s says what to do and names a page of the runbook that knows it', (id, { Properties }) => {
    const description = String(Properties.AlarmDescription);
    const [, page = ''] = /\. What to do: docs\/runbook\/(ALARM_\w+)\.md$/.exec(description) ?? [];
    expect(existsSync(join(RUNBOOK, `${page}.md`)), description).toBe(true);
    const text = readFileSync(join(RUNBOOK, `${page}.md`), 'utf8');
    expect(text).toMatch(new RegExp(`^# ${page}\\n[\\s\\S]*\`…-${id}\``));
    expect([...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)).toEqual([
      'Meaning',
      'Evidence',
      'What the autopilot does',
      'What you do',
    ]);
    expect(description.length).toBeLessThanOrEqual(1_024);
  });

  it('are 7 metrics, as the table of costs says', () => {
    expect(alarms).toHaveLength(7);
    const readme = readFileSync(join(RUNBOOK, '../../README.md'), 'utf8');
    expect(readme).toContain(`| ${alarms.length} alarms, 0.10 each beyond the ten free ones of an account | 0.70 |`);
  });
});
