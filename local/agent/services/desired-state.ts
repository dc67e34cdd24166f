import * as z from 'zod/mini';
import type { Emulator } from '../emulator.ts';

/** The services that should run, as the emulator holds them: every ACTIVE service of every cluster. */
export const readServices = async (emulator: Emulator): Promise<readonly Service[]> => {
  const { clusterArns } = clusterList.parse(await emulator.call('ecs', 'ListClusters', {}));
  const perCluster = await Promise.all(clusterArns.map((cluster) => servicesOf(emulator, cluster)));
  return perCluster.flat();
};

/** A task definition by its ARN, `family:revision`, or `family` for its newest. */
export const readTaskDefinition = async (emulator: Emulator, taskDefinition: string): Promise<TaskDefinition> =>
  definitionAnswer.parse(await emulator.call('ecs', 'DescribeTaskDefinition', { taskDefinition })).taskDefinition;

/** Registered task definitions never change, so each is read once. */
export const createTaskDefinitions = (emulator: Emulator) => {
  const known = new Map<string, Promise<TaskDefinition>>();
  return (arn: string): Promise<TaskDefinition> => {
    const before = known.get(arn);
    if (before !== undefined) return before;
    const reading = readTaskDefinition(emulator, arn);
    known.set(arn, reading);
    reading.catch(() => known.delete(arn));
    return reading;
  };
};

const servicesOf = async (emulator: Emulator, cluster: string): Promise<Service[]> => {
  const { serviceArns } = serviceList.parse(await emulator.call('ecs', 'ListServices', { cluster }));
  const found: Service[] = [];
  for (let from = 0; from < serviceArns.length; from += servicesPerCall) {
    const services = serviceArns.slice(from, from + servicesPerCall);
    const answer = servicesAnswer.parse(await emulator.call('ecs', 'DescribeServices', { cluster, services }));
    found.push(...answer.services);
  }
  return found.filter((service) => service.status === 'ACTIVE');
};

const servicesPerCall = 10; // ECS refuses more.

// CloudFormation parameters arrive as strings: what is a number or a truth value by ECS's API is read as one.
const count = () => z.coerce.number().check(z.int(), z.nonnegative());
const truth = () => z.union([z.boolean(), z.stringbool()]);

const clusterList = z.object({ clusterArns: z.array(z.string()) });
const serviceList = z.object({ serviceArns: z.array(z.string()) });

const service = z.object({
  serviceArn: z.string(),
  serviceName: z.string(),
  clusterArn: z.string(),
  status: z.string(),
  desiredCount: count(),
  taskDefinition: z.string(),
  launchType: z.optional(z.nullable(z.string())),
  deploymentConfiguration: z.optional(
    z.object({ maximumPercent: z._default(count(), 200), minimumHealthyPercent: z._default(count(), 100) }),
  ),
  deployments: z.array(z.looseObject({ id: z.string(), status: z.string(), taskDefinition: z.string() })),
  serviceRegistries: z.optional(z.array(z.object({ registryArn: z.string() }))),
  networkConfiguration: z.optional(
    z.object({ awsvpcConfiguration: z.optional(z.object({ subnets: z.optional(z.array(z.string())) })) }),
  ),
});
const servicesAnswer = z.object({ services: z.array(service) });

const containerDefinition = z.object({
  name: z.string(),
  image: z.string(),
  essential: z._default(truth(), true),
  command: z.optional(z.nullable(z.array(z.string()))),
  entryPoint: z.optional(z.nullable(z.array(z.string()))),
  environment: z._default(z.array(z.object({ name: z.string(), value: z.coerce.string() })), []),
  secrets: z._default(z.array(z.object({ name: z.string(), valueFrom: z.string() })), []),
  stopTimeout: z._default(count(), 30),
  cpu: z._default(count(), 0),
  memory: z.optional(count()),
  memoryReservation: z.optional(count()),
  restartPolicy: z.optional(
    z.object({
      enabled: truth(),
      ignoredExitCodes: z._default(z.array(count()), []),
      restartAttemptPeriod: z._default(count(), 300),
    }),
  ),
});
const taskDefinition = z.object({
  taskDefinitionArn: z.string(),
  family: z.string(),
  networkMode: z.optional(z.nullable(z.string())),
  cpu: z._default(z.coerce.string(), '256'),
  memory: z._default(z.coerce.string(), '512'),
  containerDefinitions: z.array(containerDefinition),
});
const definitionAnswer = z.object({ taskDefinition });

/** One service of the emulator, reduced to what decides about its tasks. */
export type Service = z.infer<typeof service>;
/** What a task is made from. */
export type TaskDefinition = z.infer<typeof taskDefinition>;
/** One container of a task definition. */
export type ContainerDefinition = z.infer<typeof containerDefinition>;
