import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { checkAgainstRecompiled } from '../../examples/realtime-data-pipeline/build.ts';
import { REGION } from '../../local/aws.ts';
import { CLUSTER } from '../../local/deploy/deployments.ts';
import { DEFAULT_FLINK, installFlink } from '../../local/install/flink.ts';
import { liveContract } from '../contract/live.ts';
import { readyAfter } from './support/jobs.ts';
import { jobManagers, openStage } from './support/stage.ts';

// Tests are known by their names before they run, and these names come from places that answer.
const stage = await openStage('contract');
stage.world.agent.startTasks();
await readyAfter(stage, 'none', 2);
const { endpoint, ecsEndpoint } = stage.world.client;
const contract = await liveContract({
  aws: { endpoint, region: REGION },
  ecs: {
    place: { endpoint: ecsEndpoint, region: REGION },
    cluster: {
      name: 'contract',
      ecsCluster: CLUSTER,
      jobManagers: ['jobmanager'],
      taskManagers: ['taskmanager'],
      restPort: 8081,
      jobs: [],
    },
  },
  flinkVersion: stage.world.flink,
  flinkUrl: `http://${jobManagers(stage.world).at(-1)?.address}:8081`,
});

afterAll(async () => {
  contract.close();
  await stage.close();
});

describe('the contract of the adapters, on the real thing', () => {
  for (const { name, run } of contract.cases) test(name, run);
});

describe('the sample job', () => {
  test('is what its sources compile to, where there is a JDK', async () => {
    const { home } = await installFlink(DEFAULT_FLINK, () => {});
    const result = await checkAgainstRecompiled(join(home, 'lib'));
    console.log(`recompiled: ${typeof result === 'string' ? result : 'differs'}`);
    expect(result).toBeOneOf(['same', 'no JDK']);
  });
});
