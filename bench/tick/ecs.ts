import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { listen } from './flink.ts';

/**
 * ECS as far as a look asks it: each cluster runs the one task of each of its services. Every fourth call is throttled, and
 * answered when it is made again.
 */
export const startThrottlingEcs = async (): Promise<Ecs> => {
  const count = { calls: 0, throttled: 0 };
  const refused = new Set<string>();
  const server = createServer(async (request, response) => {
    const action = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
    const body = await text(request);
    const call = `${action} ${body}`;
    count.calls += 1;
    const isThrottled = !refused.delete(call) && count.calls % THROTTLED_EVERY === 0;
    if (isThrottled) {
      count.throttled += 1;
      refused.add(call);
    }
    const answer = isThrottled ? undefined : ANSWERS[action]?.(JSON.parse(body) as Asked);
    response.writeHead(answer === undefined ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(answer ?? { __type: 'ThrottlingException', message: 'Rate exceeded' }));
  });
  const url = `http://127.0.0.1:${await listen(server)}`;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url, count, close };
};

export type Ecs = {
  readonly url: string;
  readonly count: { calls: number; throttled: number };
  close(): void;
};

const THROTTLED_EVERY = 4;

type Asked = {
  readonly cluster: string;
  readonly serviceName?: string;
  readonly desiredStatus?: string;
  readonly services?: readonly string[];
  readonly tasks?: readonly string[];
};

const SERVICES = ['jobmanager'];
const ARN = 'arn:aws:ecs:eu-west-1:000000000000';

const ANSWERS: Readonly<Record<string, (asked: Asked) => object>> = {
  ListTasks: ({ cluster, serviceName, desiredStatus }) => {
    const services = serviceName === undefined ? SERVICES : [serviceName];
    return { taskArns: desiredStatus === 'STOPPED' ? [] : services.map((name) => `${ARN}:task/${cluster}/${name}`) };
  },
  DescribeServices: ({ services = [] }) => ({
    services: services.map((serviceName) => ({ serviceName, status: 'ACTIVE', desiredCount: 1, runningCount: 1 })),
    failures: [],
  }),
  DescribeTasks: ({ tasks = [] }) => ({ tasks: tasks.map(taskOf), failures: [] }),
};

const taskOf = (taskArn: string) => ({
  taskArn,
  group: `service:${taskArn.split('/').at(-1)}`,
  desiredStatus: 'RUNNING',
  lastStatus: 'RUNNING',
  startedAt: 1_790_000_000,
  taskDefinitionArn: `${ARN}:task-definition/jobmanager:1`,
  attachments: [
    {
      type: 'ElasticNetworkInterface',
      status: 'ATTACHED',
      details: [{ name: 'privateIPv4Address', value: '127.0.0.1' }],
    },
  ],
});
