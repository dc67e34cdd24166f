import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import type { SnapshotFiles } from '../../../lib/ports.ts';
import { FLINK_VERSIONS } from '../../../local/install/flink.ts';
import { metadataOf } from '../../support/fake-snapshots.ts';
import { snapshotsFolder } from '../recording/recording.ts';
import { type Case, expectFault } from './case.ts';

/** A file store that can be filled. `root` is a directory of the suite's own that is there. */
export type SnapshotsTarget = {
  readonly snapshots: SnapshotFiles;
  readonly root: string;
  /** Path as Flink names it. */
  readonly put: (path: string, bytes: Uint8Array) => Promise<void>;
};

const soon = () => Date.now() + 30_000;
const JOB = '00112233445566770000000100aabbcc';
const OTHER = '00112233445566770000000200aabbcc';
const FOREIGN = 'ffeeddccbbaa99880000000100aabbcc';

/** What real Flinks wrote; each is named by its checkpoint id. */
const real = FLINK_VERSIONS.flatMap((version) =>
  readdirSync(snapshotsFolder(version)).map((name) => ({
    id: Number(name.split('-')[1]),
    name: `${version}-${name}`,
    bytes: readFileSync(new URL(`${name}/_metadata`, snapshotsFolder(version))),
  })),
);

/** What every file store of snapshots must do. */
export const snapshotsCases: readonly Case<SnapshotsTarget>[] = [
  {
    name: 'the directories of a lineage are found by its prefix, and nothing else beside or below them',
    run: async ({ snapshots, root, put }) => {
      const dir = `${root}/checkpoints`;
      for (const path of [`${JOB}/chk-1/_metadata`, `${JOB}/shared/a`, `${OTHER}/chk-7/_metadata`])
        await put(`${dir}/${path}`, metadataOf(1));
      await put(`${dir}/${FOREIGN}/chk-9/_metadata`, metadataOf(9));
      await put(`${dir}/${JOB.slice(0, 16)}-is-a-file`, metadataOf(1));
      const found = await snapshots.children(dir, JOB.slice(0, 16), soon());
      assert.deepEqual([...found].sort(), [JOB, OTHER]);
      assert.deepEqual([...(await snapshots.children(`${dir}/${JOB}/`, 'chk-', soon()))], ['chk-1']);
      assert.equal((await snapshots.children(dir, '', soon())).length, 3);
    },
  },
  {
    name: 'a directory is the same with a slash at its end, with two between its names, and through another one',
    run: async ({ snapshots, root, put }) => {
      await put(`${root}/slashes/a/chk-1/_metadata`, metadataOf(1));
      for (const dir of ['slashes/a', 'slashes/a/', 'slashes//a', 'slashes/b/../a', 'slashes/./a']) {
        assert.deepEqual([...(await snapshots.children(`${root}/${dir}`, 'chk-', soon()))], ['chk-1'], dir);
        assert.equal((await snapshots.metadata(`${root}/${dir}/chk-1`, soon()))?.id, 1, dir);
      }
    },
  },
  {
    name: 'a directory that is not there, or is empty of that, holds none',
    run: async ({ snapshots, root, put }) => {
      assert.deepEqual([...(await snapshots.children(`${root}/absent`, '', soon()))], []);
      await put(`${root}/present/other/_metadata`, metadataOf(1));
      assert.deepEqual([...(await snapshots.children(`${root}/present`, 'chk-', soon()))], []);
      assert.equal(await snapshots.metadata(`${root}/present/chk-1`, soon()), undefined);
    },
  },
  {
    name: 'a name is taken as it is: blanks, percent signs and letters of any language',
    run: async ({ snapshots, root, put }) => {
      for (const name of ['with blank', 'a%20b', 'a+b', 'ä值', "it's (1)&co"]) {
        await put(`${root}/names/${name}/chk-1/_metadata`, metadataOf(5));
        const found = await snapshots.children(`${root}/names`, name.slice(0, 2), soon());
        assert(found.includes(name), `${name} in ${found}`);
        assert.deepEqual([...(await snapshots.children(`${root}/names/${name}`, '', soon()))], ['chk-1']);
        assert.equal((await snapshots.metadata(`${root}/names/${name}/chk-1`, soon()))?.id, 5);
      }
    },
  },
  {
    name: 'more directories than one page holds are all found',
    run: async ({ snapshots, root, put }) => {
      const names = Array.from({ length: 1_003 }, (_, n) => `chk-${n}`);
      for (let from = 0; from < names.length; from += 50)
        await Promise.all(
          names.slice(from, from + 50).map((name) => put(`${root}/many/${name}/_metadata`, metadataOf(1))),
        );
      const found = await snapshots.children(`${root}/many`, 'chk-', soon());
      assert.deepEqual([...found].sort(), names.sort());
    },
  },
  {
    name: 'the head of what a real Flink wrote tells its checkpoint id, its size and its age',
    run: async ({ snapshots, root, put }) => {
      assert.equal(real.length, 2 * FLINK_VERSIONS.length);
      for (const { name, id, bytes } of real) {
        const sinceMs = Date.now();
        await put(`${root}/real/${name}/_metadata`, bytes);
        const seen = await snapshots.metadata(`${root}/real/${name}`, soon());
        assert.deepEqual([seen?.id, seen?.sizeBytes], [id, bytes.length], name);
        // A file store counts whole seconds, and a machine's file system by ticks of its kernel.
        assert(Math.abs((seen?.atMs ?? 0) - sinceMs) < 5_000, `${name} at ${seen?.atMs}, put at ${sinceMs}`);
      }
    },
  },
  {
    name: 'the newest finished file of an output is found at any depth, and one that is not finished is none',
    run: async ({ snapshots, root, put }) => {
      const dir = `${root}/output`;
      assert.equal(await snapshots.newest(dir, 0, soon()), undefined);
      const sinceMs = Date.now();
      for (const name of ['.part-9.inprogress.1', '_SUCCESS', '2026-11-29--15/.part-9', '_log/part-9'])
        await put(`${dir}/${name}`, Buffer.alloc(1));
      assert.equal(await snapshots.newest(dir, 0, soon()), undefined);
      for (const name of ['2026-11-29--14/part-7', '2026-11-29--15/part-8'])
        await put(`${dir}/${name}`, Buffer.alloc(1));
      const newest = await snapshots.newest(`${dir}/`, 0, soon());
      assert.equal(newest?.path, `${dir}/2026-11-29--15/part-8`);
      assert(Math.abs(newest.atMs - sinceMs) < 5_000, `${newest.atMs}, put after ${sinceMs}`);
      // Nothing is as new as that: all are looked at.
      const any = await snapshots.newest(dir, Number.MAX_SAFE_INTEGER, soon());
      assert(any !== undefined && any.atMs >= newest.atMs, JSON.stringify(any));
      await put(`${root}/output-2/part-1`, Buffer.alloc(1));
      assert((await snapshots.newest(dir, 0, soon()))?.path.startsWith(`${dir}/`));
    },
  },
  {
    name: "what is empty, cut short or not Flink's is corrupt",
    run: async ({ snapshots, root, put }) => {
      const whole = metadataOf(1);
      const version = Buffer.from(whole);
      version.writeInt32BE(1, 4);
      const broken = { empty: '', cut: whole.subarray(0, 15), foreign: 'this is not what Flink writes', old: version };
      for (const [name, bytes] of Object.entries(broken)) {
        await put(`${root}/corrupt/${name}/_metadata`, Buffer.from(bytes));
        await expectFault(snapshots.metadata(`${root}/corrupt/${name}`, soon()), 'invalid', 'SNAPSHOT_CORRUPT');
      }
    },
  },
  {
    name: 'the size is that of all files below, not of what lies beside',
    run: async ({ snapshots, root, put }) => {
      await put(`${root}/sized/chk-1/_metadata`, Buffer.alloc(100));
      await put(`${root}/sized/chk-1/deep/er/file`, Buffer.alloc(23));
      await put(`${root}/sized/chk-10/_metadata`, Buffer.alloc(1_000));
      assert.deepEqual(await snapshots.size(`${root}/sized/chk-1`, soon()), { bytes: 123, files: 2, more: false });
      assert.deepEqual(await snapshots.size(`${root}/sized/chk-2`, soon()), { bytes: 0, files: 0, more: false });
    },
  },
  {
    name: 'what is removed is gone with all below, and nothing beside it; again is fine',
    run: async ({ snapshots, root, put }) => {
      const dir = `${root}/removed`;
      for (const path of ['chk-1/_metadata', 'chk-1/a/b', 'chk-10/_metadata', 'chk-2/_metadata'])
        await put(`${dir}/${path}`, metadataOf(1));
      for (const _ of ['once', 'again']) assert.equal(await snapshots.remove(`${dir}/chk-1`, soon()), true);
      assert.deepEqual([...(await snapshots.children(dir, '', soon()))].sort(), ['chk-10', 'chk-2']);
      assert.equal(await snapshots.metadata(`${dir}/chk-1`, soon()), undefined);
      assert.equal((await snapshots.metadata(`${dir}/chk-10`, soon()))?.id, 1);
    },
  },
  {
    name: 'what is too near to the root is not removed',
    run: async ({ snapshots, root }) => {
      const scheme = /^[a-z0-9]+:\/{0,2}/.exec(root)?.[0] ?? '';
      const paths = scheme === 'file:' ? ['/', '/tmp', '//', '/tmp/..', '/tmp/'] : ['bucket', 'bucket/', 'bucket/a/..'];
      for (const path of paths)
        await expectFault(snapshots.remove(`${scheme}${path}`, soon()), 'invalid', 'SNAPSHOT_PATH');
    },
  },
];
