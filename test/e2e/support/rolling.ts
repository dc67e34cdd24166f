import {
  type ContainerDefinition,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
  type UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';
import { CLUSTER } from '../../../local/deploy/deployments.ts';
import { waitFor } from '../../../local/wait-for.ts';
import { jobManagers, type Stage, type Task } from './stage.ts';

/** With 0/100 % the old task ends first, at the latest by SIGKILL after its stopTimeout of 60 s. */
const NEW_TASK_MAX_MS = 90_000;

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
export const redeployJobManagers = (stage: Stage): Promise<Task> => replace(stage, { forceNewDeployment: true });

/** Deploys the JobManagers with another container definition, as a new revision; gives the task that is to replace the newest one. */
export const redefineJobManagers = async (stage: Stage, change: Partial<ContainerDefinition>): Promise<Task> =>
  replace(stage, { taskDefinition: await revision(stage, (container) => ({ ...container, ...change })) });

/** The JobManagers that start from now on have another FLINK_PROPERTIES. */
export const rewriteFlinkProperties = async (stage: Stage, edit: (text: string) => string): Promise<void> => {
  const taskDefinition = await revision(stage, (container) => ({
    ...container,
    environment: container.environment?.map(({ name, value = '' }) => ({
      name,
      value: name === 'FLINK_PROPERTIES' ? edit(value) : value,
    })),
  }));
  await stage.ecs.send(new UpdateServiceCommand({ cluster: CLUSTER, service: 'jobmanager', taskDefinition }));
};

/** Registers the JobManagers' task definition anew; gives its ARN. */
const revision = async (
  { ecs }: Stage,
  edit: (container: ContainerDefinition) => ContainerDefinition,
): Promise<string | undefined> => {
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster: CLUSTER, services: ['jobmanager'] }));
  const before = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: services?.[0]?.taskDefinition }));
  const { family, networkMode, requiresCompatibilities, cpu, memory, containerDefinitions } =
    before.taskDefinition ?? {};
  const registered = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family,
      networkMode,
      requiresCompatibilities,
      cpu,
      memory,
      containerDefinitions: containerDefinitions?.map(edit),
    }),
  );
  return registered.taskDefinition?.taskDefinitionArn;
};

const replace = async (
  { world, ecs }: Stage,
  change: Pick<UpdateServiceCommandInput, 'forceNewDeployment' | 'taskDefinition'>,
): Promise<Task> => {
  const before = jobManagers(world).length;
  await ecs.send(new UpdateServiceCommand({ cluster: CLUSTER, service: 'jobmanager', ...change }));
  return waitFor('the new JobManager', NEW_TASK_MAX_MS, async () => jobManagers(world)[before]);
};
