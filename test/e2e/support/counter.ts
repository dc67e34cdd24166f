import { GetObjectCommand } from '@aws-sdk/client-s3';
import { BUCKET } from '../../../local/deploy/deployments.ts';
import { accumulators } from '../../../local/show/accumulators.ts';
import type { World } from '../../../local/world.ts';
import { listKeys, s3Of } from './bucket.ts';

/**
 * How many transactions the sample job has counted since the very first start of its lineage; undefined while none of its
 * tasks has said so. It lags by a heartbeat.
 */
export const counted = async (address: string, jobId: string): Promise<number | undefined> => {
  const value = (await accumulators(address, jobId)).get('transactions');
  return value === undefined ? undefined : Number(value);
};

/**
 * What the finished files of sample jobs (their `--out` is `s3://BUCKET/prefix`) say of each account's counts, summed up:
 * 1, 2, 3 … once each, or some are lost (the state was older than the source), or doubled (a snapshot older than the newest).
 */
export const countsBelow = async (world: World, prefix: string): Promise<Counts> => {
  const byAccount = Map.groupBy(await linesBelow(world, prefix), ([account]) => account);
  const each = [...byAccount.values()].map((lines) => {
    const counts = new Set(lines.map(([, count]) => Number(count)));
    return { lines: lines.length, lost: Math.max(...counts) - counts.size, doubled: lines.length - counts.size };
  });
  const sum = (key: keyof Counts) => each.reduce((total, one) => total + one[key], 0);
  return { lines: sum('lines'), lost: sum('lost'), doubled: sum('doubled') };
};

export type Counts = { readonly lines: number; readonly lost: number; readonly doubled: number };

const linesBelow = async (world: World, prefix: string): Promise<readonly string[][]> => {
  const keys = (await listKeys(world, `${prefix}/`)).filter((key) => /\/part-[^/]+$/.test(key));
  const s3 = s3Of(world);
  const texts: string[] = [];
  for (const Key of keys) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
    texts.push((await Body?.transformToString()) ?? '');
  }
  s3.destroy();
  return texts.flatMap((text) => text.split('\n').filter((line) => line !== '')).map((line) => line.split(','));
};
