import type { Readable } from 'node:stream';
import { Fault } from '../core/errors.ts';
import type { FlinkRest, RunRequest } from '../ports.ts';
import {
  readErrors,
  readIdentity,
  readJarId,
  readJobState,
  readJobs,
  readRunJobId,
  readSlots,
} from './flink-answers.ts';
import { cut, flinkFault, runFault, withoutSecrets } from './flink-errors.ts';
import type { Answer, Http } from './http.ts';

/** Flink's REST, 1.18 and newer. `openJar` gives that version's bytes; its faults pass through. */
export const createFlinkRest = ({ http, openJar }: FlinkRestOptions): FlinkRest => {
  const get = (url: string, path: string, deadlineMs: number) => getText(http, url, path, deadlineMs);
  return {
    identity: async ({ url }, deadlineMs) => {
      const [configuration, config] = await Promise.all([
        get(url, '/jobmanager/config', deadlineMs),
        get(url, '/config', deadlineMs),
      ]);
      return Object.freeze(readIdentity(configuration, config));
    },
    jobs: async ({ url }, deadlineMs) => readJobs(await get(url, '/jobs/overview', deadlineMs)),
    jobState: ({ url }, jobId, deadlineMs) => jobState(http, url, jobId, deadlineMs),
    slots: async ({ url }, deadlineMs) => Object.freeze(readSlots(await get(url, '/overview', deadlineMs))),
    upload: async ({ url }, jar, deadlineMs) => {
      if (jar.sizeBytes === 0) throw new Fault('rejected', 'NOT_A_JAR', `${jar.uri} is empty`);
      const stream = await openJar(jar.uri, jar.version, deadlineMs);
      const file = { name: fileName(jar.uri), sizeBytes: jar.sizeBytes, stream };
      const answer = await repeatable(http.upload(`${url}/jars/upload`, file, deadlineMs));
      if (answer.status !== 200) throw flinkFault(answer, '/jars/upload');
      return readJarId(answer.text);
    },
    run: ({ url }, jarId, request, deadlineMs) => run(http, `${url}${jarPath(jarId)}/run`, request, deadlineMs),
    cancel: ({ url }, jobId, deadlineMs) => cancel(http, `${url}/jobs/${jobId}?mode=cancel`, deadlineMs),
    deleteJar: ({ url }, jarId, deadlineMs) => deleteJar(http, url, jarId, deadlineMs),
  };
};

export type FlinkRestOptions = {
  readonly http: Http;
  readonly openJar: (uri: string, version: string, deadlineMs: number) => Promise<Readable>;
};

const getText = async (http: Http, url: string, path: string, deadlineMs: number): Promise<string> => {
  const answer = await repeatable(http.get(url + path, deadlineMs));
  if (answer.status !== 200) throw flinkFault(answer, path);
  return answer.text;
};

/** For what may be asked again without harm: no answer is `transient`, whatever became of the request. */
const repeatable = async (answer: Promise<Answer>): Promise<Answer> => {
  try {
    return await answer;
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    if (thrown.code === 'HTTP_TOO_LARGE') throw new Fault('invalid', 'FLINK_UNREADABLE', thrown.message);
    if (thrown.code === 'UPLOAD_INTERRUPTED') throw thrown;
    throw new Fault('transient', 'FLINK_UNREACHABLE', thrown.message, { cause: thrown });
  }
};

/** A 404 that does not name the job is another server's, or another page's: it proves no absence. */
const jobState = async (http: Http, url: string, jobId: string, deadlineMs: number): Promise<string> => {
  const answer = await repeatable(http.get(`${url}/jobs/${jobId}`, deadlineMs));
  if (answer.status === 200) return readJobState(answer.text);
  const named = readErrors(answer.text)?.some((error) => error.includes(`Job ${jobId} not found`)) === true;
  if (answer.status === 404 && named) return 'absent';
  throw flinkFault(answer, '/jobs/:id');
};

const run = async (http: Http, url: string, request: RunRequest, deadlineMs: number): Promise<void> => {
  try {
    const answer = await sendRun(http, url, JSON.stringify(runBody(request)), deadlineMs);
    if (answer.status !== 200) throw runFault(answer);
    const jobId = runJobId(answer.text);
    if (jobId !== request.jobId) throw unclear(`Flink answered with another job id: ${jobId}`);
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    const { kind, code, message, context } = thrown;
    // No cause: an error of the HTTP client may carry what was sent.
    throw new Fault(kind, code, cut(withoutSecrets(message, request)), { context });
  }
};

const sendRun = async (http: Http, url: string, json: string, deadlineMs: number): Promise<Answer> => {
  try {
    return await http.send('POST', url, json, deadlineMs);
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    const code = RUN_CODES[thrown.code];
    throw code === undefined ? unclear(thrown.message) : new Fault(thrown.kind, code, thrown.message);
  }
};

const RUN_CODES: Readonly<Record<string, string>> = {
  HTTP_NOT_SENT: 'FLINK_UNREACHABLE',
  HTTP_BROKEN: 'RUN_BROKEN',
  HTTP_UNANSWERED: 'RUN_UNANSWERED',
};

/** Flink ignores unknown fields in silence, so each name counts; `programArgs` (a string) is dropped by 2.x: never sent. */
const runBody = ({ jobId, mainClass, args, parallelism, flinkConfiguration }: RunRequest) => ({
  jobId,
  ...(mainClass === undefined ? {} : { entryClass: mainClass }),
  programArgsList: args,
  ...(parallelism === undefined ? {} : { parallelism }),
  flinkConfiguration,
});

const runJobId = (text: string): string => {
  try {
    return readRunJobId(text);
  } catch {
    throw unclear('Flink answered 200 without a job id');
  }
};

const unclear = (message: string): Fault => new Fault('unknown-outcome', 'RUN_UNCLEAR', message);

/** Asked again on a cancelled job it is 202, too; 409 is a job that has ended otherwise, 404 one that Flink does not know (any more). */
const cancel = async (http: Http, url: string, deadlineMs: number): Promise<void> => {
  const answer = await http.send('PATCH', url, undefined, deadlineMs);
  if (answer.status !== 202 && answer.status !== 409 && answer.status !== 404) throw flinkFault(answer, '/jobs/:id');
};

const deleteJar = async (http: Http, url: string, jarId: string, deadlineMs: number): Promise<void> => {
  const answer = await repeatable(http.send('DELETE', url + jarPath(jarId), undefined, deadlineMs));
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
