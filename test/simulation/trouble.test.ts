import { beforeEach, describe, expect, it } from 'vitest';
import { anAttempt, memoryOf } from '../support/builders.ts';
import { calmDown } from './world/calm.ts';
import { exit, settleAll } from './world/ecs/service.ts';
import { deeds, strikes } from './world/happenings.ts';
import { submitByHand } from './world/people/hands.ts';
import { codeOf, foreignId as id, MINUTE, type QuietWorld, quietWorld } from './world/quiet-world.ts';
import { crashLoop, sleep, twoWanted } from './world/trouble/jobmanagers.ts';
import { isSettled, loseTable } from './world/trouble/store-losses.ts';

let world: QuietWorld;
beforeEach(async () => {
  world = quietWorld();
  await world.passes(3 * MINUTE);
});

describe('a JobManager in trouble', () => {
  it('answers nobody while it is frozen, and then takes up what changes something', async () => {
    const { stage, flink, process, answer } = world;
    const frozen = process();
    frozen.frozenUntilMs = stage.sim.time.nowMs() + 30_000;
    const startedMs = stage.sim.time.nowMs();
    const uploaded = flink.upload(
      world.at(),
      { uri: 's3://jars/own.jar', version: '"2"', sizeBytes: 1 },
      world.soonMs(),
    );
    expect(await codeOf(answer(flink.identity(world.at(), world.soonMs())))).toBe('FLINK_UNREACHABLE');
    expect(stage.sim.time.nowMs() - startedMs).toBeLessThan(6_000);
    const jarId = await answer(uploaded);
    expect(stage.sim.time.nowMs() - startedMs).toBeGreaterThanOrEqual(30_000);
    expect(frozen.jars.has(jarId)).toBe(true);
  });

  it('finds its TaskManagers only when their heartbeats to the old one have ended (F105)', async () => {
    world.cluster.taskManagers.reconnectMs = [33_000, 50_000];
    exit(world.stage, world.cluster, world.process(), 'killed');
    while (world.living().length === 0) await world.passes(1_000);
    const slots = async () => (await world.flink.slots(world.at(), world.soonMs())).total;
    await world.passes(world.process().dispatcherMs + 30_000 - world.sim.time.nowMs());
    expect(await slots()).toBe(0);
    await world.passes(30_000);
    expect(await slots()).toBeGreaterThan(0);
  });

  it('crashes at each start until the loop is over, more and more seldom', async () => {
    crashLoop(world.stage, world.cluster);
    const { processes } = world.stage.notes.truth;
    await world.passes(12 * MINUTE);
    expect(processes.filter(({ endedHow }) => endedHow === 'crash loop').length).toBeGreaterThan(1);
    expect(processes.length).toBeLessThan(30);
    expect(world.process().endedMs).toBeUndefined();
  });

  it('is gone while its services are scaled to 0, and comes back (F129)', async () => {
    sleep(world.stage, world.cluster);
    await world.passes(4 * MINUTE);
    const first = (await world.tasks()).filter(({ lastStatus }) => lastStatus !== 'STOPPED');
    await world.passes(20 * MINUTE);
    expect(first.every(({ desiredStatus }) => desiredStatus === 'STOPPED') || first.length === 1).toBe(true);
    expect((await world.tasks()).filter(({ lastStatus }) => lastStatus === 'RUNNING')).toHaveLength(1);
  });

  it('is one of two that are wanted at once, for a while', async () => {
    twoWanted(world.stage, world.cluster);
    await world.passes(25_000);
    expect((await world.tasks()).filter(({ desiredStatus }) => desiredStatus === 'RUNNING')).toHaveLength(2);
    await world.passes(15 * MINUTE);
    expect((await world.tasks()).filter(({ desiredStatus }) => desiredStatus === 'RUNNING')).toHaveLength(1);
  });

  it('with high availability shows an empty list, and then its jobs under their old ids (F100)', async () => {
    world.cluster.flink.ha = 'zookeeper';
    exit(world.stage, world.cluster, world.process(), 'killed');
    await world.passes(MINUTE);
    await world.answer(world.submit(id(1)));
    exit(world.stage, world.cluster, world.process(), 'killed');
    const lists: string[] = [];
    for (let ms = 0; ms < MINUTE; ms += 50) {
      await world.passes(50);
      const list = await codeOf(world.jobs().then((jobs) => lists.push(jobs.length > 0 ? 'the job' : 'nothing')));
      if (list !== 'answered') lists.push('no answer');
    }
    expect(lists.filter((each, index) => each !== lists[index - 1])).toEqual(['no answer', 'nothing', 'the job']);
  });
});

