import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, test } from 'vitest';
import { createS3Snapshots } from '../../../lib/adapters/s3-snapshots.ts';
import { defaults } from '../../../lib/core/defaults.ts';
import type { SnapshotFiles } from '../../../lib/ports.ts';
import { type AwsAnswer, type AwsRequest, quickTiming, startAwsStub } from '../../support/aws-stub.ts';
import { metadataOf } from '../../support/fake-snapshots.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const snapshotsThat = async (answer: AwsAnswer | ((request: AwsRequest) => AwsAnswer)) => {
  const stub = await startAwsStub((request) => (typeof answer === 'function' ? answer(request) : answer));
  const client = new S3Client(stub.clientOptions);
  cleanups.push(stub.close, () => client.destroy());
  return { snapshots: createS3Snapshots({ ...quickTiming, client }), requests: stub.requests };
};

const soon = () => Date.now() + 5_000;
const xml = (body: string, status = 200): AwsAnswer => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0"?>${body}`,
});
const s3Error = (code: string, status: number) =>
  xml(`<Error><Code>${code}</Code><Message>it is</Message></Error>`, status);
const page = (names: readonly string[], more = '') =>
  xml(
    `<ListBucketResult>${more}${names.map((name) => `<CommonPrefixes><Prefix>${name}/</Prefix></CommonPrefixes>`).join('')}</ListBucketResult>`,
  );
const files = (count: number, more = '') =>
  xml(
    `<ListBucketResult>${more}${Array.from({ length: count }, (_, n) => `<Contents><Key>c/job/f${n}</Key><Size>1</Size></Contents>`).join('')}</ListBucketResult>`,
  );
const NEXT = '<IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken>';
const isSecond = ({ path }: AwsRequest) => path.includes('continuation-token=t');

const asks: readonly (readonly [string, (snapshots: SnapshotFiles, deadlineMs: number) => Promise<unknown>])[] = [
  ['a listing', (snapshots, deadlineMs) => snapshots.children('s3://b/c', 'chk-', deadlineMs)],
  ['a look at a head', (snapshots, deadlineMs) => snapshots.metadata('s3://b/c/job/chk-1', deadlineMs)],
  ['a sum of sizes', (snapshots, deadlineMs) => snapshots.size('s3://b/c/job', deadlineMs)],
  ['a removal', (snapshots, deadlineMs) => snapshots.remove('s3://b/c/job', deadlineMs)],
];

describe.each(asks)('%s', (_, ask) => {
  test.each([
    [s3Error('AccessDenied', 403), 'rejected', 'SNAPSHOTS_DENIED'],
    [s3Error('SlowDown', 503), 'transient', 'SNAPSHOTS_UNAVAILABLE'],
    [s3Error('InternalError', 500), 'transient', 'SNAPSHOTS_UNAVAILABLE'],
    [s3Error('NoSuchBucket', 404), 'rejected', 'SNAPSHOTS_UNREACHABLE'],
    ['break', 'transient', 'SNAPSHOTS_UNAVAILABLE'],
  ] as const)('that is answered %j proves nothing', async (answer, kind, code) => {
    const { snapshots } = await snapshotsThat(answer);
    const fault = ask(snapshots, soon());
    await expect(fault).rejects.toMatchObject({ kind, code });
    await expect(fault).rejects.toThrow(/s3:\/\/b\/c/);
  });

  test('that gets no answer ends by its deadline', async () => {
    const { snapshots } = await snapshotsThat('hang');
    await expect(ask(snapshots, Date.now() + 1_200)).rejects.toMatchObject({ code: 'SNAPSHOTS_UNAVAILABLE' });
  });
});

describe('the directories below one', () => {
  test('are asked for by their prefix, without what lies in them', async () => {
    const { snapshots, requests } = await snapshotsThat(page(['c d/äb1', 'c d/äb2']));
    expect(await snapshots.children('s3://b/c d/', 'äb', soon())).toEqual(['äb1', 'äb2']);
    const asked = new URL(`http://x${requests[0]?.path}`);
    expect([asked.pathname, asked.searchParams.get('prefix'), asked.searchParams.get('delimiter')]).toEqual([
      '/b/',
      'c d/äb',
      '/',
    ]);
  });

  test('right in the bucket are found, too', async () => {
    const { snapshots, requests } = await snapshotsThat(page(['ab1']));
    expect(await snapshots.children('s3://b', 'ab', soon())).toEqual(['ab1']);
    expect(requests[0]?.path).toMatch(/prefix=ab$/);
  });

  test('of which a later page is denied are not told in part', async () => {
    const { snapshots } = await snapshotsThat((request) =>
      isSecond(request) ? s3Error('AccessDenied', 403) : page(['c/1'], NEXT),
    );
    await expect(snapshots.children('s3://b/c', '', soon())).rejects.toMatchObject({ code: 'SNAPSHOTS_DENIED' });
  });

  test('of which a part is missing without a way to the rest are not told in part', async () => {
    const { snapshots } = await snapshotsThat(page(['c/1'], '<IsTruncated>true</IsTruncated>'));
    await expect(snapshots.children('s3://b/c', '', soon())).rejects.toMatchObject({ code: 'SNAPSHOTS_UNREADABLE' });
  });

  test.each([
    [0, defaults.childrenMax],
    [1, 'SNAPSHOTS_TOO_MANY'],
  ])('%i beyond the limit: %s', async (more, expected) => {
    const names = (count: number) => Array.from({ length: count }, (_, n) => `c/${n}`);
    const { snapshots } = await snapshotsThat((request) =>
      isSecond(request) ? page(names(more)) : page(names(defaults.childrenMax), NEXT),
    );
    const found = await snapshots.children('s3://b/c', '', soon()).catch((fault) => fault);
    expect(found.code ?? found.length).toBe(expected);
  });

  test('end, too, where there are only files', async () => {
    const { snapshots, requests } = await snapshotsThat(files(1_000, NEXT));
    await expect(snapshots.children('s3://b/c', '', soon())).rejects.toMatchObject({ code: 'SNAPSHOTS_TOO_MANY' });
    expect(requests.length).toBe(defaults.childrenMax / 1_000 + 1);
  });
});

