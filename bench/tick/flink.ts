import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { STATE } from './arms.ts';
import type { Recorded } from './recorded.ts';

/** A JobManager with these jobs, all of which run and take checkpoints. */
export type Flink = {
  readonly port: number;
  list(jobIds: readonly string[]): void;
  close(): void;
};

/** A server that answers as Flink did when it was recorded, each question after 20 ms, with ids and times of now. */
export const startFlink = async (recorded: Recorded, n: number, world: FlinkWorld): Promise<Flink> => {
  let jobIds: readonly string[] = [];
  const texts = textsOf(recorded, n);
  const sinceMs = world.nowMs();
  const answer = (path: string): string | undefined => {
    const [, jobId = '', what = ''] = /^\/jobs\/([0-9a-f]{32})(.*)$/.exec(path) ?? [];
    switch (jobId === '' ? path : what) {
      case '/config':
        return recorded.config;
      case '/jobmanager/config':
        return texts.jobManagerConfig;
      case '/overview':
        return recorded.slots;
      case '/jobs/overview':
        return JSON.stringify({ jobs: jobIds.map((jid, job) => ({ ...texts.job, jid, name: `job-${job}` })) });
      case '':
        return recorded.job.replace(/"now":\d+/, `"now":${world.nowMs()}`);
      case '/checkpoints':
        return checkpointsNow(recorded.checkpoints, jobId, sinceMs, world.nowMs());
      case '/checkpoints/config':
        return texts.checkpointConfig;
      case '/metrics?get=numRestarts':
        return recorded.restarts;
      case '/exceptions?maxExceptions=1':
        return recorded.exceptions;
      default:
        return undefined;
    }
  };
  const server = createServer((request, response) => {
    world.asked += 1;
    const text = answer(request.url ?? '');
    setTimeout(() => {
      response.writeHead(text === undefined ? 404 : 200, { 'content-type': 'application/json; charset=UTF-8' });
      response.end(text ?? '{"errors":["Not found"]}');
    }, ANSWER_MS);
  });
  const port = await listen(server);
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return {
    port,
    list: (ids) => {
      jobIds = ids;
    },
    close,
  };
};

/** What the JobManagers share: the time by which all goes on, and how often they were asked. */
export type FlinkWorld = { nowMs(): number; asked: number };

const ANSWER_MS = 20;

/** On a free port of the loopback address. */
export const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

type Job = { readonly state: string; readonly tasks: { readonly running: number; readonly total: number } };

const textsOf = (recorded: Recorded, n: number) => {
  const { jobs } = JSON.parse(recorded.jobs) as { jobs: readonly Job[] };
  const job = jobs.find(({ state, tasks }) => state === 'RUNNING' && tasks.running === tasks.total);
  if (job === undefined) throw new Error('no recorded job runs with all its tasks');
  const settings = JSON.parse(recorded.jobManagerConfig) as { key: string; value: string }[];
  const own = settings.map(({ key, value }) => ({ key, value: value.replace(UUID, `flink-web-${uuid(n)}`) }));
  const state = ['checkpointing.dir', 'checkpointing.savepoint-dir'].map((key) => ({
    key: `execution.${key}`,
    value: STATE,
  }));
  const retained = { key: 'execution.checkpointing.num-retained', value: '3' };
  return {
    job,
    jobManagerConfig: JSON.stringify([...own, ...state, retained]),
    checkpointConfig: recorded.checkpointConfig.replace(/"interval":\d+/, `"interval":${INTERVAL_MS}`),
  };
};

const UUID = /flink-web-[0-9a-f-]{36}/;
const uuid = (n: number): string => `${String(n).padStart(8, '0')}-0000-4000-8000-000000000000`;

const INTERVAL_MS = 10_000;

/** The recorded checkpoints moved to now, one more complete for each interval that went by. */
const checkpointsNow = (text: string, jobId: string, sinceMs: number, nowMs: number): string => {
  const more = Math.floor((nowMs - sinceMs) / INTERVAL_MS);
  const times = [...text.matchAll(TIME)].map(([, time]) => Number(time));
  const laterMs = nowMs - Math.max(...times);
  return text
    .replaceAll(TIME, (all, time) => all.replace(time, String(Number(time) + laterMs)))
    .replaceAll(/("id":|"completed":|chk-)(\d+)/g, (_, before, count) => `${before}${Number(count) + more}`)
    .replaceAll(/file:[^"]*\/[0-9a-f]{32}\//g, `${STATE}/${jobId}/`);
};

const TIME = /_timestamp":(\d{13})/g;
