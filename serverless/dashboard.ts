import { NAMESPACE } from '../lib/adapters/emf-metrics.ts';
import type { Metric, MetricsMode } from '../lib/core/metrics.ts';
import type { Cluster } from '../lib/core/model.ts';
import type { FunctionDefinition, Resource } from './osls.ts';

/**
 * The stack's dashboard: how its clusters are, a line for each, and below it how the autopilot itself is. Three of an account
 * with at most 50 metrics each are free, so up to six clusters are named one by one; more are found by a search, whatever
 * their number.
 */
export const dashboardResources = (stack: string, parts: Parts): Record<string, Resource> => ({
  Dashboard: {
    Type: 'AWS::CloudWatch::Dashboard',
    Properties: { DashboardName: stack, DashboardBody: { 'Fn::Sub': JSON.stringify(bodyOf(stack, parts)) } },
  },
});

export const dashboardOutput = {
  Description: 'The dashboard - how clusters and autopilot are',
  Value: {
    'Fn::Sub': `https://\${AWS::Region}.console.aws.amazon.com/cloudwatch/home?region=\${AWS::Region}#dashboards/dashboard/\${Dashboard}`,
  },
};

export type Parts = {
  readonly clusters: readonly Pick<Cluster, 'name'>[];
  readonly functions: Readonly<Record<string, Pick<FunctionDefinition, 'name'>>>;
  /** Logical ids. */
  readonly alarms: readonly string[];
  readonly metrics: MetricsMode;
};

const bodyOf = (stack: string, { clusters, functions, alarms, metrics }: Parts) => {
  const names = clusters.map(({ name }) => name);
  const ofClusters = metrics === 'off' ? [] : CLUSTER_WIDGETS.map((widget) => clusterWidget(stack, names, widget));
  const widgets = [...ofClusters, ...ownWidgets(functions, alarms)];
  return { widgets: widgets.map((widget, index) => ({ ...placeOf(index), ...widget })) };
};

/** Three in a row. */
const placeOf = (index: number) => ({ x: (index % 3) * 8, y: Math.floor(index / 3) * 6, width: 8, height: 6 });

type Statistic = 'Maximum' | 'Sum' | 'Average';

type ClusterWidget = {
  readonly title: string;
  readonly metrics: readonly Metric['name'][];
  readonly stat: Statistic;
};

const CLUSTER_WIDGETS: readonly ClusterWidget[] = [
  { title: 'Open incidents', metrics: ['IncidentsOpen'], stat: 'Maximum' },
  { title: 'Age of the newest checkpoint (s)', metrics: ['CheckpointAge'], stat: 'Maximum' },
  { title: 'Restarts', metrics: ['RestartsByAutopilot', 'RestartsByFlink'], stat: 'Sum' },
  { title: "From a JobManager's start to ready (ms)", metrics: ['TimeToReady'], stat: 'Maximum' },
  { title: 'From ready to running (ms)', metrics: ['TimeToRunning'], stat: 'Maximum' },
  { title: 'One look at a cluster (ms)', metrics: ['PassDuration'], stat: 'Average' },
];

/** Six with seven metrics each, and seven of the autopilot's own, are 49. */
const NAMED_MAX = 6;

const clusterWidget = (stack: string, clusters: readonly string[], { title, metrics, stat }: ClusterWidget) => {
  const labelOf = (metric: string, cluster: string) => ({
    label: metrics.length > 1 ? `${cluster} ${metric}` : cluster,
  });
  const named = metrics.flatMap((metric) =>
    clusters.map((cluster) => [NAMESPACE, metric, 'service', stack, 'cluster', cluster, labelOf(metric, cluster)]),
  );
  const found = metrics.map((metric) => [{ expression: search(stack, metric, stat) }]);
  return graph(title, clusters.length > NAMED_MAX ? found : named, stat);
};

const search = (stack: string, metric: string, stat: Statistic): string =>
  `SEARCH('{${NAMESPACE},service,cluster} MetricName="${metric}" service="${stack}"', '${stat}', ${PERIOD_S})`;

const PERIOD_S = 300;

const graph = (title: string, metrics: readonly unknown[], stat: Statistic) => ({
  type: 'metric',
  properties: { title, metrics, stat, period: PERIOD_S, region: `\${AWS::Region}`, view: 'timeSeries' },
});

/** Errors and throttles of those that nobody waits for, how long the look at all clusters takes, and what is left over. */
const ownWidgets = (functions: Parts['functions'], alarms: Parts['alarms']) => {
  const of = (name: string) => functions[name]?.name ?? '';
  const lambda = (metric: string, name: string) => [
    'AWS/Lambda',
    metric,
    'FunctionName',
    of(name),
    { label: `${name} ${metric}` },
  ];
  const queue = (id: string) => [
    'AWS/SQS',
    'ApproximateNumberOfMessagesVisible',
    'QueueName',
    `\${${id}.QueueName}`,
    { label: id, stat: 'Maximum' },
  ];
  const watched = ['task-started', 'health-check'];
  const failures = watched.flatMap((name) => ['Errors', 'Throttles'].map((metric) => lambda(metric, name)));
  return [
    { type: 'alarm', properties: { title: 'Alarms', alarms: alarms.map((id) => `\${${id}.Arn}`) } },
    graph('Look at all clusters (ms)', [lambda('Duration', 'health-check')], 'Maximum'),
    graph('Failed and left over', [...failures, ...['UndeliveredEvents', 'FailedEvents'].map(queue)], 'Sum'),
  ];
};
