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
export const redefineJobManagers = async (stage: Stage, change: Change): Promise<Task> =>
  replace(stage, { taskDefinition: await revision(stage, change) });

/** The JobManagers (or the tasks of another service) that start from now on have another FLINK_PROPERTIES. */
export const rewriteFlinkProperties = async (
  stage: Stage,
  edit: (text: string) => string,
  service = 'jobmanager',
): Promise<void> => {
  const taskDefinition = await revision(stage, rewritten(edit), service);
  await stage.ecs.send(new UpdateServiceCommand({ cluster: CLUSTER, service, taskDefinition }));
};

/** Registers a service's task definition anew; gives its ARN. */
const revision = async ({ ecs }: Stage, change: Change, service = 'jobmanager'): Promise<string | undefined> => {
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster: CLUSTER, services: [service] }));
  const before = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: services?.[0]?.taskDefinition }));
  const { family, networkMode, requiresCompatibilities, cpu, memory, containerDefinitions } =
    before.taskDefinition ?? {};
  const changed = (container: ContainerDefinition) => ({
    ...container,
    ...(typeof change === 'function' ? change(container) : change),
  });
  const registered = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family,
      networkMode,
      requiresCompatibilities,
      cpu,
      memory,
      containerDefinitions: containerDefinitions?.map(changed),
    }),
  );
  return registered.taskDefinition?.taskDefinitionArn;
};

/** What is to be other in the container definition, or how that follows from what it is. */
type Change = Partial<ContainerDefinition> | ((container: ContainerDefinition) => Partial<ContainerDefinition>);

/** Adds a line to Flink's configuration. */
export const withSetting = (key: string, value: string) => rewritten((text) => `${text.trimEnd()}\n${key}: ${value}\n`);

const rewritten =
  (edit: (text: string) => string) =>
  ({ environment = [] }: ContainerDefinition): Partial<ContainerDefinition> => ({
    environment: environment.map((variable) =>
      variable.name === 'FLINK_PROPERTIES' ? { ...variable, value: edit(variable.value ?? '') } : variable,
    ),
  });

const replace = async (
  { world, ecs }: Stage,
  change: Pick<UpdateServiceCommandInput, 'forceNewDeployment' | 'taskDefinition'>,
): Promise<Task> => {
  const before = jobManagers(world).length;
  await ecs.send(new UpdateServiceCommand({ cluster: CLUSTER, service: 'jobmanager', ...change }));
  return waitFor('the new JobManager', NEW_TASK_MAX_MS, async () => jobManagers(world)[before]);
};
