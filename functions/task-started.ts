import type { Context, EventBridgeEvent } from 'aws-lambda';
import { wire } from '../lib/wiring.ts';

const app = wire(process.env); // bad configuration fails the cold start, naming every problem

/** An ECS task of a Flink service changed: look at its whole cluster now. The event is a hint, never a fact. */
export const handler = async (
  event: EventBridgeEvent<'ECS Task State Change', TaskChange>,
  context: Context,
): Promise<void> => {
  const cluster = app.clusterOf(event); // throws `invalid` if it is ours but unreadable
  if (cluster === undefined) return app.log.info('not ours', { id: event.id });
  const { taskArn, lastStatus, version } = event.detail;
  app.log.info('event received', { cluster: cluster.name, taskArn, lastStatus, version });
  await app.reconcile(cluster, { untilMs: app.untilMs(context), wait: true });
};

/** What of ECS's event the log line names. */
type TaskChange = { readonly taskArn: string; readonly lastStatus: string; readonly version: number };
