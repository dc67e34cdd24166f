import type { IncomingMessage, ServerResponse } from 'node:http';
import { request } from 'node:http';
import * as z from 'zod/mini';

/** The AWS emulator's JSON APIs, called without an SDK so that fields unknown to us pass through untouched. Throws AwsError. */
export const createEmulator = (options: { url: string; region: string; account: string }): Emulator => {
  const url = new URL(options.url);
  // A 12-digit access key names the account there; any other key is the account of zeros.
  const accessKey = options.account === '000000000000' ? 'test' : options.account;
  const authorization = (service: string) =>
    `AWS4-HMAC-SHA256 Credential=${accessKey}/20260101/${options.region}/${service}/aws4_request, SignedHeaders=host, Signature=local`;
  const call = async (api: keyof typeof apis, operation: string, body: object): Promise<unknown> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `${apis[api].target}.${operation}`,
        authorization: authorization(apis[api].service),
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(callTimeoutMs),
    });
    const answer: unknown = JSON.parse(await response.text());
    if (response.ok) return answer;
    const { __type: type, message } = errorShape.parse(answer);
    throw new AwsError(type.split('#').at(-1) ?? type, message ?? '', response.status);
  };
  return { call, forward: (incoming, body, outgoing) => forward(url, incoming, body, outgoing) };
};

export type Emulator = {
  /** Calls one operation of an API and gives the parsed answer. */
  call(api: keyof typeof apis, operation: string, body: object): Promise<unknown>;
  /** Hands a request on as it came, and its answer back. */
  forward(incoming: IncomingMessage, body: Buffer, outgoing: ServerResponse): void;
};

/** An error in AWS's own words: its code (`ClusterNotFoundException`, …), message and HTTP status. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
    this.status = status;
  }
}

const callTimeoutMs = 10_000;

const apis = {
  ecs: { target: 'AmazonEC2ContainerServiceV20141113', service: 'ecs' },
  cloudMap: { target: 'Route53AutoNaming_v20170314', service: 'servicediscovery' },
  events: { target: 'AWSEvents', service: 'events' },
  secrets: { target: 'secretsmanager', service: 'secretsmanager' },
  ssm: { target: 'AmazonSSM', service: 'ssm' },
} as const;

const errorShape = z.object({ __type: z.string(), message: z.optional(z.string()) });

const forward = (url: URL, incoming: IncomingMessage, body: Buffer, outgoing: ServerResponse): void => {
  const onward = request(url, { method: incoming.method, path: incoming.url, headers: incoming.headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on('error', (error) => {
    if (outgoing.headersSent) return void outgoing.destroy();
    outgoing.writeHead(500, { 'content-type': 'application/x-amz-json-1.1' });
    outgoing.end(
      JSON.stringify({ __type: 'ServerException', message: `The emulator did not answer: ${error.message}` }),
    );
  });
  onward.end(body);
};
