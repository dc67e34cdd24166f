import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, describe, expect, test } from 'vitest';
import { createS3Snapshots } from '../../../lib/adapters/s3-snapshots.ts';
import { chooseSource } from '../../../lib/core/state/restore.ts';
import { seen } from '../../../lib/seen.ts';
import { findSnapshots } from '../../../lib/snapshots/find-snapshots.ts';
import { proveSource } from '../../../lib/snapshots/prove-source.ts';
import { BUCKET } from '../../../local/deploy/deployments.ts';
import { timing } from '../../contract/suites/aws-live.ts';
import { aCluster, anAttempt, aStatefulJob, aView, idOf, observed } from '../../support/builders.ts';
import { metadataOf } from '../../support/fake-snapshots.ts';
import { fillBucket, s3Of } from '../support/bucket.ts';
import { openStage } from '../support/stage.ts';

const stage = await openStage('search');
const s3 = s3Of(stage.world);
afterAll(async () => {
  s3.destroy();
  await stage.close();
});

const job = aStatefulJob();
const soon = () => Date.now() + 10_000;
const put = (directory: string, id: number) => {
  const Key = `${directory}/chk-${id}/_metadata`;
  return s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: metadataOf(id) }));
};

/** A search below `root` of the bucket, for which S3 is away from the request of this number on. */
const searching = async (root: string, failing = Number.POSITIVE_INFINITY) => {
  const client = s3Of(stage.world);
  let requests = 0;
  client.middlewareStack.add(
    (next) => (given) => {
      requests += 1;
      if (requests >= failing) throw new Error('socket hang up');
      return next(given);
    },
    { step: 'initialize' },
  );
  const files = createS3Snapshots({ ...timing, client });
  const at = { checkpointDir: `s3://${BUCKET}/${root}/checkpoints`, savepointDir: `s3://${BUCKET}/${root}/savepoints` };
  const cluster = aCluster([job], at);
  const attempts = [anAttempt(1, { hadState: true })];
  const search = await seen(() => findSnapshots(files, { cluster, job, attempts, storage: undefined }, soon()));
  client.destroy();
  const observation = { ...observed(), snapshots: { [job.name]: search } };
  const choice = chooseSource(job, { schema: 1, attempts }, aView(), { observation });
  return { requests, choice, path: 'source' in choice ? choice.source?.path : undefined };
};

describe('the search for the snapshots of a job, in a real S3', () => {
  test('finds no snapshot of another job, however new it is (I2)', async () => {
    const other = (digits: string) => `foreign/checkpoints/${digits.padEnd(32, '0')}`;
    const near = `${job.lineage.slice(0, 15)}${job.lineage.endsWith('f') ? 'e' : 'f'}`;
    await put(`foreign/checkpoints/${idOf(1)}`, 5);
    await put(other('ffff'), 900);
    await put(other(near), 901);
    const { path } = await searching('foreign');
    expect(path).toBe(`s3://${BUCKET}/foreign/checkpoints/${idOf(1)}/chk-5`);
  });

  test('to which S3 is lost at any of its requests is a hold, and never a start from less or from nothing (I6)', async () => {
    // More attempts than one page of a listing holds; only the newest of them left a checkpoint.
    await fillBucket(stage.world, ATTEMPTS, (n) => `halves/checkpoints/${idOf(n + 1)}/shared/x`);
    await put(`halves/checkpoints/${idOf(ATTEMPTS)}`, 7);
    const whole = await searching('halves');
    expect(whole.path).toBe(`s3://${BUCKET}/halves/checkpoints/${idOf(ATTEMPTS)}/chk-7`);
    expect(whole.requests).toBeGreaterThan(3);
    for (const failing of [1, 2, 3, 4, 5]) {
      const { choice } = await searching('halves', failing);
      expect([failing, choice]).toMatchObject([
        failing,
        { hindrance: { verdict: 'wait', problem: { code: 'SNAPSHOTS_UNREADABLE' } } },
      ]);
    }
    // Once the newest is found, those before it take nothing from it.
    expect((await searching('halves', whole.requests)).path).toBe(whole.path);
  });

  test('one that appears after it, before the call, is noticed, and found by the next search (F55)', async () => {
    const directory = `late/checkpoints/${idOf(1)}`;
    await put(directory, 11);
    const { choice } = await searching('late');
    const source = 'source' in choice ? choice.source : undefined;
    if (source === undefined) throw new Error('nothing was chosen');
    const files = createS3Snapshots({ ...timing, client: s3 });
    const attempt = anAttempt(2, { source, posts: [] });
    await expect(proveSource(files, attempt, [anAttempt(1)], soon())).resolves.toBeUndefined();
    await put(directory, 12);
    await expect(proveSource(files, attempt, [anAttempt(1)], soon())).rejects.toMatchObject({ code: 'SNAPSHOT_NEWER' });
    expect((await searching('late')).path).toBe(`s3://${BUCKET}/${directory}/chk-12`);
  });
});

const ATTEMPTS = 1_100;
