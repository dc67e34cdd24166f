import type { ClusterSpec } from '../lib/core/model.ts';

/** EventBridge refuses a longer pattern. */
export const PATTERN_CHARS_MAX = 2_048;

/** An event pattern of EventBridge, as far as rules for ECS tasks need it. */
export type Pattern = {
  readonly source: readonly string[];
  readonly 'detail-type': readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
};

/** JobManager services of one ECS cluster. */
type Watched = { readonly ecsCluster: string; readonly services: readonly string[] };

/** One event of the function for each rule; a JobManager that came or went rings, nothing else does. */
export const taskStartedEvents = (clusters: readonly ClusterSpec[]): object[] =>
  taskStartedPatterns(clusters).map((pattern) => ({
    eventBridge: {
      description: 'JobManager tasks that started or stopped',
      pattern,
      deadLetterQueueArn: { 'Fn::GetAtt': ['UndeliveredEvents', 'Arn'] },
      // The schedule has looked sixty times by then: an older event tells nothing new.
      retryPolicy: { maximumEventAge: 3_600, maximumRetryAttempts: 185 },
    },
  }));

/** As few patterns as hold all JobManager services, none of them over the limit. */
export const taskStartedPatterns = (clusters: readonly ClusterSpec[]): Pattern[] => {
  const groups: Watched[][] = [];
  for (const watched of perEcsCluster(clusters).flatMap(splitServices)) {
    const last = groups.at(-1);
    if (last !== undefined && isWithinLimit([...last, watched])) last.push(watched);
    else groups.push([watched]);
  }
  return groups.map(patternOf);
};

const perEcsCluster = (clusters: readonly ClusterSpec[]): Watched[] => {
  const names = [...new Set(clusters.map((cluster) => cluster.ecsCluster))];
  return names.map((ecsCluster) => ({
    ecsCluster,
    services: clusters.filter((cluster) => cluster.ecsCluster === ecsCluster).flatMap((cluster) => cluster.jobManagers),
  }));
};

/** Parts that fit into a pattern alone; a single service always does (255 + 255 characters). */
const splitServices = ({ ecsCluster, services }: Watched): Watched[] => {
  const parts: string[][] = [];
  for (const service of services) {
    const last = parts.at(-1);
    if (last !== undefined && isWithinLimit([{ ecsCluster, services: [...last, service] }])) last.push(service);
    else parts.push([service]);
  }
  return parts.map((part) => ({ ecsCluster, services: part }));
};

const isWithinLimit = (watched: readonly Watched[]): boolean =>
  JSON.stringify(patternOf(watched)).length <= PATTERN_CHARS_MAX;

const patternOf = (watched: readonly Watched[]): Pattern => {
  const places = watched.map(({ ecsCluster, services }) => ({
    clusterArn: [{ suffix: `:cluster/${ecsCluster}` }],
    group: services.map((service) => `service:${service}`),
  }));
  // EventBridge takes `$or` only with two or more members.
  const place = places.length === 1 ? places[0] : { $or: places };
  return {
    source: ['aws.ecs'],
    'detail-type': ['ECS Task State Change'],
    detail: { lastStatus: ['RUNNING', 'STOPPED'], ...place },
  };
};
