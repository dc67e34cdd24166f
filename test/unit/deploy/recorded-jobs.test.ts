import { describe, expect, it } from 'vitest';
import type { Attempt, Incarnation, JobSpec } from '../../../lib/core/model.ts';
import { withRecordedJobs } from '../../../serverless/recorded-jobs.ts';
import { clusterOf } from './clusters.ts';

const spec = (jar: string, fields: Partial<JobSpec> = {}): JobSpec => ({
  name: 'job',
  jar,
  args: [],
  flinkConfiguration: {},
  enabled: true,
  ...fields,
});
const on: Incarnation = { taskArn: 'task', address: '10.0.0.1', process: 'p' };
const attempt = (n: number, jar: string, sightedOn?: Incarnation): Attempt => ({
  n,
  jobId: `${n}`,
  revision: 'r',
  spec: spec(jar),
  jarVersion: 'v',
  jarSizeBytes: 1,
  taskDefinitionArn: 'td',
  flinkVersion: '1.20.5',
  posts: [],
  ...(sightedOn === undefined ? {} : { sightedOn }),
});

/** The jars that may be read where the manifest wants `new.jar` and these attempts are remembered. */
const jars = (attempts: readonly Attempt[], wanted: Partial<JobSpec> = {}) => {
  const manifest = { namespace: 'n', clusters: [clusterOf({ name: 'c', jobs: [spec('new.jar', wanted)] })] };
  const memories = { c: { jobs: { job: { schema: 1 as const, attempts } }, incidents: [], orders: [] } };
  return withRecordedJobs(manifest, memories).clusters[0]?.jobs.map(({ jar }) => jar);
};

describe('the jobs whose jars and secrets the functions may read', () => {
  it.each([
    ['those of the manifest where nothing is remembered', [], ['new.jar']],
    ['also what runs', [attempt(1, 'a.jar', on)], ['new.jar', 'a.jar']],
    ['no longer what ran before', [attempt(1, 'a.jar', on), attempt(2, 'b.jar', on)], ['new.jar', 'b.jar']],
    ['also a try after what ran', [attempt(1, 'a.jar', on), attempt(2, 'b.jar')], ['new.jar', 'a.jar', 'b.jar']],
    ['the last try where none was seen', [attempt(1, 'a.jar'), attempt(2, 'b.jar')], ['new.jar', 'b.jar']],
  ])('are %s', (_, attempts, expected) => {
    expect(jars(attempts)).toEqual(expected);
  });

  it('are none that are remembered of a job that is disabled, or of another cluster', () => {
    expect(jars([attempt(1, 'a.jar', on)], { enabled: false })).toEqual(['new.jar']);
    const manifest = { namespace: 'n', clusters: [clusterOf({ name: 'other', jobs: [spec('new.jar')] })] };
    expect(withRecordedJobs(manifest, {})).toEqual(manifest);
  });
});
