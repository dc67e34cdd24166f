import * as z from 'zod/mini';
import { AwsError, type Emulator } from '../emulator.ts';
import { readTaskDefinition, type TaskDefinition } from '../services/desired-state.ts';
import { emulatedService } from './correct-service.ts';

/** Which clusters and services exist, as the emulator holds them. */
export const createDirectory = (emulator: Emulator, place: { region: string; account: string }): Directory => ({
  cluster: async (reference = 'default') => {
    const name = reference.split('/').at(-1) ?? reference;
    const answer = clusters.parse(await emulator.call('ecs', 'DescribeClusters', { clusters: [name] }));
    if (answer.clusters.every((cluster) => cluster.status === 'INACTIVE'))
      throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
    return name;
  },
  requireService: async (cluster, service) => {
    const answer = services.parse(await emulator.call('ecs', 'DescribeServices', { cluster, services: [service] }));
    if (answer.services.length === 0) throw new AwsError('ServiceNotFoundException', 'Service not found.');
    if (answer.services[0]?.status !== 'ACTIVE')
      throw new AwsError('ServiceNotActiveException', 'Service was not ACTIVE.');
  },
  listServices: async (request) => serviceList.parse(await emulator.call('ecs', 'ListServices', request)).serviceArns,
  updateService: async (request) => updated.parse(await emulator.call('ecs', 'UpdateService', request)),
  taskDefinition: async (reference) => {
    try {
      return await readTaskDefinition(emulator, reference);
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'ClientException') throw error;
      throw new AwsError('ClientException', 'TaskDefinition not found.');
    }
  },
  clusterArn: (cluster) => `arn:aws:ecs:${place.region}:${place.account}:cluster/${cluster}`,
  describeServices: async (request) => services.parse(await emulator.call('ecs', 'DescribeServices', request)),
  taskArn: (cluster, reference) =>
    reference.startsWith('arn:')
      ? reference
      : `arn:aws:ecs:${place.region}:${place.account}:task/${cluster}/${reference}`,
});

/** Looks up what tasks belong to. */
export type Directory = {
  /** The name of an existing cluster given by name or ARN; throws ClusterNotFoundException. */
  cluster(reference?: string): Promise<string>;
  /** Throws ServiceNotFoundException, or ServiceNotActiveException for one that was deleted. */
  requireService(cluster: string, service: string): Promise<void>;
  /** The ARNs of all services that fit the request, in one list. */
  listServices(request: object): Promise<readonly string[]>;
  /** The emulator's answer, counts not yet corrected. */
  updateService(request: object): Promise<z.infer<typeof updated>>;
  /** Throws ClientException. */
  taskDefinition(reference: string): Promise<TaskDefinition>;
  clusterArn(cluster: string): string;
  /** The emulator's answer, counts not yet corrected. */
  describeServices(request: object): Promise<z.infer<typeof services>>;
  /** The ARN of a task that is perhaps none. */
  taskArn(cluster: string, reference: string): string;
};

const clusters = z.object({ clusters: z.array(z.object({ status: z.string() })) });
const services = z.looseObject({ services: z.array(emulatedService) });
const serviceList = z.object({ serviceArns: z.array(z.string()) });
const updated = z.looseObject({ service: emulatedService });
