import { afterAll, beforeAll, describe, test } from 'vitest';
import { ecsCluster, type FakeEcs, startFakeEcs } from '../support/fake-ecs.ts';
import { ecsCases } from './suites/ecs.ts';

describe('an ECS of our own keeps the contract that the real one keeps', () => {
  let fake: FakeEcs;
  beforeAll(async () => {
    fake = await startFakeEcs();
  });
  afterAll(() => fake.close());
  for (const { name, run } of ecsCases) test(name, () => run({ ecs: fake.ecs, cluster: ecsCluster('jobmanager') }));
});
