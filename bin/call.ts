import type { LambdaClientConfig } from '@aws-sdk/client-lambda';
import type { Answer } from '../lib/operate/answers.ts';
import type { Request } from '../lib/operate/request.ts';
import { advice } from './call-errors.ts';

/** Which function is asked, and how AWS is reached. */
export type Place = {
  readonly functionName: string;
  readonly stage: string;
  readonly region: string;
  readonly profile?: string | undefined;
  /** Of a world on this machine; otherwise AWS. */
  readonly local?: Pick<LambdaClientConfig, 'endpoint' | 'credentials'> | undefined;
};

/** The autopilot could not be asked, or did not answer: one message for a person. */
export class NotAnswered extends Error {}

/** Longer than the function's own timeout. */
const ANSWER_MAX_MS = 90_000;
const CONNECT_MAX_MS = 5_000;

/** Invokes the function. Throws `NotAnswered`; an aborted call throws as the SDK does. */
export const call = async (request: Request, place: Place, signal?: AbortSignal): Promise<Answer> => {
  const { InvokeCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
  const { functionName, region, profile, local } = place;
  const client = new LambdaClient({
    region,
    // An order that was sent twice would be two.
    maxAttempts: request.op === 'order' ? 1 : 3,
    requestHandler: { connectionTimeout: CONNECT_MAX_MS, requestTimeout: ANSWER_MAX_MS, throwOnRequestTimeout: true },
    ...(profile === undefined ? {} : { profile }),
    ...local,
  });
  const command = new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(JSON.stringify(request)) });
  try {
    const { Payload, FunctionError } = await client.send(command, signal === undefined ? {} : { abortSignal: signal });
    const text = Buffer.from(Payload ?? []).toString('utf8');
    if (FunctionError !== undefined) throw new NotAnswered(failure(text, place));
    return answerIn(text);
  } catch (thrown) {
    if (thrown instanceof NotAnswered || signal?.aborted) throw thrown;
    throw new NotAnswered(withDoubt(request, advice(thrown, place)), { cause: thrown });
  } finally {
    client.destroy();
  }
};

/** Lambda ran the function and it threw, or ran out of time or memory; its message without the trace. */
const failure = (text: string, { functionName }: Place): string => {
  const found: unknown = parsed(text);
  const message = typeof found === 'object' && found !== null ? Reflect.get(found, 'errorMessage') : undefined;
  return `${functionName} failed: ${typeof message === 'string' ? message : 'it says no more'}\nIts log has the rest: /aws/lambda/${functionName}`;
};

const answerIn = (text: string): Answer => {
  const found: unknown = parsed(text);
  if (typeof found !== 'object' || found === null || typeof Reflect.get(found, 'ok') !== 'boolean')
    throw new NotAnswered('The function answers what this command does not understand: deploy from the same checkout.');
  return found as Answer;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const withDoubt = ({ op }: Request, message: string): string =>
  op === 'order'
    ? `${message}\nWhether the order arrived is not known where an answer was lost: look at \`orders\` and \`history\`.`
    : message;
