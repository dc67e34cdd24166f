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
  it('by the name of the job', async () => {
    const text = /^flink-jobs.yml: c\/a: its checkpoints are deleted when/;
    expect(await said('', { [RETENTION]: 'DELETE_ON_CANCELLATION' })).toEqual([expect.stringMatching(text)]);
  });

  it('each thing on a line of its own', async () => {
    const both = { [RETENTION]: 'DELETE_ON_CANCELLATION', 'state.checkpoints.create-subdir': 'false' };
    expect(await said('', both)).toHaveLength(2);
  });

  it('but nothing of a job without state', async () => {
    expect(await said(', state: none', { [RETENTION]: 'DELETE_ON_CANCELLATION' })).toEqual([]);
  });
});

describe('a deploy says that a cluster without its ZooKeeper is looked after by the weaker proof', () => {
  it.each([
    ['rest', [expect.stringMatching(/^flink-jobs.yml: c: `leader: rest` is the weaker proof: /)]],
    ["{ quorum: 'zk:2181' }", []],
  ])('leader: %s', async (leader, lines) => {
    const { said, problems } = await deploying(
      `clusters: [{ name: c, ecsCluster: e, jobManagers: [jm], leader: ${leader}, jobs: [] }]`,
      {},
    );
    expect(problems).toEqual([]);
    expect(said).toEqual(lines);
  });
});
