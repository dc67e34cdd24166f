import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { pass } from '../../../lib/pass.ts';
import { aCluster, aTask, jm } from '../../support/builders.ts';
import { beside, overRest } from '../../support/led.ts';
import { createJobManager } from './fake-jobmanager.ts';
import { createWorld, portsOf } from './fake-ports.ts';
import { attemptsOf, hour, leased } from './passes.ts';

const cluster = aCluster(undefined, overRest);

/** Two JobManagers with high availability, and no way to ask who leads. */
const restWorld = () => {
  const world = createWorld();
  world.tasks = [aTask(jm(1)), aTask(jm(2))];
  for (const number of [1, 2]) {
    const zookeeper = { quorum: 'zk:2181', path: '/flink/led', rpc: `ip-10-0-0-${number}:6123` };
    world.jobManagers.set(jm(number).address, createJobManager(jm(number).process, { ha: 'zookeeper', zookeeper }));
  }
  return world;
};

describe('passes over a cluster whose ZooKeeper cannot be asked', () => {
  it('submit once, to one of the JobManagers, when none of them listed the job for long, and ask no ZooKeeper', async () => {
    const world = restWorld();
    const ports = portsOf(world);
    const verdicts: string[] = [];
    for (const minute of [0, 1, 2]) {
      world.nowMs += minute === 0 ? 0 : (defaults.sessionMs + defaults.restMarginMs) / 2;
      const input = { cluster, lease: await leased(world), outcomes: [], untilMs: world.nowMs + hour };
      verdicts.push(...(await pass(ports, input)).decisions.map(({ verdict }) => verdict));
    }
    expect(verdicts).toEqual(['wait', 'wait', 'act']);
    expect(attemptsOf(world)).toMatchObject([{ n: 1, posts: [{ to: beside(1, 2) }] }]);
    expect([1, 2].map((number) => world.jobManagers.get(jm(number).address)?.jobs.size)).toEqual([1, 0]);
  });
});
