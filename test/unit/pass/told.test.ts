import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { Fault } from '../../../lib/core/errors.ts';
import { pass } from '../../../lib/pass.ts';
import type { Ports } from '../../../lib/ports.ts';
import { aCluster, aJob, t0 } from '../../support/builders.ts';
import { setState } from './fake-jobmanager.ts';
import { createWorld, jobManagerAt, portsOf } from './fake-ports.ts';
import { attemptsOf, hour, jobsOf, leased, passes, subjectsOf } from './passes.ts';

const cluster = aCluster();

describe('what is told', () => {
  it('is told once, and once when it is over (I4)', async () => {
    const world = createWorld();
    world.jars.clear();
    await passes(world, 3);
    world.jars.set('s3://jars/orders.jar', { present: true, version: 'v2', sizeBytes: 1 });
    await passes(world, 3);
    expect(subjectsOf(world)).toEqual(['OPEN JAR_MISSING realtime/orders', 'CLOSED JAR_MISSING realtime/orders']);
    expect(jobsOf(world)).toHaveLength(1);
  });

  it('is committed first: a crash before the publish is made good by the next pass (F75)', async () => {
    const world = createWorld();
    world.jars.clear();
    const publish = () => new Promise<void>(() => undefined);
    void pass(portsOf(world, { alerts: { publish } }), {
      cluster,
      lease: await leased(world),
      outcomes: [],
      untilMs: t0 + hour,
    });
    await expect.poll(() => world.store.memory('realtime').incidents.length, { interval: 1 }).toBe(1);
    world.nowMs += hour;
    await passes(world, 2);
    expect(subjectsOf(world)).toEqual(['OPEN JAR_MISSING realtime/orders']);
  });

  it('waits for its turn to be written, behind many that are only pending', async () => {
    const world = createWorld();
    const wide = Array.from({ length: 60 }, (_, index) => aJob({ name: `wide-${index}`, slots: 100 }));
    const all = aCluster([...wide, aJob({ jar: 's3://jars/none.jar' })]);
    await passes(world, 1, { cluster: all });
    expect(subjectsOf(world)).toEqual([]);
    await passes(world, 2, { cluster: all });
    expect(subjectsOf(world)).toEqual(['OPEN JAR_MISSING realtime/orders']);
    expect(world.violations).toEqual([]);
  });

  it('is told once although a webhook is silent until the end: there is time left to save it (I4)', async () => {
    const world = createWorld();
    world.jars.clear();
    const publish = async (_: unknown, deadlineMs: number) => {
      world.nowMs = deadlineMs;
      throw new Fault('unknown-outcome', 'WEBHOOK_UNANSWERED', 'no answer in time');
    };
    // The emulator of the table takes nothing when its time is over.
    const commit: Ports['store']['commit'] = async (lease, changes, untilMs, nowMs, deadlineMs) => {
      if (nowMs >= deadlineMs) throw new Fault('transient', 'STORE_UNAVAILABLE', 'no time left');
      return world.store.commit(lease, changes, untilMs, nowMs, deadlineMs);
    };
    const late = () => world.nowMs + defaults.tellMarginMs + 1_000;
    const ports = portsOf(world, { webhooks: { team: { publish } }, store: { commit } });
    for (let minute = 0; minute < 3; minute += 1) {
      const lease = await leased(world);
      await pass(ports, { cluster, lease, outcomes: [], untilMs: late() }).catch(() => undefined);
    }
    expect(subjectsOf(world)).toEqual(['OPEN JAR_MISSING realtime/orders']);
  });

  it('of a job that a person cancelled: it is not started again (F63)', async () => {
    const world = createWorld();
    await passes(world, 2);
    setState(jobManagerAt(world), attemptsOf(world)[0]?.jobId ?? '', 'CANCELED');
    await passes(world, 3);
    expect(subjectsOf(world)).toEqual(['OPEN JOB_CANCELED realtime/orders']);
    expect(jobsOf(world)).toHaveLength(1);
  });

  it('of 120 jobs at once: all are told once, over several passes', async () => {
    const world = createWorld();
    world.jars.clear();
    const many = aCluster(Array.from({ length: 120 }, (_, index) => aJob({ name: `job-${index}` })));
    await passes(world, 6, { cluster: many });
    expect(world.alerts).toHaveLength(120);
    expect(new Set(subjectsOf(world)).size).toBe(120);
    expect(world.violations).toEqual([]);
  });
});

describe('a pass with more submissions than one transaction takes', () => {
  it('starts each job once, the rest in the next passes, and loses no outcome', async () => {
    const world = createWorld();
    jobManagerAt(world).slots = 200;
    const many = aCluster(
      Array.from({ length: 120 }, (_, index) => aJob({ name: `job-${index}`, flinkName: `job-${index}` })),
    );
    await passes(world, 8, { cluster: many });
    expect(jobsOf(world)).toHaveLength(120);
    const posts = Object.values(world.store.memory('realtime').jobs).flatMap(({ attempts }) =>
      attempts.flatMap((attempt) => attempt.posts),
    );
    expect(posts.map(({ answer }) => answer)).toEqual(Array.from({ length: 120 }, () => 'accepted'));
    expect(world.violations).toEqual([]);
  });

  it('keeps what came of its effects until there is room for it', async () => {
    const world = createWorld();
    jobManagerAt(world).slots = 200;
    const jobs = (name: string, count: number, jar: string, enabled: boolean) =>
      Array.from({ length: count }, (_, index) =>
        aJob({ name: `${name}-${index}`, flinkName: `${name}-${index}`, jar, enabled }),
      );
    const started = jobs('a', 45, 's3://jars/orders.jar', true);
    const without = (enabled: boolean) => jobs('b', 45, 's3://jars/none.jar', enabled);
    const first = await passes(world, 1, { cluster: aCluster([...started, ...without(false)]) });
    const later = aCluster([...started, ...without(true)]);
    let last = first;
    for (let more = 0; more < 3; more += 1)
      last = await pass(portsOf(world), { cluster: later, ...last, untilMs: world.nowMs + hour });
    const posts = Object.values(world.store.memory('realtime').jobs).flatMap(({ attempts }) =>
      attempts.flatMap((attempt) => attempt.posts),
    );
    expect(posts.map(({ answer }) => answer)).toEqual(started.map(() => 'accepted'));
    expect(world.violations).toEqual([]);
  });
});
