import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { Fault } from '../../../lib/core/errors.ts';
import { tellingLimits } from '../../../lib/core/telling/limits.ts';
import type { Alert } from '../../../lib/ports.ts';
import { aCluster, aJob } from '../../support/builders.ts';
import { createWorld, type FakeWorld } from './fake-ports.ts';
import { minutesOf, subjectsOf } from './passes.ts';

/** A webhook that fails as long as `fault` is set, and how often it was tried. */
const aWebhook = () => {
  const hook = {
    fault: undefined as Fault | undefined,
    tries: 0,
    heard: [] as Alert[],
    publish: async (alert: Alert) => {
      hook.tries += 1;
      if (hook.fault !== undefined) throw hook.fault;
      hook.heard.push(alert);
    },
  };
  return hook;
};

const subjects = ({ heard }: { readonly heard: readonly Alert[] }) => heard.map(({ subject }) => subject);
const hanging = () => new Fault('unknown-outcome', 'WEBHOOK_UNANSWERED', 'no answer in time');
const gone = () => new Fault('rejected', 'WEBHOOK_REFUSED', 'HTTP 410');
const without = (world: FakeWorld) => world.jars.clear();
const withJar = (world: FakeWorld) =>
  world.jars.set('s3://jars/orders.jar', { present: true, version: 'v2', sizeBytes: 1 });

const JAR = ['OPEN JAR_MISSING realtime/orders', 'CLOSED JAR_MISSING realtime/orders'];

