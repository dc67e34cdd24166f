import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, test } from 'vitest';
import { createS3Snapshots } from '../../../lib/adapters/s3-snapshots.ts';
import { type AwsAnswer, quickTiming, startAwsStub } from '../../support/aws-stub.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const expiryOf = async (answer: AwsAnswer, directory = 's3a://state/checkpoints/') => {
  const stub = await startAwsStub(() => answer);
  const client = new S3Client(stub.clientOptions);
  cleanups.push(stub.close, () => client.destroy());
  return createS3Snapshots({ ...quickTiming, client }).expiry(directory, Date.now() + 5_000);
};

const xml = (body: string, status = 200) => ({ status, headers: { 'content-type': 'application/xml' }, body });
const rules = (...each: readonly string[]) =>
  xml(`<LifecycleConfiguration>${each.map((rule) => `<Rule>${rule}</Rule>`).join('')}</LifecycleConfiguration>`);
const DAYS = '<Expiration><Days>30</Days></Expiration>';
const ON = '<Status>Enabled</Status>';
const prefix = (text: string) => `<Filter><Prefix>${text}</Prefix></Filter>`;
const error = (code: string, status: number) => xml(`<Error><Code>${code}</Code><Message>x</Message></Error>`, status);

describe('a rule of the bucket over the snapshots', () => {
  test.each([
    ['of the whole bucket', `<ID>old</ID>${ON}${DAYS}${prefix('')}`],
    ['without a filter', `<ID>old</ID>${ON}${DAYS}`],
    ['of the directory', `<ID>old</ID>${ON}${DAYS}${prefix('checkpoints/')}`],
    ['of the old form', `<ID>old</ID>${ON}${DAYS}<Prefix>check</Prefix>`],
    [
      'of large ones',
      `<ID>old</ID>${ON}${DAYS}<Filter><And><Prefix>checkpoints</Prefix><ObjectSizeGreaterThan>5</ObjectSizeGreaterThan></And></Filter>`,
    ],
  ])('%s is told with its name', async (_, rule) => {
    expect(await expiryOf(rules(`<ID>x</ID>${ON}${prefix('jars/')}${DAYS}`, rule))).toBe(
      'the lifecycle rule "old" of the bucket state deletes its snapshots after 30 days, also those that are in use: keep their prefix out of it',
    );
  });

  test('at a date, without a name', async () => {
    const rule = `${ON}<Expiration><Date>2027-01-01T00:00:00Z</Date></Expiration>`;
    expect(await expiryOf(rules(rule))).toMatch(/^a lifecycle rule of the bucket state .* at 2027-01-01T00:00:00/);
  });

  test.each([
    ['GLACIER', '<Days>7</Days>', 'after 7 days to GLACIER'],
    ['DEEP_ARCHIVE', '<Date>2027-01-01T00:00:00Z</Date>', 'at 2027-01-01T00:00:00.000Z to DEEP_ARCHIVE'],
    ['GLACIER', '<Days>0</Days>', 'after 0 days to GLACIER'],
  ])('that moves them to %s is told, as nothing is read from there', async (to, when, words) => {
    const cheaper = '<Transition><Days>1</Days><StorageClass>STANDARD_IA</StorageClass></Transition>';
    const rule = `<ID>cold</ID>${ON}${prefix('')}${cheaper}<Transition>${when}<StorageClass>${to}</StorageClass></Transition>`;
    expect(await expiryOf(rules(rule))).toBe(
      `the lifecycle rule "cold" of the bucket state moves its snapshots ${words}, where Flink cannot read them, also those that are in use: keep their prefix out of it`,
    );
  });

  test.each([
    ['is off', `<Status>Disabled</Status>${DAYS}`],
    ['is of another prefix', `${ON}${DAYS}${prefix('jars/')}`],
    ['is of a directory with a longer name', `${ON}${DAYS}${prefix('checkpoints-old/')}`],
    ['is of tagged objects', `${ON}${DAYS}<Filter><Tag><Key>a</Key><Value>b</Value></Tag></Filter>`],
    [
      'is of tagged ones among others',
      `${ON}${DAYS}<Filter><And><Prefix></Prefix><Tag><Key>a</Key><Value>b</Value></Tag></And></Filter>`,
    ],
    [
      'is of old versions',
      `${ON}<NoncurrentVersionExpiration><NoncurrentDays>3</NoncurrentDays></NoncurrentVersionExpiration>`,
    ],
    [
      'is of delete markers',
      `${ON}<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>`,
    ],
    [
      'moves them to where they are read as before',
      `${ON}<Transition><Days>30</Days><StorageClass>STANDARD_IA</StorageClass></Transition><Transition><Days>90</Days><StorageClass>GLACIER_IR</StorageClass></Transition>`,
    ],
    [
      'archives other prefixes',
      `${ON}${prefix('jars/')}<Transition><Days>3</Days><StorageClass>GLACIER</StorageClass></Transition>`,
    ],
    [
      'is of broken uploads',
      `${ON}<AbortIncompleteMultipartUpload><DaysAfterInitiation>1</DaysAfterInitiation></AbortIncompleteMultipartUpload>`,
    ],
  ])('that %s is none', async (_, rule) => {
    expect(await expiryOf(rules(rule))).toBeUndefined();
  });

  test('is not there where the bucket has no rules; a denied look is a fault', async () => {
    expect(await expiryOf(error('NoSuchLifecycleConfiguration', 404))).toBeUndefined();
    await expect(expiryOf(error('AccessDenied', 403))).rejects.toMatchObject({
      code: 'SNAPSHOTS_DENIED',
      message: expect.stringMatching(/^s3:..state: s3:GetLifecycleConfiguration is not allowed/),
    });
    await expect(expiryOf(error('SlowDown', 503))).rejects.toMatchObject({ kind: 'transient' });
  });
});
