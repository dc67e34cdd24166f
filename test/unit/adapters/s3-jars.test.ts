import { text } from 'node:stream/consumers';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, test } from 'vitest';
import { createS3Jars } from '../../../lib/adapters/s3-jars.ts';
import { type AwsAnswer, quickTiming, startAwsStub } from '../../support/aws-stub.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const jarsThat = async (answer: AwsAnswer) => {
  const stub = await startAwsStub(() => answer);
  const client = new S3Client(stub.clientOptions);
  cleanups.push(stub.close, () => client.destroy());
  return { jars: createS3Jars({ ...quickTiming, client }), requests: stub.requests };
};

const URI = 's3://bucket/jars/a b/ä.jar';
const soon = () => Date.now() + 5_000;
const head = (headers: Readonly<Record<string, string>>) => ({ headers: { 'content-length': '5', ...headers } });
const s3Error = (code: string, status: number) => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code} it is</Message></Error>`,
});

describe('a look at a jar', () => {
  test.each([
    [{ etag: '"abc"' }, '"abc"'],
    [{ etag: '"abc"', 'x-amz-version-id': 'v1' }, 'v1'],
    [{ etag: '"abc"', 'x-amz-version-id': 'null' }, '"abc"'],
  ])('takes from %j the version %s', async (headers, version) => {
    const { jars } = await jarsThat(head(headers));
    expect(await jars.look(URI, soon())).toEqual({ present: true, version, sizeBytes: 5 });
  });

  test('asks for the key as it is written', async () => {
    const { jars, requests } = await jarsThat(head({ etag: '"abc"' }));
    await jars.look(URI, soon());
    expect(requests[0]?.path).toBe('/bucket/jars/a%20b/%C3%A4.jar');
  });

  test('that is denied names both permissions it may want (F96)', async () => {
    const { jars } = await jarsThat({ status: 403 });
    const look = jars.look(URI, soon());
    await expect(look).rejects.toMatchObject({ kind: 'rejected', code: 'JAR_DENIED' });
    await expect(look).rejects.toThrow(/^s3:\/\/bucket\/jars\/a b\/ä\.jar: .*s3:GetObject.*s3:ListBucket/);
  });

  test.each([
    [{ status: 404 }, { present: false }],
    [{ status: 503 }, { kind: 'transient', code: 'JARS_UNAVAILABLE' }],
    [{ status: 500 }, { kind: 'transient', code: 'JARS_UNAVAILABLE' }],
    ['break', { kind: 'transient', code: 'JARS_UNAVAILABLE' }],
    [{ status: 400 }, { kind: 'bug', code: 'AWS_REQUEST' }],
    [head({}), { kind: 'invalid', code: 'JARS_UNREADABLE' }],
  ] as const)('that gets %j is %j', async (answer, expected) => {
    const { jars } = await jarsThat(answer);
    expect(await jars.look(URI, soon()).catch((fault) => fault)).toMatchObject(expected);
  });

  test.each(['s3://bucket', 's3://bucket/', 'https://bucket/a.jar', 's3:///a.jar', ''])(
    'wants a place in S3, not %j',
    async (uri) => {
      const { jars, requests } = await jarsThat(head({ etag: '"abc"' }));
      await expect(jars.look(uri, soon())).rejects.toMatchObject({ kind: 'invalid', code: 'JAR_URI' });
      await expect(jars.open(uri, 'v1', soon())).rejects.toMatchObject({ kind: 'invalid', code: 'JAR_URI' });
      expect(requests).toEqual([]);
    },
  );
});

describe('opening a jar', () => {
  test('asks for exactly the version that was seen', async () => {
    const { jars, requests } = await jarsThat({ body: 'bytes' });
    expect(await text(await jars.open(URI, 'v/1+', soon()))).toBe('bytes');
    expect(await text(await jars.open(URI, '"abc"', soon()))).toBe('bytes');
    const asked = requests.map(({ path, headers }) => [
      new URL(path, 'http://x').searchParams.get('versionId'),
      headers['if-match'],
    ]);
    expect(asked).toEqual([
      ['v/1+', undefined],
      [null, '"abc"'],
    ]);
  });

  test.each([
    [s3Error('NoSuchKey', 404), 'rejected', 'JAR_MISSING'],
    [s3Error('NoSuchBucket', 404), 'rejected', 'JAR_MISSING'],
    [s3Error('NoSuchVersion', 404), 'rejected', 'JAR_CHANGED'],
    [s3Error('PreconditionFailed', 412), 'rejected', 'JAR_CHANGED'],
    [s3Error('AccessDenied', 403), 'rejected', 'JAR_DENIED'],
    [s3Error('InvalidObjectState', 403), 'rejected', 'JAR_DENIED'],
    [s3Error('SlowDown', 503), 'transient', 'JARS_UNAVAILABLE'],
  ] as const)('that gets %j is %s %s', async (answer, kind, code) => {
    const { jars } = await jarsThat(answer);
    await expect(jars.open(URI, 'v1', soon())).rejects.toMatchObject({ kind, code });
  });
});
