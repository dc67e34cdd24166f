import { Agent, createServer, type IncomingHttpHeaders, request as send } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listen } from './flink.ts';
import { type Units, unitsOf } from './units.ts';

/** What the table was asked for, since it was last taken. */
export type StoreCount = {
  /** Calls for each cluster by its name; for no single one under ''. */
  readonly calls: Readonly<Record<string, number>>;
  /** What DynamoDB bills for all of them. */
  readonly units: Units;
};

/** Stands before DynamoDB and counts: passes everything on as it is. */
export const startStoreCounter = async (target: string): Promise<StoreCounter> => {
  let calls: Record<string, number> = {};
  let units: Units = { read: 0, write: 0 };
  const agent = new Agent({ keepAlive: true });
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const action = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
    const answer = await passOn(target, agent, request.headers, body);
    const [, cluster = ''] = /CLUSTER#([^"\\]+)/.exec(body.toString()) ?? [];
    calls[cluster] = (calls[cluster] ?? 0) + 1;
    const used = unitsOf(action, JSON.parse(body.toString()), JSON.parse(answer.body.toString() || '{}'));
    units = { read: units.read + used.read, write: units.write + used.write };
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body);
  });
  const url = `http://127.0.0.1:${await listen(server)}`;
  return {
    url,
    take: () => {
      const taken = { calls, units };
      calls = {};
      units = { read: 0, write: 0 };
      return taken;
    },
    close: () => {
      agent.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
};

export type StoreCounter = { readonly url: string; take(): StoreCount; close(): void };

type Passed = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: Buffer };

const passOn = (target: string, agent: Agent, headers: IncomingHttpHeaders, body: Buffer): Promise<Passed> =>
  new Promise((resolve, reject) => {
    const sent = send(target, { method: 'POST', headers, agent }, async (answer) =>
      resolve({ status: answer.statusCode ?? 500, headers: answer.headers, body: await buffer(answer) }),
    );
    sent.once('error', reject).end(body);
  });
