import { describe, expect, it } from 'vitest';
import type { ClusterSpec, JobSpec } from '../../../lib/core/model.ts';
import { statementsOf } from '../../../serverless/manifest-statements.ts';
import { clusterOf } from './clusters.ts';

const job: JobSpec = { name: 'a', jar: 'image:a.jar', args: [], flinkConfiguration: {}, enabled: true };

/** Action and resource of each statement that is about S3. */
const allowed = (fields: Partial<ClusterSpec>, ...jobs: readonly Partial<JobSpec>[]) => {
  const cluster = clusterOf({ url: 'https://x', ...fields, jobs: jobs.map((more) => ({ ...job, ...more })) });
  return statementsOf({ namespace: 'n', clusters: [cluster] }).map(
    ({ Action, Resource }) =>
      `${Action.join(' ')} ${JSON.stringify(Resource, (_, part) => part?.['Fn::Sub'] ?? part).slice(1, -1)}`,
  );
};
const BELOW = 's3:GetObject arn:${AWS::Partition}:s3:::';
const CLEANED = 's3:DeleteObject arn:${AWS::Partition}:s3:::';
const LIST = 's3:ListBucket arn:${AWS::Partition}:s3:::';
const RULES = 's3:GetLifecycleConfiguration arn:${AWS::Partition}:s3:::';
const KEY = 'kms:Decrypt arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/*';

describe('snapshots are found and read', () => {
  it.each<[string, Partial<ClusterSpec>, Partial<JobSpec>]>([
    ['cluster', { checkpointDir: 's3://b/c/' }, {}],
    ['job', {}, { checkpointDir: 's3a://b/c' }],
    ['configuration of a job', {}, { flinkConfiguration: { 'state.checkpoints.dir': 's3p://b/c' } }],
    ['new configuration of a job', {}, { flinkConfiguration: { 'execution.checkpointing.dir': 's3://b/c' } }],
  ])('where the %s says they are, and nowhere else', (_, fields, more) => {
    expect(allowed(fields, more)).toEqual([`${BELOW}b/c/*`, `${LIST}b`, `${RULES}b`, KEY]);
  });

  it('where savepoints are apart', () => {
    const dirs = { checkpointDir: 's3://b/c', savepointDir: 's3://b2/s' };
    expect(allowed(dirs, {}, {})).toEqual([
      ...[`${BELOW}b/c/*`, `${BELOW}b2/s/*`, `${LIST}b`, `${LIST}b2`],
      ...[`${RULES}b`, `${RULES}b2`, KEY],
    ]);
  });

  it('in a directory of another one once', () => {
    expect(allowed({ checkpointDir: 's3://b/c', savepointDir: 's3://b/c/savepoints' }, {})).toHaveLength(4);
    expect(allowed({ checkpointDir: 's3://b', savepointDir: 's3://b/s' }, {})).toContain(`${BELOW}b/*`);
    expect(allowed({ checkpointDir: 's3://b/c', savepointDir: 's3://b/cc' }, {})).toContain(`${BELOW}b/cc/*`);
  });

  it('and only checkpoints are removed, where jobs want it: savepoints are given up by Flink', () => {
    const cleaned = { checkpointDir: 's3://b2/c', savepointDir: 's3://b2/s', garbage: 'delete' as const };
    expect(allowed({}, { checkpointDir: 's3://b/c' }, cleaned)).toEqual([
      ...[`${BELOW}b/c/*`, `${BELOW}b2/c/*`, `${BELOW}b2/s/*`, `${CLEANED}b2/c/*`],
      ...[`${LIST}b`, `${LIST}b2`, `${RULES}b`, `${RULES}b2`, KEY],
    ]);
  });

  it.each<[string, Partial<ClusterSpec>, Partial<JobSpec>]>([
    ['of a job that is not run', { checkpointDir: 's3://b/c' }, { enabled: false }],
    ['in files', { checkpointDir: 'file:/mnt/state' }, {}],
    ['nowhere that is said', {}, {}],
    ['in another file system', {}, { flinkConfiguration: { 'state.checkpoints.dir': 'hdfs://n/c' } }],
    ['of any name', {}, { flinkConfiguration: { 'state.checkpoints.dir': 's3://b/*' } }],
    ['in a secret place', {}, { flinkConfiguration: { 'state.checkpoints.dir': 's3://b/\x24{ssm:/dir}' } }],
  ])('not where they are %s', (_, fields, more) => {
    expect(allowed(fields, more).filter((line) => line.startsWith('s3:'))).toEqual([]);
  });
});
