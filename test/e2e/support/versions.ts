import { PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { clientConfig } from '../../../local/aws.ts';
import { BUCKET } from '../../../local/deploy/deployments.ts';
import type { World } from '../../../local/world.ts';

/** From now on the bucket of the jars keeps each version of an object, under an id of its own. */
export const keepVersions = async ({ client }: World): Promise<void> => {
  const s3 = new S3Client({ ...clientConfig(client), forcePathStyle: true });
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  await s3.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration }));
  s3.destroy();
};
