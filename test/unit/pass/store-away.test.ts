import { describe, expect, it } from 'vitest';
import { Fault } from '../../../lib/core/errors.ts';
import type { Ports, Store } from '../../../lib/ports.ts';
import { reconcile } from '../../../lib/reconcile.ts';
import { sweep } from '../../../lib/sweep.ts';
import { aCluster, aJob, anOrder } from '../../support/builders.ts';
import { createWorld, type FakeWorld, jobManagerAt, portsOf } from './fake-ports.ts';
import { jobsOf } from './passes.ts';

const orders = aJob({ flinkName: 'Main' });
const more = aJob({ name: 'more', mainClass: 'More', flinkName: 'More' });
const cluster = aCluster([orders, more]);

/** `orders` runs and is to be restarted, `more` was just added to the manifest: a pass has enough to do. */
const busyWorld = async (): Promise<FakeWorld> => {
  const world = createWorld();
  await reconcile(portsOf(world), aCluster([orders]), { untilMs: world.nowMs + 55_000, wait: false });
  await world.store.order('realtime', anOrder('restart'), world.nowMs);
  return world;
};

/** All that the JobManager holds. */
const flinkOf = (world: FakeWorld) => ({ jobs: jobsOf(world), jars: [...jobManagerAt(world).jars] });

const away = new Fault('transient', 'STORE_UNAVAILABLE', 'dynamodb: no answer');
const unheard = new Fault('unknown-outcome', 'STORE_UNAVAILABLE', 'dynamodb: no answer to a write');
const denied = new Fault('rejected', 'STORE_DENIED', 'dynamodb is not allowed');

const failing = (method: keyof Store, fault: Fault): Partial<Store> => ({
  [method]: async () => {
    throw fault;
  },
});

const WAYS = [
  ['acquire', 'away', away],
  ['acquire', 'away, its answer lost', unheard],
  ['acquire', 'denied', denied],
  ['load', 'away', away],
  ['load', 'denied', denied],
  ['commit', 'away', away],
  ['commit', 'away, its answer lost', unheard],
  ['commit', 'denied', denied],
] as const;

const LOOKS: readonly [string, (ports: Ports) => Promise<unknown>][] = [
  ['scheduled look', (ports) => sweep(ports, [cluster], { untilMs: ports.clock.nowMs() + 55_000 })],
  ['look by an event', (ports) => reconcile(ports, cluster, { untilMs: ports.clock.nowMs() + 180_000, wait: true })],
];

describe.each(LOOKS)('a %s', (_, look) => {
  it.each(WAYS)(
    'whose %s finds the table %s does nothing to Flink, and fails, so that its alarm tells (F81, I8)',
    async (method, __, fault) => {
      const world = await busyWorld();
      const before = flinkOf(world);
      expect(before.jobs).toMatchObject([{ state: 'RUNNING' }]);
      await expect(look(portsOf(world, { store: failing(method, fault) }))).rejects.toBe(fault);
      expect(flinkOf(world)).toEqual(before);
      expect(world.alerts).toEqual([]);
    },
  );

  it('with the table there has something to do', async () => {
    const world = await busyWorld();
    const before = flinkOf(world);
    await look(portsOf(world));
    expect(jobsOf(world)).toContainEqual({ ...before.jobs[0], state: 'CANCELED', tasksRunning: 0 });
    expect(jobsOf(world).filter(({ state, name }) => state === 'RUNNING' && name === 'More')).toHaveLength(1);
  });
});
