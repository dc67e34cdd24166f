import { describe, expect, it } from 'vitest';
import { METRICS, type MetricsMode } from '../../../lib/core/metrics.ts';
import { dashboardResources } from '../../../serverless/dashboard.ts';

type Widget = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: { readonly metrics?: readonly (readonly unknown[])[]; readonly alarms?: readonly string[] };
};

const functions = { 'task-started': { name: 'a-dev-task-started' }, 'health-check': { name: 'a-dev-health-check' } };
const widgetsOf = (clusters: number, metrics: MetricsMode = 'cluster'): readonly Widget[] => {
  const names = Array.from({ length: clusters }, (_, n) => ({ name: `cluster-${n}` }));
  const parts = { clusters: names, functions, alarms: ['HeartbeatMissing'], metrics };
  const { Dashboard } = dashboardResources('a-dev', parts);
  const body = Dashboard?.Properties.DashboardBody as { readonly 'Fn::Sub': string };
  return JSON.parse(body['Fn::Sub']).widgets;
};
const linesOf = (widgets: readonly Widget[]) => widgets.flatMap(({ properties }) => properties.metrics ?? []);

describe('the dashboard', () => {
  it('shows every metric of every cluster, and none that is not told', () => {
    const own = linesOf(widgetsOf(2)).filter(([namespace]) => namespace === 'FlinkAutopilot');
    const named = own.map(([, name, ...dimensions]) => [name, ...dimensions.slice(0, 4)].join(' '));
    const expected = Object.keys(METRICS).flatMap((name) =>
      [0, 1].map((n) => `${name} service a-dev cluster cluster-${n}`),
    );
    expect(named.sort()).toEqual(expected.sort());
  });

  it('shows how the autopilot itself is: its alarms, what fails, what is left over', () => {
    const widgets = widgetsOf(1);
    expect(widgets.flatMap(({ properties }) => properties.alarms ?? [])).toEqual(['${HeartbeatMissing.Arn}']);
    const others = linesOf(widgets).filter(([namespace]) => namespace !== 'FlinkAutopilot');
    expect(others.map(([namespace, name, , of]) => `${namespace} ${name} ${of}`)).toEqual([
      'AWS/Lambda Duration a-dev-health-check',
      'AWS/Lambda Errors a-dev-task-started',
      'AWS/Lambda Throttles a-dev-task-started',
      'AWS/Lambda Errors a-dev-health-check',
      'AWS/Lambda Throttles a-dev-health-check',
      'AWS/SQS ApproximateNumberOfMessagesVisible ${UndeliveredEvents.QueueName}',
      'AWS/SQS ApproximateNumberOfMessagesVisible ${FailedEvents.QueueName}',
    ]);
  });

  it('stays within the 50 metrics that are free as long as clusters are named', () => {
    expect(linesOf(widgetsOf(6)).length).toBeLessThanOrEqual(50);
    const many = linesOf(widgetsOf(7));
    expect(many).toContainEqual([
      {
        expression: `SEARCH('{FlinkAutopilot,service,cluster} MetricName="CheckpointAge" service="a-dev"', 'Maximum', 300)`,
      },
    ]);
    expect(linesOf(widgetsOf(200))).toEqual(many);
  });

  it('shows the autopilot alone where no metrics are told', () =>
    expect(linesOf(widgetsOf(2, 'off')).some(([namespace]) => namespace === 'FlinkAutopilot')).toBe(false));

  it.each([1, 6, 60])(
    'of %d clusters has widgets that stay within the grid and do not lie on each other',
    (clusters) => {
      const cells = widgetsOf(clusters).flatMap(({ x, y, width, height }) =>
        Array.from({ length: width * height }, (_, n) => `${x + (n % width)},${y + Math.floor(n / width)}`),
      );
      expect(new Set(cells).size).toBe(cells.length);
      for (const { x, width } of widgetsOf(clusters)) expect(x + width).toBeLessThanOrEqual(24);
    },
  );
});
