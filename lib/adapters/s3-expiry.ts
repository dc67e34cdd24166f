import { GetBucketLifecycleConfigurationCommand, type LifecycleRule, type S3Client } from '@aws-sdk/client-s3';
import { asFault } from '../core/errors.ts';
import { type AwsCodes, callAws, type Timing } from './aws.ts';
import { s3Place } from './snapshot-place.ts';

/** `SnapshotFiles.expiry` of S3: a lifecycle rule of the bucket under which objects below the directory expire. */
export const expiryOver = async (
  { client, ...timing }: Timing & { readonly client: S3Client },
  directory: string,
  deadlineMs: number,
): Promise<string | undefined> => {
  const { bucket, key } = s3Place(directory);
  const command = new GetBucketLifecycleConfigurationCommand({ Bucket: bucket });
  const call = { action: 's3:GetLifecycleConfiguration', codes };
  try {
    const { Rules = [] } = await callAws(timing, call, deadlineMs, (abort) => client.send(command, abort));
    const rule = Rules.find((each) => isOver(each, `${key}/`));
    return rule === undefined ? undefined : wordsOf(rule, bucket);
  } catch (thrown) {
    if (asFault(thrown).code === NONE) return undefined;
    throw thrown;
  }
};

/** Flink's objects have no tags; a bound of sizes leaves some of them. */
const isOver = ({ Status, Expiration, Filter, Prefix }: LifecycleRule, start: string): boolean => {
  const expires = Expiration?.Days !== undefined || Expiration?.Date !== undefined;
  const isTagged = Filter?.Tag !== undefined || (Filter?.And?.Tags?.length ?? 0) > 0;
  const prefix = Filter?.Prefix ?? Filter?.And?.Prefix ?? Prefix ?? '';
  return Status === 'Enabled' && expires && !isTagged && start.startsWith(prefix);
};

const wordsOf = ({ ID, Expiration }: LifecycleRule, bucket: string): string => {
  const when =
    Expiration?.Days === undefined ? `at ${Expiration?.Date?.toISOString()}` : `after ${Expiration.Days} days`;
  const which = ID === undefined ? 'a lifecycle rule' : `the lifecycle rule "${ID}"`;
  return `${which} of the bucket ${bucket} deletes its snapshots ${when}, also those that are in use: keep their prefix out of it`;
};

const NONE = 'NO_LIFECYCLE';

const codes: AwsCodes = {
  denied: 'SNAPSHOTS_DENIED',
  unavailable: 'SNAPSHOTS_UNAVAILABLE',
  rejected: { NoSuchLifecycleConfiguration: NONE },
};