describe('a webhook', () => {
  it('hears of each opening and each closing once, as the topic does', async () => {
    const [world, team] = [createWorld(), aWebhook()];
    without(world);
    await minutesOf(world, 5, { webhooks: { team } });
    withJar(world);
    await minutesOf(world, 5, { webhooks: { team } });
    expect(subjects(team)).toEqual(JAR);
    expect(subjectsOf(world)).toEqual(JAR);
  });

  it('that fails is tried again each minute until it takes the message, which nobody else hears again', async () => {
    const [world, team, other] = [createWorld(), aWebhook(), aWebhook()];
    const webhooks = { team, other };
    team.fault = hanging();
    without(world);
    await minutesOf(world, 3, { webhooks });
    expect([team.tries, subjects(other), subjectsOf(world)]).toEqual([3, JAR.slice(0, 1), JAR.slice(0, 1)]);
    team.fault = undefined;
    await minutesOf(world, 3, { webhooks });
    expect([subjects(team), subjects(other), subjectsOf(world)]).toEqual([1, 2, 3].map(() => JAR.slice(0, 1)));
  });

  it('that heard of an opening and then failed for long hears of one end, however often it came and went', async () => {
    const [world, team] = [createWorld(), aWebhook()];
    const webhooks = { team };
    without(world);
    await minutesOf(world, 1, { webhooks });
    team.fault = hanging();
    withJar(world);
    await minutesOf(world, 2, { webhooks });
    expect(subjectsOf(world)).toEqual(JAR);
    for (const job of world.jobManagers.values()) job.jobs.clear();
    team.fault = undefined;
    await minutesOf(world, 2, { webhooks });
    expect(subjects(team).filter((subject) => subject.includes('JAR_MISSING'))).toEqual(JAR);
  });

  it('that missed what is over since is not told to fail, as nothing is tried any more', async () => {
    const [world, team] = [createWorld(), aWebhook()];
    team.fault = hanging();
    without(world);
    await minutesOf(world, 2, { webhooks: { team } });
    withJar(world);
    await minutesOf(world, 15, { webhooks: { team } });
    expect(subjectsOf(world)).toEqual(JAR);
  });

  it('and the topic are told of each in strict turn, however long the other takes nothing (F74)', async () => {
    const [world, team] = [createWorld(), aWebhook()];
    const refuse = { publish: async () => Promise.reject(new Fault('rejected', 'ALERTS_REFUSED', 'no such topic')) };
    without(world);
    await minutesOf(world, 2, { webhooks: { team } });
    // Out of the manifest, and in it again.
    await minutesOf(world, 2, { webhooks: { team }, alerts: refuse }, aCluster([]));
    await minutesOf(world, 2, { webhooks: { team }, alerts: refuse });
    expect(subjects(team)).toEqual([...JAR, JAR[0]]);
    expect(subjectsOf(world)).toEqual(JAR.slice(0, 1));
    team.fault = hanging();
    await minutesOf(world, 2, { webhooks: { team } });
    expect(subjectsOf(world)).toEqual([...JAR, JAR[0]]);
    await minutesOf(world, 2, { webhooks: { team } }, aCluster([]));
    await minutesOf(world, 2, { webhooks: { team } });
    team.fault = undefined;
    await minutesOf(world, 2, { webhooks: { team } });
    for (const all of [subjects(team), subjectsOf(world)]) expect(all).toEqual([...JAR, ...JAR, JAR[0]]);
  });

  it('has its share of each pass beside a topic that takes nothing of many', async () => {
    const [world, team] = [createWorld(), aWebhook()];
    const many = aCluster(Array.from({ length: 2 * defaults.tellsMax }, (_, i) => aJob({ name: `job-${i}` })));
    const refuse = { publish: async () => Promise.reject(new Fault('transient', 'SNS', 'throttled')) };
    without(world);
    await minutesOf(world, 8, { webhooks: { team }, alerts: refuse }, many);
    expect(new Set(subjects(team)).size).toBe(2 * defaults.tellsMax);
  });

  it('that was never told of an opening is not told of the end', async () => {
    const [world, team] = [createWorld(), aWebhook()];
    team.fault = hanging();
    without(world);
    await minutesOf(world, 2, { webhooks: { team } });
    withJar(world);
    await minutesOf(world, 2, { webhooks: { team } });
    team.fault = undefined;
    await minutesOf(world, 2, { webhooks: { team } });
    expect(subjects(team)).toEqual([]);
    expect(subjectsOf(world)).toEqual(JAR);
  });

  it('that refuses for good is told over the topic once, asked now and then, and told over when it takes one', async () => {
    const [world, team] = [createWorld(), aWebhook()];
    team.fault = gone();
    without(world);
    await minutesOf(world, 60, { webhooks: { team } });
    const opened = subjectsOf(world);
    expect(opened).toEqual([JAR[0], 'OPEN WEBHOOK_FAILING realtime']);
    expect(world.alerts[1]?.text).toContain('messages do not arrive at team (HTTP 410)');
    // Two messages wait for it.
    expect(team.tries).toBeLessThanOrEqual(2 * (1 + 3_600_000 / tellingLimits.refusedAgainMs));
    team.fault = undefined;
    await minutesOf(world, 15, { webhooks: { team } });
    expect(subjectsOf(world)).toEqual([...opened, 'CLOSED WEBHOOK_FAILING realtime']);
    expect(subjects(team)).toEqual(JAR.slice(0, 1));
  });

  it('that is mended when nothing else is open hears that it was failing, by which that ends', async () => {
    const [world, team] = [createWorld(), aWebhook()];
    team.fault = gone();
    without(world);
    await minutesOf(world, 10, { webhooks: { team } });
    withJar(world);
    await minutesOf(world, 10, { webhooks: { team } });
    team.fault = undefined;
    await minutesOf(world, 15, { webhooks: { team } });
    const failing = ['OPEN WEBHOOK_FAILING realtime', 'CLOSED WEBHOOK_FAILING realtime'];
    // Nobody takes checkpoints in this world.
    const told = (all: readonly string[]) => all.filter((subject) => !subject.includes('CHECKPOINTS_FAILING'));
    expect(told(subjects(team))).toEqual(failing);
    expect(told(subjectsOf(world))).toEqual([JAR[0], failing[0], JAR[1], failing[1]]);
  });

  it('whose failing passes within its patience is told to nobody', async () => {
    const [world, team] = [createWorld(), aWebhook()];
    team.fault = hanging();
    without(world);
    await minutesOf(world, tellingLimits.webhookFailingMs / 60_000, { webhooks: { team } });
    team.fault = undefined;
    await minutesOf(world, 10, { webhooks: { team } });
    expect(subjectsOf(world)).toEqual(JAR.slice(0, 1));
  });

  it('that leaves the manifest ends what was told of it', async () => {
    const [world, team] = [createWorld(), aWebhook()];
    team.fault = gone();
    without(world);
    await minutesOf(world, 10, { webhooks: { team } });
    await minutesOf(world, 1);
    expect(subjectsOf(world)).toEqual([JAR[0], 'OPEN WEBHOOK_FAILING realtime', 'CLOSED WEBHOOK_FAILING realtime']);
  });

  it('that joins hears of what is open, and nothing of what is over', async () => {
    const [world, team] = [createWorld(), aWebhook()];
    without(world);
    await minutesOf(world, 2);
    await minutesOf(world, 2, { webhooks: { team } });
    expect(subjects(team)).toEqual(JAR.slice(0, 1));
    withJar(world);
    await minutesOf(world, 2, { webhooks: { team, late: team } });
    expect(subjects(team)).toEqual(JAR);
  });

  it('with a bug in it is a failing webhook, and the pass goes on', async () => {
    const world = createWorld();
    const team = { publish: async () => Promise.reject(new Error('a bug')) };
    without(world);
    await minutesOf(world, 10, { webhooks: { team } });
    expect(subjectsOf(world)).toContain('OPEN WEBHOOK_FAILING realtime');
  });
});
