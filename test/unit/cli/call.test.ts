import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { call, NotAnswered, type Place } from '../../../bin/call.ts';
import type { Request } from '../../../lib/operate/request.ts';
import { type AwsAnswer, startAwsStub } from '../../support/aws-stub.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const orders: Request = { op: 'orders' };
const release: Request = { op: 'order', kind: 'release', cluster: 'realtime', job: 'größe', who: 'a', why: 'b' };
const answer = { ok: true, op: 'orders', atMs: 1, orders: [] };

/** A Lambda service that gives these answers in turn, the last one for ever. */
const lambdaThat = async (...answers: [AwsAnswer, ...AwsAnswer[]]) => {
  let asked = 0;
  const stub = await startAwsStub(() => answers[Math.min(asked++, answers.length - 1)] ?? answers[0]);
  cleanups.push(stub.close);
  return { stub, place: placeAt(stub.url) };
};
const placeAt = (endpoint: string): Place => ({
  functionName: 'flink-autopilot-prod-operate',
  stage: 'prod',
  region: 'eu-west-1',
  local: { endpoint, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } },
});
const failure = async (request: Request, place: Place): Promise<string> => {
  try {
    await call(request, place);
  } catch (thrown) {
    if (thrown instanceof NotAnswered) return thrown.message;
    throw thrown;
  }
  return 'it was answered';
};
/** An error as Lambda's REST protocol sends it. */
const refusal = (name: string, status: number, message = 'because'): AwsAnswer => ({
  status,
  json: { Message: message },
  headers: { 'x-amzn-errortype': name },
});

describe('a call', () => {
  it('invokes the function of the stage with the request, and gives its answer', async () => {
    const { stub, place } = await lambdaThat({ json: answer });
    expect(await call(release, place)).toEqual(answer);
    expect(stub.requests).toMatchObject([
      {
        method: 'POST',
        path: '/2015-03-31/functions/flink-autopilot-prod-operate/invocations',
        body: JSON.stringify(release),
      },
    ]);
  });

  it('is tried again when AWS throttles it, but an order never is: it would be two', async () => {
    const again = await lambdaThat(refusal('TooManyRequestsException', 429), { json: answer });
    expect(await call(orders, again.place)).toEqual(answer);
    const once = await lambdaThat(refusal('TooManyRequestsException', 429), { json: answer });
    expect(await failure(release, once.place)).toContain('throttles');
    expect(once.stub.requests).toHaveLength(1);
    const lost = await lambdaThat('break', { json: answer });
    expect(await failure(release, lost.place)).toMatch(/cannot be reached.*\nWhether the order arrived is not known/);
    expect(lost.stub.requests).toHaveLength(1);
  });

  it.each<[string, AwsAnswer, RegExp]>([
    [
      'the function is not there',
      refusal('ResourceNotFoundException', 404),
      /^There is no function flink-autopilot-prod-operate in eu-west-1: is it deployed there\?.*--stage prod --region eu-west-1/,
    ],
    [
      'the permission is missing',
      refusal('AccessDeniedException', 403, 'User: arn:aws:iam::1:user/a is not authorized\nto perform'),
      /^Not allowed \(stage prod, region eu-west-1\): .*lambda:InvokeFunction on flink-autopilot-prod-operate\. AWS says: User: \S+ is not authorized$/,
    ],
    ['the session has expired', refusal('ExpiredTokenException', 403), /^The credentials have expired .*aws sso login/],
    [
      'the key is unknown',
      refusal('UnrecognizedClientException', 403),
      /^AWS does not know these credentials .*--profile/,
    ],
    ['the key is wrong', refusal('InvalidSignatureException', 403), /^AWS does not know these credentials/],
    [
      'a subnet has no address left',
      refusal('ENILimitReachedException', 502),
      /^Lambda cannot start .*ENILimitReached/,
    ],
    [
      'AWS refuses for another reason',
      refusal('RequestTooLargeException', 413),
      /^AWS refuses the call .*RequestTooLarge/,
    ],
    [
      'the function fails',
      {
        json: {
          errorType: 'Fault',
          errorMessage: 'environment has 1 problem:\n  TABLE_NAME: missing',
          trace: ['at x.ts'],
        },
        headers: { 'x-amz-function-error': 'Unhandled' },
      },
      /^flink-autopilot-prod-operate failed: environment has 1 problem:\n {2}TABLE_NAME: missing\nIts log has the rest: \/aws\/lambda\/flink-autopilot-prod-operate$/,
    ],
    [
      'the function fails without a word',
      { body: '', headers: { 'x-amz-function-error': 'Unhandled' } },
      /failed: it says no more/,
    ],
    ['the answer is of another release', { json: { hello: 1 } }, /does not understand: deploy from the same checkout/],
    ['the answer is no JSON', { body: 'hello' }, /does not understand/],
    ['the connection ends', 'break', /^The local world cannot be reached \(ECONNRESET\)/],
  ])('without an answer gives one message and no trace: %s', async (_, given, message) => {
    const { place } = await lambdaThat(given);
    const text = await failure(orders, place);
    expect(text).toMatch(message);
    expect(text).not.toMatch(/\n\s+at /);
  });

  it('says that nobody listens', async () => {
    expect(await failure(orders, placeAt('http://127.0.0.1:1'))).toMatch(/cannot be reached \(ECONNREFUSED\)/);
  });

  it('that is stopped ends at once, and not as an answer that failed', async () => {
    const { place } = await lambdaThat('hang');
    const stop = new AbortController();
    const answered = call(orders, place, stop.signal);
    stop.abort();
    await expect(answered).rejects.not.toBeInstanceOf(NotAnswered);
  });
});

describe('credentials', () => {
  const { local: _, ...place } = placeAt('');
  const folder = mkdtempSync(join(tmpdir(), 'operate-'));
  const withFiles = (url: string) => {
    writeFileSync(join(folder, 'credentials'), '[ops]\naws_access_key_id = OPSKEY\naws_secret_access_key = s\n');
    writeFileSync(join(folder, 'config'), '');
    const env = {
      AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
      AWS_CONFIG_FILE: join(folder, 'config'),
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_ENDPOINT_URL: url,
      AWS_PROFILE: undefined,
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
    };
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  };

  it('are those of the profile, also beside others in the environment', async () => {
    const { stub } = await lambdaThat({ json: answer });
    withFiles(stub.url);
    // The SDK itself remarks that there are two.
    const remark = vi.spyOn(console, 'warn').mockImplementation(() => {});
    cleanups.push(() => remark.mockRestore());
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'ENVKEY');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 's');
    expect(await call(orders, { ...place, profile: 'ops' })).toEqual(answer);
    expect(await call(orders, place)).toEqual(answer);
    const keys = stub.requests.map(({ headers }) => /Credential=(\w+)/.exec(String(headers.authorization))?.[1]);
    expect(keys).toEqual(['OPSKEY', 'ENVKEY']);
  });

  it('that are not there are asked for in one message', async () => {
    withFiles('http://127.0.0.1:1');
    expect(await failure(orders, place)).toMatch(
      /^There are no AWS credentials to use \(stage prod, region eu-west-1\)/,
    );
    expect(await failure(orders, { ...place, profile: 'nobody' })).toMatch(
      /^There are no AWS credentials .*profile nobody/,
    );
    rmSync(folder, { recursive: true });
  });
});
