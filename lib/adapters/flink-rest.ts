import type { Readable } from 'node:stream';
import { asFault, Fault } from '../core/errors.ts';
import type { Endpoint, FlinkRest } from '../ports.ts';
import type { FlinkHttp } from './flink-access.ts';
import { readJarId, readJobState, readJobs, readSlots } from './flink-answers.ts';
import { repeatable } from './flink-asked.ts';
import { flinkFault, isJobUnknown, shortened } from './flink-errors.ts';
import { flow } from './flink-flow.ts';
import { lastException, restarts } from './flink-health.ts';
import { readIdentity } from './flink-identity.ts';
import { run } from './flink-run.ts';
import { checkpointConfig, checkpoints, dispose, savepoint, savepointStatus } from './flink-snapshots.ts';

/** Flink's REST, 1.18 and newer. `openJar` gives that version's bytes; its faults pass through. Faults repeat no secret: `redact` takes them out. */
export const createFlinkRest = ({ http, openJar, redact }: FlinkRestOptions): FlinkRest => {
  const get = (at: Endpoint, path: string, deadlineMs: number) =>
    told(at, redact, () => getText(http, at, path, deadlineMs));
  return {
    identity: async (at, deadlineMs) => {
      const [configuration, config] = await Promise.all([
        get(at, '/jobmanager/config', deadlineMs),
        get(at, '/config', deadlineMs),
      ]);
      return told(at, redact, async () => Object.freeze(readIdentity(configuration, config)));
    },
    jobs: (at, deadlineMs) =>
      told(at, redact, async () => readJobs(await getText(http, at, '/jobs/overview', deadlineMs))),
    jobState: (at, jobId, deadlineMs) => told(at, redact, () => jobState(http, at, jobId, deadlineMs)),
    slots: (at, deadlineMs) =>
      told(at, redact, async () => Object.freeze(readSlots(await getText(http, at, '/overview', deadlineMs)))),
    upload: (at, jar, deadlineMs) => told(at, redact, () => upload(http, openJar, at, jar, deadlineMs)),
    run: (at, jarId, request, deadlineMs) =>
      told(at, redact, () => run({ http, redact }, at, `${jarPath(jarId)}/run`, request, deadlineMs)),
    cancel: (at, jobId, deadlineMs) =>
      told(at, redact, () => cancel(http, at, `/jobs/${jobId}?mode=cancel`, deadlineMs)),
    checkpoints: (at, jobId, deadlineMs) => told(at, redact, () => checkpoints(http, at, jobId, deadlineMs)),
    checkpointConfig: (at, jobId, deadlineMs) => told(at, redact, () => checkpointConfig(http, at, jobId, deadlineMs)),
    restarts: (at, jobId, deadlineMs) => told(at, redact, () => restarts(http, at, jobId, deadlineMs)),
    lastException: (at, jobId, deadlineMs) => told(at, redact, () => lastException(http, at, jobId, deadlineMs)),
    flow: (at, jobId, asked, deadlineMs) => told(at, redact, () => flow(http, at, jobId, asked.records, deadlineMs)),
    savepoint: (at, jobId, request, deadlineMs) =>
      told(at, redact, () => savepoint(http, at, jobId, request, deadlineMs)),
    savepointStatus: (at, jobId, triggerId, deadlineMs) =>
      told(at, redact, () => savepointStatus(http, at, jobId, triggerId, deadlineMs)),
    dispose: (at, path, deadlineMs) => told(at, redact, () => dispose(http, at, path, deadlineMs)),
    deleteJar: (at, jarId, deadlineMs) => told(at, redact, () => deleteJar(http, at, jarId, deadlineMs)),
  };
};

export type FlinkRestOptions = {
  readonly http: FlinkHttp;
  readonly openJar: OpenJar;
  readonly redact: (text: string) => string;
};

type OpenJar = (uri: string, version: string, deadlineMs: number) => Promise<Readable>;

