import { Agent, request } from 'node:http';
import { parentPort } from 'node:worker_threads';
import { processIdentity } from '../../../local/process/process-identity.ts';
import { prefer } from './prefer.ts';
import type { Answer, JobSeen, Late, ProcessRecord, Sample, WatchedProcess } from './samples.ts';

/**
 * The watch itself, a thread with an event loop of its own: asks every JobManager process that it is told of for its jobs,
 * each 50 ms, until the process is dead. A slow answer delays no other question.
 */
const EVERY_MS = 50;
const REST_PORT = 8081;
const ANSWER_MAX_MS = 5_000;
/** Questions on their way to one process: two seconds of silence, then it is asked as it answers. */
const OPEN_MAX = 40;

type Watch = {
  readonly process: WatchedProcess;
  readonly identity: string | undefined;
  readonly agent: Agent;
  readonly samples: Sample[];
  open: number;
  endedAtMs?: number;
};

const watches = new Map<string, Watch>();

const nowMs = (): number => performance.timeOrigin + performance.now();

const late: Late[] = [];
let lookedAtMs = nowMs();

/** A machine that gives this thread no time must not be mistaken for a process that is silent. */
const noteLate = (): void => {
  const untilMs = nowMs();
  const fromMs = lookedAtMs + EVERY_MS;
  if (untilMs - fromMs > EVERY_MS) late.push({ fromMs, untilMs });
  lookedAtMs = untilMs;
};

const add = (process: WatchedProcess): void => {
  const key = `${process.taskArn} ${process.pid}`;
  if (watches.has(key)) return;
  const identity = processIdentity(process.pid);
  prefer(process.pid); // before it has threads, which inherit it: others of a busy machine must not keep it from answering
  watches.set(key, { process, identity, agent: new Agent({ keepAlive: true }), samples: [], open: 0 });
};

const look = (watch: Watch): void => {
  if (watch.endedAtMs !== undefined) return;
  if (watch.identity === undefined || processIdentity(watch.process.pid) !== watch.identity) {
    watch.endedAtMs = nowMs();
    watch.agent.destroy();
    return;
  }
  if (watch.open < OPEN_MAX) ask(watch);
};

const ask = (watch: Watch): void => {
  const askedAtMs = nowMs();
  watch.open += 1;
  let settled = false;
  const settle = (answer: Answer): void => {
    if (settled) return;
    settled = true;
    watch.open -= 1;
    if (watch.endedAtMs === undefined) watch.samples.push({ askedAtMs, answeredAtMs: nowMs(), answer });
  };
  const { agent, process } = watch;
  const question = request({ agent, host: process.address, port: REST_PORT, path: '/jobs/overview' }, (response) => {
    const parts: Buffer[] = [];
    response.on('data', (part: Buffer) => parts.push(part));
    response.on('error', (error) => settle(silence(error.message)));
    response.on('end', () => settle(read(response.statusCode, Buffer.concat(parts).toString('utf8'))));
  });
  question.setTimeout(ANSWER_MAX_MS, () => question.destroy(new Error('no answer')));
  question.on('error', (error: NodeJS.ErrnoException) => settle(FAILURES[error.code ?? ''] ?? silence(error.message)));
  question.end();
};

const FAILURES: Readonly<Record<string, Answer>> = {
  ECONNREFUSED: { kind: 'refused' },
  ECONNRESET: { kind: 'hung-up' },
};

const silence = (why: string): Answer => ({ kind: 'none', why });

const read = (status: number | undefined, body: string): Answer => {
  if (status === 503) return { kind: 'no-leader' };
  if (status !== 200) return silence(`HTTP ${status}`);
  const { jobs } = JSON.parse(body) as { jobs: { jid: string; name: string; state: string }[] };
  return { kind: 'jobs', jobs: jobs.map(({ jid, name, state }): JobSeen => ({ jobId: jid, name, state })) };
};

const records = (): ProcessRecord[] =>
  [...watches.values()].map(({ process, samples, endedAtMs }) => ({
    process,
    samples,
    ...(endedAtMs === undefined ? {} : { endedAtMs }),
  }));

/** What the thread is told: a process to watch, or to tell all that it saw. */
export type Order = { readonly watch: WatchedProcess } | { readonly tell: number };

prefer(0);
parentPort?.on('message', (order: Order) => {
  if ('watch' in order) return add(order.watch);
  noteLate();
  for (const watch of watches.values()) look(watch); // so that nothing is reported living that has ended
  parentPort?.postMessage({ told: order.tell, records: records(), untilMs: nowMs(), late });
});
setInterval(() => {
  noteLate();
  for (const watch of watches.values()) look(watch);
}, EVERY_MS);