describe('the head of a snapshot', () => {
  const head = () => ({
    status: 206,
    body: metadataOf(7).subarray(0, 16).toString('latin1'),
    headers: { 'last-modified': 'Sat, 28 Nov 2026 20:00:00 GMT', 'content-range': 'bytes 0-15/4479' },
  });

  test('tells its checkpoint id, the size of the whole file and its age', async () => {
    const { snapshots } = await snapshotsThat(head());
    const atMs = Date.UTC(2026, 10, 28, 20);
    expect(await snapshots.metadata('s3://b/c/chk-7', soon())).toEqual({ id: 7, atMs, sizeBytes: 4_479 });
  });

  test('is all that is read', async () => {
    const { snapshots, requests } = await snapshotsThat(s3Error('NoSuchKey', 404));
    expect(await snapshots.metadata('s3://b/c/job/chk-7/', soon())).toBeUndefined();
    expect([requests[0]?.path, requests[0]?.headers.range]).toEqual([
      '/b/c/job/chk-7/_metadata?x-id=GetObject',
      'bytes=0-15',
    ]);
  });

  test.each([
    [s3Error('InvalidRange', 416), 'invalid', 'SNAPSHOT_CORRUPT'],
    [s3Error('InvalidObjectState', 403), 'rejected', 'SNAPSHOTS_DENIED'],
    [{ ...head(), body: '' }, 'invalid', 'SNAPSHOT_CORRUPT'],
    [{ ...head(), body: 'less' }, 'invalid', 'SNAPSHOT_CORRUPT'],
  ] as const)('answered %j is %s %s', async (answer, kind, code) => {
    const { snapshots } = await snapshotsThat(answer);
    const seen = await snapshots.metadata('s3://b/c/chk-7', soon()).catch((fault) => fault);
    expect(seen).toMatchObject({ kind, code });
  });
});

test("a directory's marker is no file", async () => {
  const marker = '<Contents><Key>c/job/shared/</Key><Size>0</Size></Contents>';
  const { snapshots } = await snapshotsThat(files(2, marker));
  expect(await snapshots.size('s3://b/c/job', soon())).toEqual({ bytes: 2, files: 2, more: false });
});

test(`the sum of sizes ends at ${defaults.sizedFilesMax} files, and says so`, async () => {
  const { snapshots, requests } = await snapshotsThat(files(1_000, NEXT));
  expect(await snapshots.size('s3://b/c/job', soon())).toEqual({
    bytes: defaults.sizedFilesMax,
    files: defaults.sizedFilesMax,
    more: true,
  });
  expect(requests.length).toBe(defaults.sizedFilesMax / 1_000 + 1);
});

describe('a removal', () => {
  const refusing = (code: string) => (request: AwsRequest) =>
    request.method === 'GET'
      ? files(2)
      : xml(
          `<DeleteResult><Error><Key>c/job/f0</Key><Code>${code}</Code><Message>it is</Message></Error></DeleteResult>`,
        );

  test.each([
    ['AccessDenied', 'rejected', 'SNAPSHOTS_DENIED'],
    ['InternalError', 'transient', 'SNAPSHOTS_UNAVAILABLE'],
  ])('of which one file is refused by %s is none', async (code, kind, ours) => {
    const { snapshots } = await snapshotsThat(refusing(code));
    await expect(snapshots.remove('s3://b/c/job', soon())).rejects.toMatchObject({ kind, code: ours });
  });

  test('that does not come to its end says so before its deadline', async () => {
    const { snapshots } = await snapshotsThat((request) =>
      request.method === 'GET' ? files(2) : xml('<DeleteResult/>'),
    );
    const deadlineMs = Date.now() + 1_500;
    expect(await snapshots.remove('s3://b/c/job', deadlineMs)).toBe(false);
    expect(Date.now()).toBeLessThan(deadlineMs);
  });

  test.each(['s3://b', 's3://b/', 's3://b/c/..'])('of %s is refused before anything is asked', async (path) => {
    const { snapshots, requests } = await snapshotsThat('break');
    await expect(snapshots.remove(path, soon())).rejects.toMatchObject({ code: 'SNAPSHOT_PATH' });
    expect(requests).toEqual([]);
  });
});
