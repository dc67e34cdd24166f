import { DeleteObjectsCommand, GetObjectCommand } from '@aws-sdk/client-s3';
import { defaults } from '../core/defaults.ts';
import { Fault } from '../core/errors.ts';
import type { SnapshotFiles, SnapshotMetadata } from '../ports.ts';
import { type AwsCodes, callAws } from './aws.ts';
import { frozen } from './frozen.ts';
import { below, codes, list, named, pages, type S3Files } from './s3/listing.ts';
import { newestInS3 } from './s3/newest.ts';
import { expiryOver } from './s3-expiry.ts';
import { checkpointIdIn, corrupt, HEAD_BYTES } from './snapshot-head.ts';
import { mustBeDeep, s3Place } from './snapshot-place.ts';

/** Snapshots in S3, as `SnapshotFiles` promises. */
export const createS3Snapshots = (options: S3SnapshotsOptions): SnapshotFiles => ({
  children: async (directory, prefix, deadlineMs) => {
    const { bucket, key } = s3Place(directory);
    const start = key === '' ? '' : `${key}/`;
    const names: string[] = [];
    let seen = 0;
    const query = { Bucket: bucket, Prefix: start + prefix, Delimiter: '/' };
    for await (const { CommonPrefixes = [], Contents = [] } of pages(options, query, deadlineMs)) {
      seen += CommonPrefixes.length + Contents.length;
      if (seen > defaults.childrenMax) throw tooMany(directory, prefix);
      for (const { Prefix = '' } of CommonPrefixes) names.push(Prefix.slice(start.length, -1));
    }
    return frozen(names);
  },
  metadata: (path, deadlineMs) => readHead(options, path, deadlineMs),
  newest: (directory, sinceMs, deadlineMs) => newestInS3(options, directory, sinceMs, deadlineMs),
  expiry: (directory, deadlineMs) => expiryOver(options, directory, deadlineMs),
  size: async (path, deadlineMs) => {
    let bytes = 0;
    let files = 0;
    for await (const { Contents = [] } of pages(options, below(path), deadlineMs)) {
      for (const { Key = '', Size = 0 } of Contents) {
        if (Key.endsWith('/')) continue; // A marker of a directory.
        if (files === defaults.sizedFilesMax) return frozen({ bytes, files, more: true });
        files += 1;
        bytes += Size;
      }
    }
    return frozen({ bytes, files, more: false });
  },
  remove: async (path, deadlineMs) => {
    mustBeDeep(path);
    while (options.clock.nowMs() < deadlineMs - REMOVE_MARGIN_MS) {
      const { Contents = [] } = await list(options, below(path), deadlineMs);
      if (Contents.length === 0) return true;
      await removeAll(options, s3Place(path).bucket, Contents, deadlineMs);
    }
    return false;
  },
});

export type S3SnapshotsOptions = S3Files;

/** A page of names and its deletion take a tenth of this. */
const REMOVE_MARGIN_MS = 1_000;

const readHead = async (
  { client, ...timing }: S3SnapshotsOptions,
  path: string,
  deadlineMs: number,
): Promise<SnapshotMetadata | undefined> => {
  const { bucket, key } = s3Place(path);
  const Key = key === '' ? '_metadata' : `${key}/_metadata`;
  const command = new GetObjectCommand({ Bucket: bucket, Key, Range: `bytes=0-${HEAD_BYTES - 1}` });
  try {
    const answer = await callAws(timing, { action: 's3:GetObject', codes: headCodes }, deadlineMs, async (abort) => {
      const { Body, LastModified, ContentRange, ContentLength } = await client.send(command, abort);
      const head = Buffer.from((await Body?.transformToByteArray()) ?? []);
      return { head, LastModified, sizeBytes: Number(ContentRange?.split('/')[1] ?? ContentLength) };
    });
    const { head, LastModified, sizeBytes } = answer;
    if (LastModified === undefined) throw new Fault('invalid', 'SNAPSHOTS_UNREADABLE', `${path}: S3 names no time`);
    return frozen({ id: checkpointIdIn(head, path), atMs: LastModified.getTime(), sizeBytes });
  } catch (thrown) {
    const code = thrown instanceof Fault ? thrown.code : undefined;
    if (code === 'SNAPSHOT_MISSING') return undefined;
    if (code === 'SNAPSHOT_EMPTY') throw corrupt(path, 'is empty');
    return named(path)(thrown);
  }
};

const removeAll = async (
  { client, ...timing }: S3SnapshotsOptions,
  Bucket: string,
  objects: readonly { readonly Key?: string | undefined }[],
  deadlineMs: number,
): Promise<void> => {
  const Objects = objects.map(({ Key = '' }) => ({ Key }));
  const command = new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } });
  const call = { action: 's3:DeleteObject', codes, writes: true } as const;
  const send = (abort: { abortSignal: AbortSignal }) => client.send(command, abort);
  const { Errors = [] } = await callAws(timing, call, deadlineMs, send).catch(named(`s3://${Bucket}`));
  const [first] = Errors;
  if (first === undefined) return;
  const text = `s3://${Bucket}/${first.Key}: ${first.Code}: ${first.Message}`;
  if (first.Code === 'AccessDenied') throw new Fault('rejected', 'SNAPSHOTS_DENIED', `s3:DeleteObject: ${text}`);
  throw new Fault('transient', 'SNAPSHOTS_UNAVAILABLE', text);
};

const tooMany = (directory: string, prefix: string): Fault =>
  new Fault('invalid', 'SNAPSHOTS_TOO_MANY', `${directory} holds over ${defaults.childrenMax} of "${prefix}…"`);

/** Without s3:ListBucket a missing object is 403, which proves nothing. */
const headCodes: AwsCodes = {
  ...codes,
  rejected: {
    ...codes.rejected,
    NoSuchKey: 'SNAPSHOT_MISSING',
    InvalidRange: 'SNAPSHOT_EMPTY',
    InvalidObjectState: 'SNAPSHOTS_DENIED',
  },
};
