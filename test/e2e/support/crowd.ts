import { createHash } from 'node:crypto';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { BUCKET } from '../../../local/deploy/deployments.ts';
import type { World } from '../../../local/world.ts';
import { metadataOf } from '../../support/fake-snapshots.ts';
import { fillBucket, s3Of } from './bucket.ts';

/** One directory of checkpoints as a busy cluster leaves it after years: `CROWD` objects, of them one lineage with a few attempts. */
export const makeCrowd = async (world: World): Promise<Crowd> => {
  await fillBucket(world, CROWD, (n) => (n < OURS ? oursKey(n) : foreignKey(n)));
  const s3 = s3Of(world);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1)
    for (let back = 0; back < RETAINED; back += 1) {
      const id = 1_000 * (attempt + 1) - back;
      const Key = `${DIRECTORY}/${attemptId(attempt)}/chk-${id}/_metadata`;
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: metadataOf(id) }));
    }
  s3.destroy();
  const newest = `s3://${BUCKET}/${DIRECTORY}/${attemptId(ATTEMPTS - 1)}/chk-${1_000 * ATTEMPTS}`;
  return { directory: `s3://${BUCKET}/${DIRECTORY}`, lineage: LINEAGE, attempts: ATTEMPTS, retained: RETAINED, newest };
};

export type Crowd = {
  readonly directory: string;
  /** What the ids of its jobs begin with. */
  readonly lineage: string;
  readonly attempts: number;
  /** Checkpoints of each. */
  readonly retained: number;
  readonly newest: string;
};

/** Objects in the directory. */
export const CROWD = 100_000;
const DIRECTORY = 'crowd/checkpoints';
const LINEAGE = '7711223344556677';
const ATTEMPTS = 5;
const RETAINED = 3;
/** RocksDB leaves thousands of files of incremental checkpoints. */
const SHARED = 3_000;
const OURS = ATTEMPTS * SHARED;
/** Of one foreign job. */
const FILES = 17;

const attemptId = (attempt: number): string => `${LINEAGE}${(attempt + 1).toString(16).padStart(8, '0')}0a1b2c3d`;
const oursKey = (n: number): string => `${DIRECTORY}/${attemptId(Math.floor(n / SHARED))}/shared/${n}`;
const foreignKey = (n: number): string => {
  const job = Math.floor(n / FILES);
  const id = createHash('sha256').update(String(job)).digest('hex').slice(0, 32);
  return `${DIRECTORY}/${id}/${n % FILES === 0 ? `chk-${job}/_metadata` : `shared/${n}`}`;
};
