import assert from 'node:assert/strict';
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createS3Jars, type S3Jars } from '../../../lib/adapters/s3-jars.ts';
import { type AwsPlace, chance, clientOptions, timing } from './aws-live.ts';
import { type Case, expectFault } from './case.ts';

/** A store of jars that can be filled. `root` is the URI that all jars of the suite begin with. */
export type JarsTarget = {
  readonly jars: S3Jars;
  readonly root: string;
  readonly put: (uri: string, bytes: Uint8Array) => Promise<void>;
  readonly remove: (uri: string) => Promise<void>;
};

/** Jars on an S3, in a bucket of their own. */
export const s3Target = async (place: AwsPlace): Promise<JarsTarget & { close: () => void }> => {
  const client = new S3Client(clientOptions(place));
  const Bucket = `contract-${chance.hex(6)}`;
  const root = `s3://${Bucket}/`;
  await client.send(new CreateBucketCommand({ Bucket }));
  const keyOf = (uri: string) => uri.slice(root.length);
  return {
    jars: createS3Jars({ ...timing, client }),
    root,
    put: async (uri, Body) => {
      await client.send(new PutObjectCommand({ Bucket, Key: keyOf(uri), Body }));
    },
    remove: async (uri) => {
      await client.send(new DeleteObjectCommand({ Bucket, Key: keyOf(uri) }));
    },
    close: () => client.destroy(),
  };
};

const soon = () => Date.now() + 10_000;
const bytes = (text: string) => Buffer.from(text);

const read = async (stream: AsyncIterable<Buffer>): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};

const present = async ({ jars }: JarsTarget, uri: string) => {
  const seen = await jars.look(uri, soon());
  assert(seen.present, `${uri} is not there`);
  return seen;
};

/** What every store of jars must do. */
export const jarsCases: readonly Case<JarsTarget>[] = [
  {
    name: 'a jar is seen with its size and opened by its version, whatever its key is made of',
    run: async (target) => {
      for (const key of ['jars/a.jar', 'jars/with blank+plus/ä値%20.jar', "quote'&?#.jar"]) {
        const uri = `${target.root}${key}`;
        await target.put(uri, bytes(key));
        const seen = await present(target, uri);
        assert.equal(seen.sizeBytes, Buffer.byteLength(key));
        assert.equal(await read(await target.jars.open(uri, seen.version, soon())), key);
      }
    },
  },
  {
    name: 'a jar that is not there is absent, and cannot be opened (F44)',
    run: async ({ jars, root, put, remove }) => {
      const uri = `${root}gone.jar`;
      assert.deepEqual(await jars.look(uri, soon()), { present: false });
      await put(uri, bytes('x'));
      await remove(uri);
      assert.deepEqual(await jars.look(uri, soon()), { present: false });
      await expectFault(jars.open(uri, '"0"', soon()), 'rejected', 'JAR_MISSING');
    },
  },
  {
    name: 'a bucket that is not there holds no jar',
    run: async ({ jars, root }) => {
      assert.deepEqual(await jars.look(`${root.slice(0, -1)}-absent/a.jar`, soon()), { present: false });
    },
  },
  {
    name: 'a jar that was overwritten has another version, and the old one is refused',
    run: async (target) => {
      const uri = `${target.root}changing.jar`;
      await target.put(uri, bytes('one'));
      const first = await present(target, uri);
      await target.put(uri, bytes('two'));
      const second = await present(target, uri);
      assert.notEqual(second.version, first.version);
      await expectFault(target.jars.open(uri, first.version, soon()), 'rejected', 'JAR_CHANGED');
      assert.equal(await read(await target.jars.open(uri, second.version, soon())), 'two');
    },
  },
];
