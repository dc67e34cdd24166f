import type { Readable } from 'node:stream';
import { GetObjectCommand, HeadObjectCommand, type HeadObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { Fault } from '../core/errors.ts';
import type { JarSeen } from '../core/model.ts';
import type { Jars } from '../ports.ts';
import { type AwsCodes, awsClientOptions, callAws, type Timing } from './aws.ts';
import { frozen } from './frozen.ts';

/** Jars in S3, by version: the versionId where the bucket keeps versions, else the ETag, which is quoted. */
export const createS3Jars = ({ client, ...timing }: S3JarsOptions): S3Jars => ({
  look: async (uri, deadlineMs) => {
    const command = new HeadObjectCommand(placeOf(uri));
    const call = { action: 's3:GetObject', codes: codes(HEAD) };
    try {
      const head = await callAws(timing, call, deadlineMs, (abort) => client.send(command, abort));
      return frozen(seenAs(uri, head));
    } catch (thrown) {
      if (thrown instanceof Fault && thrown.code === 'JAR_MISSING') return { present: false };
      throw named(thrown, uri);
    }
  },
  open: async (uri, version, deadlineMs) => {
    const which = version.startsWith('"') ? { IfMatch: version } : { VersionId: version };
    const command = new GetObjectCommand({ ...placeOf(uri), ...which });
    const call = { action: 's3:GetObject', codes: codes(GET) };
    try {
      const { Body } = await callAws(timing, call, deadlineMs, (abort) => client.send(command, abort));
      if (Body === undefined) throw new Fault('transient', 'JARS_UNAVAILABLE', `${uri}: S3 sent no body`);
      return Body as Readable; // In Node the SDK's body is always a Readable.
    } catch (thrown) {
      throw named(thrown, uri);
    }
  },
});

export type S3Jars = Jars & {
  /**
   * The bytes of exactly that version. Faults: `rejected` JAR_MISSING, JAR_CHANGED, JAR_DENIED, `transient`. Whoever takes the stream
   * listens to its errors and destroys it.
   */
  open(uri: string, version: string, deadlineMs: number): Promise<Readable>;
};

/** Follows to buckets of another region. Made here, so that a bundle holds no more of the client than this file uses. */
export const createS3Client = (): S3Client => new S3Client({ ...awsClientOptions, followRegionRedirects: true });

export type S3JarsOptions = Timing & { readonly client: S3Client };

/** The bucket and the key, which is taken as it is: blanks and any letters are part of it. */
const placeOf = (uri: string): { Bucket: string; Key: string } => {
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(uri) ?? [];
  if (Bucket === undefined || Key === undefined) throw new Fault('invalid', 'JAR_URI', `not s3://bucket/key: ${uri}`);
  return { Bucket, Key };
};

const seenAs = (uri: string, { VersionId, ETag, ContentLength }: HeadObjectCommandOutput): JarSeen => {
  // Objects from before versioning was switched on have the id "null", which a new upload may take over.
  const version = VersionId === undefined || VersionId === 'null' ? ETag : VersionId;
  if (version === undefined || ContentLength === undefined) {
    throw new Fault('invalid', 'JARS_UNREADABLE', `${uri}: S3 names neither version nor size`);
  }
  return { present: true, version, sizeBytes: ContentLength };
};

/** HEAD answers without a body, so the SDK names the error by its status. */
const HEAD = { NotFound: 'JAR_MISSING', NoSuchKey: 'JAR_MISSING', NoSuchBucket: 'JAR_MISSING' };
const GET = {
  NoSuchKey: 'JAR_MISSING',
  NoSuchBucket: 'JAR_MISSING',
  NoSuchVersion: 'JAR_CHANGED',
  PreconditionFailed: 'JAR_CHANGED',
  InvalidObjectState: 'JAR_DENIED',
};

const codes = (rejected: Readonly<Record<string, string>>): AwsCodes => ({
  denied: 'JAR_DENIED',
  unavailable: 'JARS_UNAVAILABLE',
  rejected,
});

/** Each message names the jar; a denial names both actions, since S3 answers 403 for a missing key without the second. */
const named = (thrown: unknown, uri: string): unknown => {
  if (!(thrown instanceof Fault) || thrown.code === 'JAR_URI') return thrown;
  const advice = thrown.code === 'JAR_DENIED' ? ' (needed: s3:GetObject on the key, s3:ListBucket on the bucket)' : '';
  return new Fault(thrown.kind, thrown.code, `${uri}: ${thrown.message}${advice}`, {
    cause: thrown,
    context: { ...thrown.context, uri },
  });
};
