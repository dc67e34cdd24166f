import { Fault } from './core/errors.ts';
import type { Cluster } from './core/model.ts';

/**
 * The cluster whose JobManager service an "ECS Task State Change" event speaks of; undefined = not ours.
 * Throws `invalid` EVENT_UNREADABLE when it is such an event but lacks what it must have.
 */
export const clusterOf = (clusters: readonly Cluster[], event: unknown): Cluster | undefined => {
  if (!isRecord(event) || event.source !== 'aws.ecs' || event['detail-type'] !== 'ECS Task State Change')
    return undefined;
  const { detail } = event;
  const missing = ['clusterArn', 'taskArn', 'lastStatus'].filter(
    (key) => !isRecord(detail) || typeof detail[key] !== 'string',
  );
  if (!isRecord(detail) || missing.length > 0)
    throw new Fault(
      'invalid',
      'EVENT_UNREADABLE',
      `the ECS event ${event.id} has no text in detail: ${missing.join(', ')}`,
    );
  const cluster = String(detail.clusterArn).split('/').pop();
  return clusters.find(
    ({ ecsCluster, jobManagers }) =>
      ecsCluster === cluster && jobManagers.some((service) => detail.group === `service:${service}`),
  );
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
