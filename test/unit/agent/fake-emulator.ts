import { createServer, type IncomingMessage } from 'node:http';

/** The parts of the AWS emulator that the agent reads, in memory: clusters, services, task definitions, names, the event bus. */
export const startFakeEmulator = async (): Promise<FakeEmulator> => {
  const state: FakeState = { services: new Map(), definitions: new Map(), events: [], calls: [], broken: false };
  const server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    state.calls.push(operation);
    const answer = state.broken ? failure('ServerException') : answerTo(operation, await bodyOf(request), state);
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    ...state,
    url: `http://127.0.0.1:${port}`,
    breakDown: (broken) => {
      state.broken = broken;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};

export type FakeEmulator = Omit<FakeState, 'broken'> & { url: string; breakDown(broken: boolean): void; close(): void };

/** What a test asks for: containers of one task definition, and the service around it. */
export type FakeService = {
  containers: object[];
  desiredCount?: number;
  deploymentId?: string;
  deploymentConfiguration?: { minimumHealthyPercent: number; maximumPercent: number };
  named?: boolean;
};

/** Only the fields that tests look at. */
export type FakeEvent = {
  taskArn: string;
  group: string;
  lastStatus: string;
  desiredStatus: string;
  version: number;
  stopCode?: string;
  stoppedReason?: string;
  containers: { name: string; lastStatus: string; exitCode?: number; reason?: string }[];
  attachments: { type: string; status: string; details: { name: string; value: string }[] }[];
};

type FakeState = {
  services: Map<string, FakeService>;
  definitions: Map<string, object[]>;
  events: FakeEvent[];
  /** Every operation asked for, in order. */
  calls: string[];
  broken: boolean;
};

const prefix = 'arn:aws:ecs:eu-west-1:000000000000';
const clusterArn = `${prefix}:cluster/flink`;
const ok = (body: object) => ({ status: 200, body });
const failure = (type: string) => ({ status: 400, body: { __type: type, message: type } });

const answerTo = (
  operation: string,
  body: Record<string, unknown>,
  state: FakeState,
): { status: number; body: object } => {
  const names = [body.services, body.clusters].flat().map((name) => String(name).split('/').at(-1) ?? '');
  switch (operation) {
    case 'ListClusters':
      return ok({ clusterArns: [clusterArn] });
    case 'DescribeClusters':
      return ok({ clusters: names.includes('flink') ? [{ clusterArn, status: 'ACTIVE' }] : [], failures: [] });
    case 'ListServices':
      return ok({ serviceArns: [...state.services.keys()].map((name) => `${prefix}:service/flink/${name}`) });
    case 'DescribeServices':
      return ok({ services: names.flatMap((name) => serviceAnswer(name, state)), failures: [] });
    case 'UpdateService':
      return ok({ service: updated(body, state) });
    case 'DescribeTaskDefinition':
      return definitionAnswer(String(body.taskDefinition), state);
    case 'PutEvents':
      for (const { Detail } of body.Entries as { Detail: string }[]) state.events.push(JSON.parse(Detail));
      return ok({ FailedEntryCount: 0, Entries: [{ EventId: '1' }] });
    case 'GetService':
      return ok({ Service: { Name: 'jobmanager', DnsConfig: { NamespaceId: 'ns-1' } } });
    case 'GetNamespace':
      return ok({ Namespace: { Name: 'flink.local' } });
    case 'GetParameter':
      return body.Name === '/word' ? ok({ Parameter: { Value: 'from ssm' } }) : failure('ParameterNotFound');
    default:
      return ok({ forwarded: operation });
  }
};

const serviceAnswer = (name: string, state: FakeState): object[] => {
  const service = state.services.get(name);
  if (service === undefined) return [];
  const taskDefinition = `${prefix}:task-definition/${name}:${service.deploymentId ?? 1}`;
  state.definitions.set(taskDefinition, service.containers);
  return [
    {
      serviceArn: `${prefix}:service/flink/${name}`,
      serviceName: name,
      clusterArn,
      status: 'ACTIVE',
      desiredCount: String(service.desiredCount ?? 1), // CloudFormation leaves parameters as strings
      runningCount: 99,
      taskDefinition,
      deployments: [
        { id: `ecs-svc/${service.deploymentId ?? 1}`, status: 'PRIMARY', taskDefinition, runningCount: 99 },
      ],
      deploymentConfiguration: service.deploymentConfiguration ?? { minimumHealthyPercent: 0, maximumPercent: 100 },
      serviceRegistries: service.named ? [{ registryArn: 'arn:aws:servicediscovery:eu-west-1:0:service/srv-1' }] : [],
    },
  ];
};

/** By its ARN, or by its family, whose newest revision it then is. */
const definitionAnswer = (reference: string, state: FakeState) => {
  const nameOf = (arn: string) => arn.split('/').at(-1)?.split(':')[0] ?? '';
  const arn = [...state.definitions.keys()].findLast((one) => one === reference || nameOf(one) === reference);
  if (arn === undefined) return failure('ClientException');
  const definition = { family: nameOf(arn), containerDefinitions: state.definitions.get(arn), networkMode: 'awsvpc' };
  return ok({ taskDefinition: { taskDefinitionArn: arn, ...definition } });
};

const updated = (change: Record<string, unknown>, state: FakeState): object | undefined => {
  const name = String(change.service).split('/').at(-1) ?? '';
  const service = state.services.get(name);
  if (service === undefined) return undefined;
  const { desiredCount, deploymentConfiguration, forceNewDeployment } = change as Partial<FakeService> & {
    forceNewDeployment?: boolean;
  };
  const next = String(Number(service.deploymentId ?? 1) + 1);
  state.services.set(name, {
    ...service,
    ...(desiredCount === undefined ? {} : { desiredCount }),
    ...(deploymentConfiguration === undefined ? {} : { deploymentConfiguration }),
    ...(forceNewDeployment === true ? { deploymentId: next } : {}),
  });
  return serviceAnswer(name, state)[0];
};

const bodyOf = async (request: IncomingMessage): Promise<Record<string, unknown>> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
};
