import { aCluster, aFlinkJob, aJob, t0 } from '../../support/builders.ts';
import { setState } from '../pass/fake-jobmanager.ts';
import { createWorld, type FakeWorld, jobManagerAt } from '../pass/fake-ports.ts';
import { answered, lookedAt } from './ask.ts';

export const theirs = 'f'.repeat(32);
export const order = (kind: string, more: object = {}): object => ({
  kind,
  cluster: 'realtime',
  who: '李雷@laptop',
  why: 'größer\nals zuvor',
  ...(kind === 'pause' || kind === 'resume' ? {} : { job: 'orders' }),
  ...(kind === 'adopt' || kind === 'ignore' ? { jobId: theirs } : {}),
  ...more,
});

/** Somebody else holds the lease, so that an order stays where it was written. */
export const busy = async (world: FakeWorld): Promise<FakeWorld> => {
  await world.store.acquire('realtime', { owner: 'another', nowMs: t0, untilMs: t0 + 9_000 }, t0);
  return world;
};
export const ordersIn = (world: FakeWorld) => world.store.memory('realtime').orders;
export const running = async (): Promise<FakeWorld> => {
  const world = createWorld();
  await lookedAt(world);
  return world;
};
/** Its only attempt is FAILED, and held. */
export const failed = async (): Promise<FakeWorld> => {
  const world = await running();
  for (const id of jobManagerAt(world).jobs.keys()) setState(jobManagerAt(world), id, 'FAILED');
  await lookedAt(world, aCluster([aJob({ healing: { restarts: 0 } })]));
  world.nowMs += 60_000;
  return world;
};
export const withTheirs = (): FakeWorld => {
  const world = createWorld();
  jobManagerAt(world).jobs.set(theirs, aFlinkJob(theirs, 'RUNNING', { name: 'Theirs' }));
  return world;
};

export const paused = async (): Promise<FakeWorld> => {
  const world = await running();
  await answered('order', world, order('pause'));
  return world;
};
