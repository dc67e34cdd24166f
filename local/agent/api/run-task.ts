import { AwsError } from '../emulator.ts';
import type { TaskDefinition } from '../services/desired-state.ts';
import type { Launcher } from '../task/launch.ts';
import { toApi } from '../task/render.ts';
import type { TaskOrder } from '../task/task.ts';
import type { Directory } from './directory.ts';
import { type RunTask, readRunTask } from './requests.ts';

/** RunTask: tasks that belong to no service; ECS starts them once and never again. */
export const runTask =
  ({ directory, launch }: { directory: Directory; launch: Launcher }) =>
  async (input: unknown): Promise<object> => {
    const request = readRunTask(input);
    const clusterArn = directory.clusterArn(await directory.cluster(request.cluster));
    const order = orderOf(request, clusterArn, await directory.taskDefinition(request.taskDefinition));
    const lives = Array.from({ length: request.count }, () => launch(order));
    return {
      tasks: lives.flatMap((life) => (life === undefined ? [] : [toApi(life.task)])),
      failures: lives.flatMap((life) => (life === undefined ? [{ reason: 'RESOURCE:ENI' }] : [])),
    };
  };

const orderOf = (request: RunTask, clusterArn: string, definition: TaskDefinition): TaskOrder => {
  const { group, startedBy, launchType = 'EC2', capacityProviderStrategy: strategy = [] } = request;
  const network = request.networkConfiguration?.awsvpcConfiguration;
  if (definition.networkMode === 'awsvpc' && network === undefined)
    throw invalid("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  if (launchType !== 'FARGATE' && strategy.length === 0)
    throw invalid('No Container Instances were found in your cluster.');
  const overrides = request.overrides?.containerOverrides ?? [];
  return {
    clusterArn,
    group: group ?? `family:${definition.family}`,
    startedBy,
    launchType: 'FARGATE',
    definition: overridden(definition, overrides),
    containerOverrides: definition.containerDefinitions.map(
      ({ name }) => overrides.find((override) => override.name === name) ?? { name },
    ),
    subnetId: network?.subnets[0],
  };
};

type Override = NonNullable<NonNullable<RunTask['overrides']>['containerOverrides']>[number];

const overridden = (definition: TaskDefinition, overrides: readonly Override[]): TaskDefinition => {
  const names = definition.containerDefinitions.map(({ name }) => name);
  const unknown = overrides.find(({ name }) => !names.includes(name));
  if (unknown !== undefined)
    throw invalid(`Override for container named ${unknown.name} is not a container in the TaskDefinition.`);
  const containerDefinitions = definition.containerDefinitions.map((container) => {
    const override = overrides.find(({ name }) => name === container.name);
    const { command = container.command, cpu = container.cpu, environment = [] } = override ?? {};
    return { ...container, command, cpu, environment: [...container.environment, ...environment] };
  });
  return { ...definition, containerDefinitions };
};

const invalid = (message: string): AwsError => new AwsError('InvalidParameterException', message);
