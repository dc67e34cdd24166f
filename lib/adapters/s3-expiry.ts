import {
  GetBucketLifecycleConfigurationCommand,
  type LifecycleExpiration,
  type LifecycleRule,
  type S3Client,
} from '@aws-sdk/client-s3';
import { asFault, Fault } from '../core/errors.ts';
import { type AwsCodes, callAws, type Timing } from './aws.ts';
import { s3Place } from './snapshot-place.ts';

/** `SnapshotFiles.expiry` of S3: a lifecycle rule of the bucket under which objects below the directory expire, or cannot be read any more. */
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
    const { kind, code, message, context } = asFault(thrown);
    if (code === NONE) return undefined;
    throw new Fault(kind, code, `s3://${bucket}: ${message}`, { cause: thrown, context });
  }
};

/** Flink's objects have no tags; a bound of sizes leaves some of them. */
const isOver = (rule: LifecycleRule, start: string): boolean => {
  const { Status, Filter, Prefix } = rule;
  const isTagged = Filter?.Tag !== undefined || (Filter?.And?.Tags?.length ?? 0) > 0;
  const prefix = Filter?.Prefix ?? Filter?.And?.Prefix ?? Prefix ?? '';
  return Status === 'Enabled' && deedOf(rule) !== undefined && !isTagged && start.startsWith(prefix);
};

/** What it does to them; undefined: nothing that hides them. From an archive nothing is read before a person restores it. */
const deedOf = ({ Expiration, Transitions = [] }: LifecycleRule): string | undefined => {
  if (isTimed(Expiration)) return `deletes its snapshots ${whenOf(Expiration)}`;
  const archive = Transitions.find((each) => ARCHIVES.has(each.StorageClass ?? '') && isTimed(each));
  if (archive === undefined) return undefined;
  return `moves its snapshots ${whenOf(archive)} to ${archive.StorageClass}, where Flink cannot read them`;
};

type When = Pick<LifecycleExpiration, 'Days' | 'Date'>;

const isTimed = (when: When | undefined): when is When => when?.Days !== undefined || when?.Date !== undefined;

const whenOf = ({ Days, Date: date }: When): string =>
  Days === undefined ? `at ${date?.toISOString()}` : `after ${Days} days`;

const ARCHIVES: ReadonlySet<string> = new Set(['GLACIER', 'DEEP_ARCHIVE']);

const wordsOf = (rule: LifecycleRule, bucket: string): string => {
  const which = rule.ID === undefined ? 'a lifecycle rule' : `the lifecycle rule "${rule.ID}"`;
  return `${which} of the bucket ${bucket} ${deedOf(rule)}, also those that are in use: keep their prefix out of it`;
};

const NONE = 'NO_LIFECYCLE';

const codes: AwsCodes = {
  denied: 'SNAPSHOTS_DENIED',
  unavailable: 'SNAPSHOTS_UNAVAILABLE',
  rejected: { NoSuchLifecycleConfiguration: NONE },
};
