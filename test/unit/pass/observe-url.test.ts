import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import type { Cluster } from '../../../lib/core/model.ts';
import { observe } from '../../../lib/observe.ts';
import type { FlinkRest } from '../../../lib/ports.ts';
import { waitForChange } from '../../../lib/wait.ts';
import { aCluster, aJob, jm, known, t0 } from '../../support/builders.ts';
import { createJobManager } from './fake-jobmanager.ts';
import { type Broken, createWorld, portsOf } from './fake-ports.ts';

const noMemory = { jobs: {}, incidents: [], orders: [] };
const byUrl = (url: string, changes: Partial<Cluster> = {}): Cluster =>
  aCluster([aJob()], { ecsCluster: '', jobManagers: [], url, ...changes });

const noEcs: Broken['ecs'] = {
  look: () => {
    throw new Error('ECS was asked');
  },
};

describe('a cluster by url', () => {
  it.each([
    ['http://10.0.0.1:8081', '10.0.0.1'],
    ['https://flink.internal', 'flink.internal'],
  ])('%s is one JobManager that is wanted and running, and ECS is not asked', async (url, address) => {
    const world = createWorld();
    world.jobManagers.set(address, createJobManager(jm().process));
    const cluster = byUrl(url);
    const seen = await observe(portsOf(world, { ecs: noEcs }), cluster, noMemory, t0 + 60_000);
    const taskArn = `url:${url}`;
    expect(seen.ecs).toEqual(
      known({
        services: [{ name: 'url', desiredCount: 1 }],
        tasks: [
          {
            taskArn,
            service: 'url',
            address,
            desiredStatus: 'RUNNING',
            lastStatus: 'RUNNING',
            taskDefinitionArn: 'none',
          },
        ],
        missing: [],
      }),
    );
    expect(seen.flink).toMatchObject({
      [taskArn]: known({ incarnation: { taskArn, address, process: jm().process } }),
    });
  });

  it('is asked at that very URL, with its TLS and authentication', async () => {
    const endpoints: unknown[] = [];
    const real = portsOf(createWorld()).flink;
    const jobs: FlinkRest['jobs'] = (at, deadlineMs) => {
      endpoints.push(at);
      return real.jobs(at, deadlineMs);
    };
    const access = { tls: { serverName: 'flink.test' }, auth: { kind: 'bearer', token: '${ssm:/t}' } } as const;
    const cluster = byUrl('https://10.0.0.1:8443', access);
    await observe(portsOf(createWorld(), { ecs: noEcs, flink: { jobs } }), cluster, noMemory, t0 + 60_000);
    expect(endpoints).toEqual([{ url: 'https://10.0.0.1:8443', ...access, given: [] }]);
  });

  it('has nothing in ECS that a waiting pass could see change', async () => {
    const world = createWorld();
    const cluster = byUrl('http://10.0.0.1:8081');
    const before = await observe(portsOf(world), cluster, noMemory, t0 + 60_000);
    const patience = { sinceMs: t0, untilMs: t0 + defaults.fullPassEveryMs };
    await waitForChange(portsOf(world, { ecs: noEcs }), cluster, [{ kind: 'ecs' }], before, patience);
    expect(world.nowMs - t0).toBe(defaults.fullPassEveryMs);
  });
});

describe('a jar of the image', () => {
  it('is not looked for in S3: Flink tells when it is run', async () => {
    const cluster = aCluster([aJob({ jar: 'image:pipeline.jar' })]);
    const look = () => {
      throw new Error('S3 was asked');
    };
    const ports = portsOf(createWorld());
    const { jars } = await observe({ ...ports, jars: { look } }, cluster, noMemory, t0 + 60_000);
    expect(jars).toEqual({});
  });
});
