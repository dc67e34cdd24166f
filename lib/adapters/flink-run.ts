import { Fault } from '../core/errors.ts';
import type { Endpoint, RunRequest } from '../ports.ts';
import type { FlinkHttp } from './flink-access.ts';
import { readRunJobId } from './flink-answers.ts';
import { runFault, withoutSecrets } from './flink-errors.ts';
import { readProcess } from './flink-identity.ts';
import type { Answer } from './http.ts';
import type { Redaction } from './redaction.ts';

/** POST /jars/:id/run, sent once. Its faults are those of `FlinkRest.run`, whole, without the arguments and what Flink itself hides. */
export const run = async (
  { http, redact }: { readonly http: FlinkHttp; readonly redact: Redaction['redact'] },
  at: Endpoint,
  path: string,
  request: RunRequest,
  deadlineMs: number,
): Promise<void> => {
  try {
    const answer = await sendRun(http, at, path, request, deadlineMs);
    if (answer.status !== 200) throw runFault(answer);
    const jobId = runJobId(answer.text);
    if (jobId !== request.jobId) throw unclear(`Flink answered with another job id: ${jobId}`);
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    const { kind, code, message, context } = thrown;
    throw new Fault(kind, code, withoutSecrets(redact(message), redacted(request, redact)), { context });
  }
};

/** Values of secrets go first and whole: an argument that is a part of one would leave the rest of it. */
const redacted = ({ args, flinkConfiguration }: RunRequest, redact: Redaction['redact']) => ({
  args: args.map(redact),
  flinkConfiguration: Object.fromEntries(
    Object.entries(flinkConfiguration).map(([key, value]) => [key, redact(value)]),
  ),
});

const sendRun = async (
  http: FlinkHttp,
  at: Endpoint,
  path: string,
  request: RunRequest,
  deadlineMs: number,
): Promise<Answer> => {
  const { process } = request;
  const first = process === undefined ? undefined : onlyTo(process);
  try {
    return await http.send('POST', at, path, JSON.stringify(runBody(request)), deadlineMs, first);
  } catch (thrown) {
    if (!(thrown instanceof Fault) || !thrown.code.startsWith('HTTP_')) throw thrown;
    const code = RUN_CODES[thrown.code];
    throw code === undefined ? unclear(thrown.message) : new Fault(thrown.kind, code, thrown.message);
  }
};

/** Nothing is sent to a process that is not the one, or does not say who it is. */
const onlyTo = (process: string) => ({
  path: '/jobmanager/config',
  accept: (answer: Answer) => {
    if (processIn(answer) === process) return;
    throw new Fault('transient', 'PROCESS_CHANGED', 'the JobManager restarted before the submission');
  },
});

const processIn = ({ status, text }: Answer): string | undefined => {
  try {
    return status === 200 ? readProcess(text) : undefined;
  } catch {
    return undefined;
  }
};

const RUN_CODES: Readonly<Record<string, string>> = {
  HTTP_NOT_SENT: 'FLINK_UNREACHABLE',
  HTTP_BROKEN: 'RUN_BROKEN',
  HTTP_UNANSWERED: 'RUN_UNANSWERED',
};

/** Flink ignores unknown fields in silence, so each name counts; `programArgs` (a string) is dropped by 2.x: never sent. */
const runBody = ({ jobId, mainClass, args, parallelism, flinkConfiguration, restore }: RunRequest) => ({
  jobId,
  ...(mainClass === undefined ? {} : { entryClass: mainClass }),
  programArgsList: args,
  ...(parallelism === undefined ? {} : { parallelism }),
  flinkConfiguration,
  ...(restore === undefined ? {} : restoreBody(restore)),
});

/** `claimMode` is what 1.20 and newer read, `restoreMode` what older ones do: each ignores the other. */
const restoreBody = ({ path, claimMode, allowNonRestoredState }: NonNullable<RunRequest['restore']>) => ({
  savepointPath: path,
  allowNonRestoredState,
  claimMode,
  restoreMode: claimMode,
});

const runJobId = (text: string): string => {
  try {
    return readRunJobId(text);
  } catch {
    throw unclear('Flink answered 200 without a job id');
  }
};

const unclear = (message: string): Fault => new Fault('unknown-outcome', 'RUN_UNCLEAR', message);
