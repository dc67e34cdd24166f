import { cut } from '../core/cut.ts';
import { defaults } from '../core/defaults.ts';
import { Fault } from '../core/errors.ts';
import { readErrors } from './flink-parse.ts';
import type { Answer } from './http.ts';

/** An answer of Flink other than the one asked for, sorted once: by its status and by the last `Caused by:`. The message is whole. */
export const flinkFault = ({ status, text }: Answer, path: string): Fault => {
  const errors = readErrors(text);
  const message = errors === undefined ? `HTTP ${status} for ${path}` : rootCause(errors);
  const context = { status, path };
  const fault = (kind: Fault['kind'], code: string) => new Fault(kind, code, message, { context });
  if (status === 503) return fault('transient', isElection(message) ? 'LEADER_ELECTION' : 'FLINK_UNAVAILABLE');
  if (status === 429) return fault('transient', 'FLINK_BUSY');
  if (status >= 500) return fault('transient', 'FLINK_FAILED');
  if (isDenied(status)) return denied(status);
  if (errors === undefined) return fault('invalid', 'FLINK_UNREADABLE');
  return fault('rejected', isDisabled(message) ? 'SUBMISSION_DISABLED' : 'FLINK_REFUSED');
};

/**
 * What a POST /jars/:id/run other than 200 says of the job; the message is whole and may repeat the request. `rejected` MAIN_THREW alone is no proof that nothing runs:
 * a `main()` that throws after `execute()` has started its job (seen on 1.20.5).
 */
export const runFault = ({ status, text }: Answer): Fault => {
  const errors = readErrors(text) ?? [];
  const message = rootCause(errors);
  const context = { status };
  const rejected = (code: string) => new Fault('rejected', code, message, { context });
  if (isDenied(status)) return denied(status);
  const unclear = () => new Fault('unknown-outcome', 'RUN_UNCLEAR', message || `HTTP ${status}`, { context });
  if (status === 503 && isElection(message)) return new Fault('transient', 'LEADER_ELECTION', message, { context });
  const code = refusal(errors.join('\n'), message);
  if (code !== undefined) return rejected(code);
  if (status === 404 && isDisabled(message)) return rejected('SUBMISSION_DISABLED');
  if (errors.length === 0 || status < 400 || status >= 500 || isTimeout(errors.join('\n'), message)) return unclear();
  if (LEADER_GONE.test(message)) return unclear();
  return rejected(isMain(errors.join('\n')) ? 'MAIN_THREW' : 'RUN_REFUSED');
};

/** What a POST of a savepoint other than 202 says: whether it is under way is unknown, unless Flink refused to understand it. */
export const savepointFault = ({ status, text }: Answer): Fault => {
  const errors = readErrors(text);
  const message = errors === undefined ? `HTTP ${status} for a savepoint` : rootCause(errors);
  const fault = (kind: Fault['kind'], code: string) => new Fault(kind, code, message, { context: { status } });
  if (isDenied(status)) return denied(status);
  if (status === 503 && isElection(message)) return fault('transient', 'LEADER_ELECTION');
  if (errors === undefined || status < 400 || status >= 500) return fault('unknown-outcome', 'SAVEPOINT_UNCLEAR');
  return fault('rejected', 'SAVEPOINT_REFUSED');
};

/** A 404 that does not name the job is another server's, or another page's: it proves no absence. */
export const isJobUnknown = ({ status, text }: Answer, jobId: string): boolean =>
  status === 404 && readErrors(text)?.some((error) => error.includes(`Job ${jobId} not found`)) === true;

const isDenied = (status: number): boolean => status === 401 || status === 403;

/** Said by who stands before Flink, which knows no authentication: nothing reached it. Their words may repeat what we sent. */
const denied = (status: number): Fault =>
  new Fault('rejected', 'FLINK_DENIED', `HTTP ${status}: the authentication is not accepted`, { context: { status } });

/** The first line of what lies at the bottom of Flink's stack trace; the lines above it are always general. */
export const rootCause = (errors: readonly string[]): string => {
  const lines = errors.join('\n').split('\n');
  const last = lines.findLast((line) => line.startsWith(CAUSED_BY))?.slice(CAUSED_BY.length);
  const first = lines.find((line) => !GENERAL.has(line) && !line.startsWith('<Exception on server side:'));
  return (last ?? first ?? lines[0] ?? '').replace(/^org\.apache\.flink\.runtime\.rest\.\S*Exception: /, '');
};

/**
 * `text` without what may be secret: each argument that it repeats is replaced by its place in the list, values of
 * configuration keys that Flink itself hides by their key, and passwords in URLs.
 */