describe('the store', () => {
  it('is lost only while nobody works on the cluster and no submission is open (F125)', async () => {
    const { stage, cluster } = world;
    const nowMs = stage.sim.time.nowMs();
    const claim = { owner: 'me', nowMs, untilMs: nowMs + 20_000 };
    const lease = await stage.store.acquire(cluster.name, claim, nowMs + 1_000);
    expect(isSettled(stage, cluster)).toBe(false);
    expect(loseTable(stage, cluster)).toBeUndefined();
    if (lease !== undefined) await stage.store.release(lease, nowMs + 1_000);
    expect(loseTable(stage, cluster)).toBeDefined();
    expect(stage.notes.truth.losses).toHaveLength(1);
  });
});

describe('EventBridge', () => {
  it('drops, doubles, delays and swaps events in trouble, and delivers each soon in the calm', () => {
    const { stage, cluster, sim } = world;
    const { events } = stage.notes.truth;
    const ring = (count: number) => Array.from({ length: count }, () => stage.changed(cluster.name));
    sim.phase = 'trouble';
    ring(500);
    const counts = new Set(events.map(({ rings }) => rings.length));
    expect(counts).toEqual(new Set([0, 1, 2]));
    expect(events.some(({ atMs, rings }) => rings.some((ms) => ms - atMs > MINUTE))).toBe(true);
    sim.phase = 'calm';
    const before = events.length;
    ring(100);
    for (const { atMs, rings } of events.slice(before))
      expect(rings.every((ms) => ms - atMs <= 2_000) && rings.length === 1).toBe(true);
  });
});

/** All that lives is known to the product. */
const isOnRecord = async ({ store, notes }: QuietWorld['stage'], cluster: string): Promise<void> => {
  const lease = await store.acquire(cluster, { owner: 'me', nowMs: 0, untilMs: 1 }, 1);
  const attempts = notes.truth.copies.map(({ jobId }, index) => anAttempt(index + 1, { jobId }));
  if (lease === undefined) throw new Error('no lease');
  const held = await store.commit(lease, { jobs: { a: memoryOf(...attempts) }, incidents: [], log: [] }, 1, 0, 1);
  await store.release(held, 1);
};

describe('whatever happens', () => {
  const all = Object.entries({ ...strikes, ...deeds });

  it.each(all)('%s happens, and heals in the calm', async (_, happening) => {
    let happened = 0;
    for (let seed = 1; seed <= 6; seed += 1) {
      const { stage, cluster, ...other } = quietWorld(seed);
      await other.passes(2 * MINUTE);
      for (let n = 0; n < 10; n += 1) submitByHand(stage, cluster);
      await isOnRecord(stage, cluster.name);
      // Their first checkpoints are there, and now and then a savepoint is under way.
      await other.passes(MINUTE);
      const saving = { triggerId: 'f'.repeat(32), directory: 's3://savepoints', stop: false };
      const saved = stage.notes.truth.copies[0]?.jobId ?? '';
      if (seed % 2 === 0) await other.flink.savepoint(other.at(), saved, saving, other.soonMs());
      for (let n = 0; n < 5; n += 1) happened += happening(stage, cluster) === undefined ? 0 : 1;
      await other.passes(20_000);
      other.sim.phase = 'calm';
      calmDown(stage);
      settleAll(stage, cluster);
      await other.passes(17 * MINUTE);
      const wanted = (await other.tasks()).filter(({ desiredStatus }) => desiredStatus === 'RUNNING');
      expect(wanted.map(({ lastStatus }) => lastStatus)).toEqual(['RUNNING']);
      expect((await other.flink.slots(other.at(), other.soonMs())).total).toBeGreaterThan(0);
      expect(stage.jars.uris.every(stage.jars.isGood)).toBe(true);
    }
    expect(happened).toBeGreaterThan(0);
  });
});
