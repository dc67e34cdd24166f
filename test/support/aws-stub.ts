import { text } from 'node:stream/consumers';
import { awsClientOptions, type Timing } from '../../lib/adapters/aws.ts';
import { type LocalServer, startServer } from './local-server.ts';

/**
 * An AWS service whose answers a test gives, so that the real SDK client runs against it: `answer` gets each request in
 * turn. `break` ends the connection, `hang` never answers.
 */
export const startAwsStub = async (answer: (request: AwsRequest) => AwsAnswer): Promise<AwsStub> => {
  const requests: AwsRequest[] = [];
  const server = await startServer(async (incoming, response) => {
    const body = await text(incoming);
    const target = incoming.headers['x-amz-target'];
    const request: AwsRequest = {
      method: incoming.method ?? '',
      path: incoming.url ?? '',
      action: typeof target === 'string' ? (target.split('.').at(-1) ?? '') : '',
      headers: incoming.headers,
      body,
      json: () => JSON.parse(body),
    };
    requests.push(request);
    const answered = answer(request);
    if (answered === 'hang') return;
    if (answered === 'break') {
      incoming.socket.destroy();
      return;
    }
    const { status = 200, json, headers = {}, body: plain } = answered;
    const type = json === undefined ? {} : { 'content-type': 'application/x-amz-json-1.1' };
    response.writeHead(status, { ...type, ...headers }).end(json === undefined ? plain : JSON.stringify(json));
  });
  return { ...server, requests, clientOptions: clientOptions(server.url) };
};

export type AwsRequest = {
  readonly method: string;
  readonly path: string;
  /** Of the JSON protocols: `ListTasks`. */
  readonly action: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  json(): Record<string, unknown>;
};

export type AwsAnswer =
  | 'hang'
  | 'break'
  | {
      readonly status?: number;
      readonly json?: unknown;
      readonly body?: string;
      readonly headers?: Readonly<Record<string, string>>;
    };

export type AwsStub = LocalServer & {
  readonly requests: readonly AwsRequest[];
  readonly clientOptions: ReturnType<typeof clientOptions>;
};

/** An error as the JSON protocols send it. */
export const awsError = (name: string, status = 400, more: Readonly<Record<string, unknown>> = {}): AwsAnswer => ({
  status,
  json: { __type: `com.amazonaws#${name}`, message: `${name} it is`, ...more },
});

/** A clock that stands at the real time but whose sleeps take none, and a chance without surprise. */
export const quickTiming: Timing = {
  clock: { nowMs: () => Date.now(), sleep: async () => {} },
  random: () => 0.5,
};

const clientOptions = (endpoint: string) => ({
  ...awsClientOptions,
  endpoint,
  region: 'eu-west-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});
