import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createFileSnapshots } from '../../../lib/adapters/file-snapshots.ts';
import { createS3Snapshots } from '../../../lib/adapters/s3-snapshots.ts';
import { createSnapshotFiles } from '../../../lib/adapters/snapshot-files.ts';
import type { SnapshotFiles } from '../../../lib/ports.ts';
import { metadataOf } from '../../support/fake-snapshots.ts';
import { type AwsPlace, chance, clientOptions, timing } from './aws-live.ts';
import { type Case, expectFault } from './case.ts';
import { type SnapshotsTarget, snapshotsCases } from './snapshots.ts';

const soon = () => Date.now() + 30_000;

type LiveTarget = SnapshotsTarget & { readonly close: () => void };

/** Both stores behind the one that the product uses; the client counts its requests. */
const allStores = (client: S3Client): SnapshotFiles =>
  createSnapshotFiles({
    s3: async () => createS3Snapshots({ ...timing, client }),
    file: async () => createFileSnapshots(timing),
  });

/** Snapshots in an S3, in a bucket of their own. */
export const s3SnapshotsTarget = async (place: AwsPlace): Promise<LiveTarget> => {
  const client = new S3Client(clientOptions(place));
  const Bucket = `contract-${chance.hex(6)}`;
  await client.send(new CreateBucketCommand({ Bucket }));
  return {
    snapshots: allStores(client),
    root: `s3://${Bucket}/flink`,
    put: async (path, Body) => {
      await client.send(new PutObjectCommand({ Bucket, Key: path.slice(`s3://${Bucket}/`.length), Body }));
    },
    close: () => client.destroy(),
  };
};

/** Snapshots in a folder of this machine. */
export const fileSnapshotsTarget = (): LiveTarget & { readonly folder: string } => {
  const folder = mkdtempSync(join(tmpdir(), 'snapshots-'));
  const client = new S3Client({ region: 'eu-west-1' });
  return {
    snapshots: allStores(client),
    folder,
    root: `file:${folder}`,
    put: async (path, bytes) => {
      const file = path.slice('file:'.length);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
    },
    close: () => {
      client.destroy();
      rmSync(folder, { recursive: true });
    },
  };
};

/** What only S3 has. */
export const s3SnapshotsCases: readonly Case<SnapshotsTarget>[] = [
  ...snapshotsCases,
  {
    name: "a directory's marker is neither a snapshot nor a file, and goes with the directory",
    run: async ({ snapshots, root, put }) => {
      const job = `${root}/markers/job`;
      for (const path of ['', 'shared/', 'taskowned/', 'chk-3/']) await put(`${job}/${path}`, Buffer.alloc(0));
      assert.deepEqual([...(await snapshots.children(job, 'chk-', soon()))], ['chk-3']);
      assert.equal(await snapshots.metadata(`${job}/chk-3`, soon()), undefined);
      assert.deepEqual(await snapshots.size(job, soon()), { bytes: 0, files: 0, more: false });
      assert.equal(await snapshots.remove(job, soon()), true);
      assert.deepEqual([...(await snapshots.children(`${root}/markers`, '', soon()))], []);
    },
  },
  {
    name: "the schemes of Flink's other S3 file systems name the same place",
    run: async ({ snapshots, root, put }) => {
      await put(`${root}/schemes/chk-1/_metadata`, metadataOf(4));
      for (const scheme of ['s3a:', 's3p:'])
        assert.equal((await snapshots.metadata(`${root.replace('s3:', scheme)}/schemes/chk-1`, soon()))?.id, 4);
    },
  },
  {
    name: 'a bucket that is not there proves nothing',
    run: async ({ snapshots, root }) => {
      const absent = root.replace('/flink', '-absent/flink');
      await expectFault(snapshots.children(absent, '', soon()), 'rejected', 'SNAPSHOTS_UNREACHABLE');
      await expectFault(snapshots.metadata(absent, soon()), 'rejected', 'SNAPSHOTS_UNREACHABLE');
    },
  },
  {
    name: 'more files than one page holds are all counted and all removed',
    run: async ({ snapshots, root, put }) => {
      const dir = `${root}/crowded/chk-1`;
      for (let from = 0; from < 1_010; from += 50)
        await Promise.all(Array.from({ length: 50 }, (_, n) => put(`${dir}/f-${from + n}`, Buffer.alloc(2))));
      const { files, bytes } = await snapshots.size(dir, soon());
      assert.equal(bytes, 2 * files);
      assert(files > 1_000);
      assert.equal(await snapshots.remove(dir, soon()), true);
      assert.equal((await snapshots.size(dir, soon())).files, 0);
    },
  },
];

/** What only files have. */
export const fileSnapshotsCases: readonly Case<SnapshotsTarget & { readonly folder: string }>[] = [
  ...snapshotsCases,
  {
    name: 'a file system that is not mounted here proves nothing',
    run: async ({ snapshots }) => {
      const absent = 'file:/mnt/not-mounted-here/checkpoints';
      await expectFault(snapshots.children(absent, '', soon()), 'rejected', 'SNAPSHOTS_UNREACHABLE');
      await expectFault(snapshots.metadata(`${absent}/job/chk-1`, soon()), 'rejected', 'SNAPSHOTS_UNREACHABLE');
    },
  },
  {
    name: 'a job whose directory is gone, or never was, has no snapshots where the file system is mounted',
    run: async ({ snapshots, root }) => {
      assert.equal(await snapshots.metadata(`${root}/jobs/gone/chk-1`, soon()), undefined);
      assert.deepEqual([...(await snapshots.children(`${root}/jobs/gone`, 'chk-', soon()))], []);
    },
  },
  {
    name: 'no link is followed: what it points to is neither counted nor removed',
    run: async ({ snapshots, root, folder, put }) => {
      await put(`${root}/elsewhere/precious`, Buffer.alloc(1_000));
      await put(`${root}/linked/chk-1/_metadata`, metadataOf(1));
      symlinkSync(join(folder, 'elsewhere'), join(folder, 'linked/chk-1/link'));
      symlinkSync(join(folder, 'elsewhere'), join(folder, 'linked/chk-2'));
      const { bytes } = await snapshots.size(`${root}/linked/chk-1`, soon());
      assert(bytes < 1_000, `${bytes} bytes`);
      await expectFault(snapshots.remove(`${root}/linked/chk-2`, soon()), 'invalid', 'SNAPSHOT_PATH');
      assert.equal(await snapshots.remove(`${root}/linked`, soon()), true);
      assert.deepEqual(await snapshots.size(`${root}/elsewhere`, soon()), { bytes: 1_000, files: 1, more: false });
    },
  },
];
