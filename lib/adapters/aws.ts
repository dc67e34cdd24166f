import { asFault, Fault } from '../core/errors.ts';
import type { Clock } from '../ports.ts';
import { retryTransient } from '../retry.ts';

/**
 * Options for every SDK client: the retries are ours (`retryTransient`), so that all tries together keep to one deadline
 * and one budget; a silent endpoint is given up long before a Lambda's own timeout.
 */
export const awsClientOptions = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 4_000, throwOnRequestTimeout: true },
} as const;

/** What an AWS adapter needs to keep a deadline; `random` gives 0 ≤ x < 1. */
export type Timing = { readonly clock: Clock; readonly random: () => number };

/** The codes of one adapter for what any AWS service may answer. */
export type AwsCodes = {
  /** Refused for want of a permission: the fault names the action. */
  readonly denied: string;
  /** No usable answer: throttled, failing, unreachable, silent. */
  readonly unavailable: string;
  /** By the name of the SDK's error. */
  readonly rejected?: Readonly<Record<string, string>>;
  /** By our code: what a person has to change. */
  readonly advice?: Readonly<Record<string, string>>;
};

/** One call: the service's action as IAM writes it (`ecs:ListTasks`), and the codes of its faults. */
export type Call = {
  readonly action: string;
  readonly codes: AwsCodes;
  /** A write: when no try was answered, its outcome is unknown. `once`: it must not happen twice, and only what was refused is tried again. */
  readonly writes?: true | 'once';
};

/**
 * Makes one call of an SDK client, tried again while the service is not available and `deadlineMs` allows it. Only for
 * reads, for writes that may happen twice, and for those that say `once`.
 */
export const callAws = async <T>(
  { clock, random }: Timing,
  call: Call,
  deadlineMs: number,
  send: (options: { abortSignal: AbortSignal }) => Promise<T>,
): Promise<T> => {
  let maybeDone = false;
  const once = async () => {
    const leftMs = deadlineMs - clock.nowMs();
    if (leftMs <= 0) throw new Fault('transient', call.codes.unavailable, `${call.action}: no time left to ask`);
    try {
      return await send({ abortSignal: AbortSignal.timeout(Math.ceil(leftMs)) });
    } catch (thrown) {
      const fault = awsFault(thrown, call);
      const isOpen = fault.kind === 'transient' && fault.context.answered === false;
      if (call.writes === 'once' && isOpen) throw unknownOutcome(fault);
      maybeDone ||= call.writes === true && isOpen;
      throw fault;
    }
  };
  try {
    return await retryTransient(clock, random, deadlineMs, once);
  } catch (thrown) {
    const fault = asFault(thrown);
    throw fault.kind === 'transient' && maybeDone ? unknownOutcome(fault) : thrown;
  }
};

const unknownOutcome = (cause: Fault): Fault =>
  new Fault('unknown-outcome', cause.code, cause.message, { cause, context: cause.context });

/** An SDK error in our words. A fault that is one already stays as it is. */
export const awsFault = (thrown: unknown, { action, codes }: Call): Fault => {
  if (thrown instanceof Fault) return thrown;
  const { name, message, status } = detailsOf(thrown);
  const context = { action, name, answered: status !== undefined && status < 500 };
  const fault = (kind: Fault['kind'], code: string, text: string) => {
    const advice = codes.advice?.[code];
    return new Fault(kind, code, advice === undefined ? text : `${text} (${advice})`, { cause: thrown, context });
  };
  const known = codes.rejected?.[name];
  if (known !== undefined) return fault('rejected', known, `${action}: ${message}`);
  if (THROTTLED.test(name)) return fault('transient', codes.unavailable, `${action} is throttled: ${name}`);
  if (DENIED.test(name)) return fault('rejected', codes.denied, `${action} is not allowed: ${message}`);
  if (status === undefined || status >= 500 || status === 429) {
    return fault('transient', codes.unavailable, `${action} has no answer: ${name}: ${message}`);
  }
  if (status === 403) return fault('rejected', codes.denied, `${action} is not allowed: ${name}: ${message}`);
  return fault('bug', 'AWS_REQUEST', `${action} refuses our request: ${name}: ${message}`);
};

/** Throttling of ECS, DynamoDB, S3 and SNS comes with 400 as well as 429 and 503. */
const THROTTLED =
  /^(Throttl|RequestLimitExceeded|ProvisionedThroughputExceeded|TooManyRequests|SlowDown|LimitExceeded|KMSThrottling|RequestThrottled|TransactionInProgress|TransactionConflict)/;

const DENIED =
  /^(AccessDenied|AuthorizationError|UnauthorizedOperation|ExpiredToken|UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch|CredentialsProviderError|KMSAccessDenied)/;

const detailsOf = (thrown: unknown): { name: string; message: string; status?: number } => {
  if (!(thrown instanceof Error)) return { name: 'unknown', message: String(thrown) };
  const { name, message } = thrown;
  const metadata: unknown = '$metadata' in thrown ? thrown.$metadata : undefined;
  const status =
    typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
      ? metadata.httpStatusCode
      : undefined;
  return { name, message, ...(typeof status === 'number' ? { status } : {}) };
};
