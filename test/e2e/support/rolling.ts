import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { CLUSTER } from '../../../local/deploy/deployments.ts';
import { waitFor } from '../../../local/wait-for.ts';
import { jobManagers, type Stage, type Task } from './stage.ts';

/** A new task is there within a second; it takes longer where addresses and disks are slow. */
const NEW_TASK_MAX_MS = 30_000;

/** From now on a deployment of the JobManagers starts the new one beside the old one (100/200 %), which drains afterwards. */
export const overlapJobManagers = ({ ecs }: Stage): Promise<unknown> =>
  ecs.send(
    new UpdateServiceCommand({
      cluster: CLUSTER,
      service: 'jobmanager',
      deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 200 },
    }),
  );

/** What `aws ecs update-service --force-new-deployment` does; gives the task that is to replace the newest one. */
export const redeployJobManagers = async ({ world, ecs }: Stage): Promise<Task> => {
  const before = jobManagers(world).length;
  await ecs.send(new UpdateServiceCommand({ cluster: CLUSTER, service: 'jobmanager', forceNewDeployment: true }));
  return waitFor('the new JobManager', NEW_TASK_MAX_MS, async () => jobManagers(world)[before]);
};
