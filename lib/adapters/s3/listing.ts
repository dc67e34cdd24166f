import { ListObjectsV2Command, type ListObjectsV2CommandOutput, type S3Client } from '@aws-sdk/client-s3';
import { Fault } from '../../core/errors.ts';
import { type AwsCodes, callAws, type Timing } from '../aws.ts';
import { s3Place } from '../snapshot-place.ts';

export type S3Files = Timing & { readonly client: S3Client };

export type Query = { readonly Bucket: string; readonly Prefix: string; readonly Delimiter?: string };

/** What a listing of all that lies below a directory asks for. */
export const below = (path: string): Query => {
  const { bucket, key } = s3Place(path);
  return { Bucket: bucket, Prefix: key === '' ? '' : `${key}/` };
};

/** All pages; whoever stops asking for more has had enough. */
export async function* pages(options: S3Files, query: Query, deadlineMs: number) {
  let token: string | undefined;
  do {
    const page = await list(options, query, deadlineMs, token);
    yield page;
    token = page.NextContinuationToken;
    if (page.IsTruncated === true && token === undefined) {
      throw new Fault('invalid', 'SNAPSHOTS_UNREADABLE', `s3://${query.Bucket}/${query.Prefix}: a part of a listing`);
    }
  } while (token !== undefined);
}

export const list = (
  { client, ...timing }: S3Files,
  query: Query,
  deadlineMs: number,
  ContinuationToken?: string,
): Promise<ListObjectsV2CommandOutput> => {
  const command = new ListObjectsV2Command({ ...query, ContinuationToken });
  return callAws(timing, { action: 's3:ListBucket', codes }, deadlineMs, (abort) => client.send(command, abort)).catch(
    named(`s3://${query.Bucket}/${query.Prefix}`),
  );
};

export const codes: AwsCodes = {
  denied: 'SNAPSHOTS_DENIED',
  unavailable: 'SNAPSHOTS_UNAVAILABLE',
  // Flink has written there: its bucket is on another endpoint than ours.
  rejected: { NoSuchBucket: 'SNAPSHOTS_UNREACHABLE' },
  advice: { SNAPSHOTS_UNREACHABLE: 'does Flink write to another endpoint, by `s3.endpoint`?' },
};

/** Each message says where; a denial may be the other action's. */
export const named =
  (where: string) =>
  (thrown: unknown): never => {
    if (!(thrown instanceof Fault) || thrown.context.action === undefined) throw thrown;
    const advice =
      thrown.code === 'SNAPSHOTS_DENIED' ? ' (needed: s3:GetObject on the keys, s3:ListBucket on the bucket)' : '';
    throw new Fault(thrown.kind, thrown.code, `${where}: ${thrown.message}${advice}`, {
      cause: thrown,
      context: { ...thrown.context, where },
    });
  };
