import { describe, expect, it } from 'vitest';
import { deploying } from './deploying.ts';

const RETENTION = 'execution.checkpointing.externalized-checkpoint-retention';

/** What a deploy says of a job with this in its entry. */
const said = async (entry: string, configuration: Readonly<Record<string, string>>): Promise<readonly string[]> => {
  const pairs = Object.entries(configuration).map(([key, value]) => `${key}: '${value}'`);
  const job = `{ name: a, jar: image:a.jar, flinkConfiguration: { ${pairs.join(', ')} }${entry} }`;
  const { said, problems } = await deploying(
    `clusters: [{ name: c, ecsCluster: e, jobManagers: [jm], jobs: [${job}] }]`,
    {},
  );
  expect(problems).toEqual([]);
  return said;
};

describe('a deploy says what a job’s own configuration risks of its state', () => {
  it.each([
    [RETENTION, 'DELETE_ON_CANCELLATION', /^flink-jobs.yml: c\/a: its checkpoints are deleted when/],
    [RETENTION, ' no_externalized_checkpoints ', /RETAIN_ON_CANCELLATION`$/],
    ['execution.checkpointing.create-subdir', 'false', /^flink-jobs.yml: c\/a: .*mixes the checkpoints of all jobs/],
    ['state.checkpoints.create-subdir', 'FALSE', /none is restored from: remove it$/],
    ['execution.checkpointing.num-retained', '5', /c\/a: Flink ignores `execution.checkpointing.num-retained` of/],
    ['state.checkpoints.num-retained', '5', /c\/a: Flink ignores `state.checkpoints.num-retained` of a single job/],
  ])('%s: %s', async (key, value, text) => {
    expect(await said('', { [key]: value })).toEqual([expect.stringMatching(text)]);
  });

  it('each thing on a line of its own', async () => {
    const both = { [RETENTION]: 'DELETE_ON_CANCELLATION', 'state.checkpoints.create-subdir': 'false' };
    expect(await said('', both)).toHaveLength(2);
  });

  it.each([
    ['what it should be', '', { [RETENTION]: 'RETAIN_ON_CANCELLATION', 'state.checkpoints.create-subdir': 'true' }],
    ['nothing', '', {}],
    ['a job without state', ', state: none', { [RETENTION]: 'DELETE_ON_CANCELLATION' }],
    ['a job that is not run', ', enabled: false', { [RETENTION]: 'DELETE_ON_CANCELLATION' }],
  ])('but not of %s', async (_, entry, configuration) => {
    expect(await said(entry, configuration)).toEqual([]);
  });
});
