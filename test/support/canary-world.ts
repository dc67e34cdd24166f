import { text } from 'node:stream/consumers';
import { type AwsAnswer, type AwsRequest, type AwsStub, awsError, startAwsStub } from './aws-stub.ts';
import { type LocalServer, startServer } from './local-server.ts';

/** AWS as the functions see it: one table, one topic, one jar, and the secrets by name. */
export const startAws = (secrets: Readonly<Record<string, string>>): Promise<AwsStub> => {
  const items = new Map<string, Item>();
  const put = (item: Item) => items.set(`${item.pk?.S} ${item.sk?.S}`, item);
  return startAwsStub((request) => {
    if (request.path.startsWith('/jars/')) return s3(request);
    if (request.body.includes('Action=Publish')) return published;
    const body: Body = JSON.parse(request.body);
    switch (request.action) {
      case 'GetParameter':
        return secretOf(secrets[body.Name ?? ''], (Value) => ({ Parameter: { Value } }));
      case 'GetSecretValue':
        return secretOf(secrets[body.SecretId ?? ''], (SecretString) => ({ SecretString }));
      case 'UpdateItem':
        return { json: { Attributes: leaseAfter(body) } };
      case 'Query': {
        const pk = body.ExpressionAttributeValues?.[':pk']?.S;
        return { json: { Items: [...items.values()].filter((item) => item.pk?.S === pk) } };
      }
      case 'GetItem':
        return { json: {} };
      case 'PutItem':
        if (body.Item !== undefined) put(body.Item);
        return { json: {} };
      case 'TransactWriteItems':
        for (const { Put, Delete } of body.TransactItems ?? []) {
          if (Put !== undefined) put(Put.Item);
          if (Delete !== undefined) items.delete(`${Delete.Key.pk?.S} ${Delete.Key.sk?.S}`);
        }
        return { json: {} };
      default:
        return awsError('UnknownOperationException');
    }
  });
};

/** A JobManager behind a proxy: whoever is not let in, and whatever is to be run, gets all it has sent repeated in the refusal. */
export const startEcho = async (authorization: string): Promise<LocalServer & { readonly runs: readonly string[] }> => {
  const runs: string[] = [];
  const server = await startServer(async (request, response) => {
    const body = request.method === 'POST' ? await text(request) : '';
    const answer = (status: number, json: unknown) => response.writeHead(status).end(JSON.stringify(json));
    const sent = `${request.headers.authorization} ${body}`;
    if (request.headers.authorization !== authorization) return answer(401, { errors: [sent] });
    if (request.url === '/jars/upload') return answer(200, { filename: '/tmp/uuid_orders.jar' });
    if (request.url?.endsWith('/run')) {
      runs.push(body);
      const main = 'The main method caused an error: x';
      return answer(400, { errors: [`${main}\nCaused by: java.lang.IllegalStateException: cannot use ${sent}`] });
    }
    return answer(200, ANSWERS[request.url ?? ''] ?? {});
  });
  return { ...server, runs };
};

/** Two webhooks: one that repeats all it knows in its refusal, and one that takes everything. */
export const startHooks = async (): Promise<{
  readonly refusing: string;
  readonly taking: string;
  /** What the one that takes everything was sent. */
  readonly bodies: readonly string[];
  close(): Promise<void>;
}> => {
  const bodies: string[] = [];
  const refusing = await startServer(async ({ url, headers }, response) => {
    response.end(JSON.stringify({ errcode: 310_000, errmsg: `cannot post to ${url} of ${headers.host}` }));
  });
  const taking = await startServer(async (request, response) => {
    bodies.push(await text(request));
    response.end('ok');
  });
  const close = async () => {
    await Promise.all([refusing.close(), taking.close()]);
  };
  return { refusing: refusing.url, taking: taking.url, bodies, close };
};

type Attribute = { readonly S?: string; readonly N?: string };
type Item = Readonly<Record<string, Attribute>>;
type Body = {
  readonly Name?: string;
  readonly SecretId?: string;
  readonly Key?: Item;
  readonly Item?: Item;
  readonly ExpressionAttributeValues?: Item;
  readonly TransactItems?: readonly {
    readonly Put?: { readonly Item: Item };
    readonly Delete?: { readonly Key: Item };
  }[];
};

const ANSWERS: Readonly<Record<string, unknown>> = {
  '/jobmanager/config': [
    { key: 'web.tmpdir', value: '/tmp/flink-web-00112233-4455-6677-8899-aabbccddeeff' },
    { key: 'high-availability.type', value: 'none' },
  ],
  '/config': { 'flink-version': '1.20.5', features: { 'web-submit': true } },
  '/jobs/overview': { jobs: [] },
  '/overview': { 'slots-available': 4, 'slots-total': 4 },
};

const secretOf = (value: string | undefined, json: (value: string) => unknown): AwsAnswer =>
  value === undefined ? awsError('ParameterNotFound') : { json: json(value) };

/** Nobody else is there: the lease is ours whenever it is asked for. */
const leaseAfter = ({ Key, ExpressionAttributeValues: values = {} }: Body) => ({
  ...Key,
  schema: { N: '1' },
  fence: { N: '1' },
  bell: { N: '0' },
  ...(values[':owner'] === undefined ? {} : { owner: values[':owner'] }),
  ...(values[':until'] === undefined ? {} : { untilMs: values[':until'] }),
});

const s3 = ({ method }: AwsRequest): AwsAnswer => ({
  headers: { etag: '"1"', 'content-length': '2' },
  ...(method === 'HEAD' ? {} : { body: 'PK' }),
});

const published: AwsAnswer = {
  headers: { 'content-type': 'text/xml' },
  body: '<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>',
};