export const withoutSecrets = (
  text: string,
  request: { readonly args: readonly string[]; readonly flinkConfiguration: Readonly<Record<string, string>> },
): string => {
  const hidden = [
    ...request.args.flatMap((arg, index) => hide(arg, `<argument ${index + 1}>`)),
    ...Object.entries(request.flinkConfiguration)
      .filter(([key]) => SENSITIVE_KEY.test(key))
      .flatMap(([key, value]) => hide(value, `<value of ${key}>`)),
  ].sort((a, b) => b.value.length - a.value.length);
  const masked = hidden.reduce((rest, { value, name }) => rest.replaceAll(value, () => name), text);
  return masked.replace(/(:\/\/[^\s:/@]*):[^\s/@]+@/g, '$1:***@');
};

/** One line of at most `defaults.textMax` characters. */
export const shortened = (line: string): string => cut(line, defaults.textMax);

const CAUSED_BY = 'Caused by: ';
const GENERAL = new Set(['', 'Internal server error.']);

// Flink's GlobalConfiguration.SENSITIVE_KEYS (1.20 and 2.3).
const SENSITIVE_KEY =
  /password|secret|account\.key|apikey|api-key|auth-params|service-key|token|basic-auth|jaas\.config|http-headers/i;

/** What cannot pass by itself, by the exceptions that Flink 1.18 to 2.3 throws for it. */
const refusal = (text: string, cause: string): string | undefined => {
  if (/\.Duplicate(Job|Application)SubmissionException\b/.test(cause)) return 'DUPLICATE_JOB';
  if (/^(Jar file .* does not exist)/.test(cause)) return 'JAR_GONE';
  if (/^java\.util\.zip\.ZipException\b|Error while opening jar file/.test(cause)) return 'NOT_A_JAR';
  if (/^java\.lang\.(ClassNotFoundException|NoClassDefFoundError)\b/.test(cause)) return 'CLASS_MISSING';
  if (/entry point class '.*' was not found|Neither a 'Main-Class'/.test(cause)) return 'CLASS_MISSING';
  if (cause.startsWith('No jobs included in application')) return 'NO_JOB';
  if (RESTORING.test(text) && UNREADABLE_SNAPSHOT.test(cause)) return 'SNAPSHOT_UNREADABLE';
  if (RESTORING.test(text) && OTHER_STATE.test(cause)) return 'STATE_INCOMPATIBLE';
  return text.includes('Unable to load requested file /jars') ? 'SUBMISSION_DISABLED' : undefined;
};

/** A restore happens inside `execute()`, and what `main()` throws by itself may have the same words: Flink's frame tells them apart. */
const RESTORING = /\bCheckpointCoordinator\.restoreSavepoint\(/;

/** The snapshot is not there, or no longer whole. What is denied, throttled or without its file system says nothing of it. */
const UNREADABLE_SNAPSHOT =
  /Cannot find checkpoint or savepoint|Cannot find meta data file|Unexpected magic number|^java\.io\.EOFException|Unrecognized checkpoint version/;

const OTHER_STATE =
  /Failed to rollback to checkpoint\/savepoint|There is no operator for the state|can not be restored\. The maximum parallelism/;

/** A standby could not give the job to its leader, which was killed a moment ago (seen on 1.20.5), or leads no more. */
const LEADER_GONE = /\.(RecipientUnreachableException|FencingTokenException)\b/;

const isElection = (message: string): boolean => message.includes('leader election');

const isDisabled = (message: string): boolean =>
  /^(Not found: \/jars|POST request not allowed|Unable to load requested file \/jars)/.test(message);

const isMain = (text: string): boolean => text.includes('The main method caused an error');

/** Flink's own wait for its dispatcher ended: the job may be there. A timeout inside `main()`, or of a read while restoring, is none of this. */
const isTimeout = (text: string, cause: string): boolean =>
  /TimeoutException\b/.test(cause) &&
  !RESTORING.test(text) &&
  (!isMain(text) || text.includes('org.apache.flink.util.FlinkException: Failed to execute job'));

/** Flags, numbers and short words are no secrets, and masking them would only garble the text. */
const hide = (arg: string, name: string): { value: string; name: string }[] => {
  const values = arg.replace(/^--?[\w.-]+=/, '').split('\n');
  const plain = (value: string) => value.length < 4 || /^-|^[\d.]+$|^(true|false)$/i.test(value);
  return values.filter((value) => !plain(value)).map((value) => ({ value, name }));
};
