import { Agent, request } from 'node:http';
import { DeleteObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { clientConfig } from '../../../local/aws.ts';
import { BUCKET } from '../../../local/deploy/deployments.ts';
import type { World } from '../../../local/world.ts';

/** A client of the world's S3. */
export const s3Of = ({ client }: World): S3Client => new S3Client({ ...clientConfig(client), forcePathStyle: true });

/** The keys of all objects of the example's bucket that begin so, in their order. */
export const listKeys = async (world: World, prefix: string): Promise<readonly string[]> => {
  const client = s3Of(world);
  const keys: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: BUCKET, Prefix: prefix }))
    keys.push(...Contents.map(({ Key = '' }) => Key));
  client.destroy();
  return keys;
};

/** Where the example's Flink keeps state, as the manifest says it. */
export const STATE_DIRS = {
  checkpointDir: `s3://${BUCKET}/checkpoints`,
  savepointDir: `s3://${BUCKET}/savepoints`,
};

/** The complete checkpoints that a job has in the bucket, the newest last. */
export const checkpointsOf = async (world: World, jobId: string): Promise<readonly Checkpoint[]> =>
  (await listKeys(world, `checkpoints/${jobId}/chk-`))
    .flatMap((key) => {
      const [, path, id] = /^(.+\/chk-(\d+))\/_metadata$/.exec(key) ?? [];
      return path === undefined ? [] : [{ id: Number(id), path: `s3://${BUCKET}/${path}` }];
    })
    .toSorted((one, other) => one.id - other.id);

/** The paths of the complete savepoints that were taken of a job by the autopilot's orders, in no order. */
export const savepointsOf = async (world: World, jobId: string): Promise<readonly string[]> =>
  (await listKeys(world, `savepoints/${jobId}/`))
    .filter((key) => key.endsWith('/_metadata'))
    .map((key) => `s3://${BUCKET}/${key.slice(0, -'/_metadata'.length)}`);

/** `path` is what Flink calls its external path. */
export type Checkpoint = { readonly id: number; readonly path: string };

/** Makes a checkpoint incomplete, as if somebody had tidied up: its `_metadata` is gone. */
export const deleteMetadata = async (world: World, { path }: Checkpoint): Promise<void> => {
  const s3 = s3Of(world);
  await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: `${path.slice(`s3://${BUCKET}/`.length)}/_metadata` }));
  s3.destroy();
};

/** Deletes all objects whose keys begin so. */
export const deleteBelow = async (world: World, prefix: string): Promise<void> => {
  const s3 = s3Of(world);
  for (const Key of await listKeys(world, prefix)) await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key }));
  s3.destroy();
};

/**
 * Puts so many objects of one byte into the bucket, as jobs of years leave them; `keyOf` names them from their number. Some
 * 3,000 a second: without the SDK, whose signing and checksums take six times as long.
 */
export const fillBucket = async ({ client }: World, count: number, keyOf: (n: number) => string): Promise<void> => {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const numbers = Array.from({ length: count }, (_, n) => n).values();
  const putAll = async () => {
    for (const n of numbers) await putByte(new URL(`${client.endpoint}/${BUCKET}/${keyOf(n)}`), agent);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, putAll));
  agent.destroy();
};

// The emulator takes them one after another: more at once only wait.
const AT_ONCE = 16;

const putByte = (url: URL, agent: Agent): Promise<void> =>
  new Promise((resolve, reject) => {
    const outgoing = request(url, { agent, method: 'PUT', headers: { 'content-length': 1 } }, (answer) => {
      answer.resume();
      answer.once('end', () => (answer.statusCode === 200 ? resolve() : reject(new Error(`${answer.statusCode}`))));
    });
    outgoing.once('error', reject);
    outgoing.end('x');
  });

/** Makes every checkpoint and savepoint of the cluster incomplete. */
export const deleteAllMetadata = async (world: World): Promise<void> => {
  for (const key of await listKeys(world, '')) {
    const [, path] = /^((?:checkpoints|savepoints)\/.+)\/_metadata$/.exec(key) ?? [];
    if (path !== undefined) await deleteMetadata(world, { id: 0, path: `s3://${BUCKET}/${path}` });
  }
};