/** Each fault says where it happened, repeats no secret, and has no cause: an error of the HTTP client may carry what was sent. */
const told = async <T>({ url }: Endpoint, redact: FlinkRestOptions['redact'], work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (thrown) {
    const { kind, code, message, context } = asFault(thrown);
    const advice = code === 'FLINK_UNREACHABLE' ? ofSilence(url, message) : ADVICE[code];
    const whole = advice === undefined ? message : `${new URL(url).host}: ${message}${advice}`;
    throw new Fault(kind, code, shortened(redact(whole)), { context });
  }
};

/** By code: what a person may have to look at when no JobManager answers as one. */
const ADVICE: Readonly<Record<string, string>> = {
  FLINK_UNREADABLE: " (is `restPort` the port of Flink's REST?)",
  FLINK_TLS: '',
  FLINK_DENIED: ' (check `auth` of the cluster in the manifest)',
};

const ofSilence = (url: string, message: string): string => {
  if (message.includes('ECONNREFUSED')) return ' (nothing listens there yet, or `restPort` is another port)';
  return url.startsWith('http:') && message.includes('socket hang up') ? ' (if it speaks TLS set `tls`)' : '';
};

const getText = async (http: FlinkHttp, at: Endpoint, path: string, deadlineMs: number): Promise<string> => {
  const answer = await repeatable(http.get(at, path, deadlineMs));
  if (answer.status !== 200) throw flinkFault(answer, path);
  return answer.text;
};

const upload = async (
  http: FlinkHttp,
  openJar: OpenJar,
  at: Endpoint,
  jar: Parameters<FlinkRest['upload']>[1],
  deadlineMs: number,
): Promise<string> => {
  if (jar.sizeBytes === 0) throw new Fault('rejected', 'NOT_A_JAR', `${jar.uri} is empty`);
  const stream = await openJar(jar.uri, jar.version, deadlineMs);
  const file = { name: fileName(jar.uri), sizeBytes: jar.sizeBytes, stream };
  const answer = await repeatable(http.upload(at, '/jars/upload', file, deadlineMs));
  if (answer.status !== 200) throw flinkFault(answer, '/jars/upload');
  return readJarId(answer.text);
};

const jobState = async (http: FlinkHttp, at: Endpoint, jobId: string, deadlineMs: number): Promise<string> => {
  const answer = await repeatable(http.get(at, `/jobs/${jobId}`, deadlineMs));
  if (answer.status === 200) return readJobState(answer.text);
  if (isJobUnknown(answer, jobId)) return 'absent';
  throw flinkFault(answer, '/jobs/:id');
};

/** Asked again on a cancelled job it is 202, too; 409 is a job that has ended otherwise, 404 one that Flink does not know (any more). */
const cancel = async (http: FlinkHttp, at: Endpoint, path: string, deadlineMs: number): Promise<void> => {
  const answer = await http.send('PATCH', at, path, undefined, deadlineMs);
  if (answer.status !== 202 && answer.status !== 409 && answer.status !== 404) throw flinkFault(answer, '/jobs/:id');
};

const deleteJar = async (http: FlinkHttp, at: Endpoint, jarId: string, deadlineMs: number): Promise<void> => {
  const answer = await repeatable(http.send('DELETE', at, jarPath(jarId), undefined, deadlineMs));
  if (answer.status === 200) return;
  const fault = flinkFault(answer, '/jars/:id');
  if (fault.message.startsWith(`File ${jarId} does not exist`)) return;
  throw fault;
};

const jarPath = (jarId: string): string => `/jars/${encodeURIComponent(jarId)}`;

/** Flink keeps the name as it comes and wants `.jar`: nothing in it may end the header or the path. */
const fileName = (uri: string): string => {
  const base = uri.slice(uri.lastIndexOf('/') + 1).replace(/\.jar$/i, '');
  return `${base.replace(/[^A-Za-z0-9._-]+/g, '_').slice(-NAME_MAX) || 'job'}.jar`;
};

/** File names end at 255 bytes, and Flink puts a uuid before ours. */
const NAME_MAX = 150;
