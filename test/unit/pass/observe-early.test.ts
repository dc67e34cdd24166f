import { describe, expect, it } from 'vitest';
import type { FlinkView, Observation, Seen } from '../../../lib/core/model.ts';
import { observe } from '../../../lib/observe.ts';
import type { EcsTasks, FlinkRest } from '../../../lib/ports.ts';
import { aCluster, aTask, aView, jm, known, observed, stopped, t0, unknown } from '../../support/builders.ts';
import { createJobManager } from './fake-jobmanager.ts';
import { createWorld, portsOf } from './fake-ports.ts';

/** A look after an earlier one that saw `before`; how often each address was asked, and what was asked before ECS answered. */
const looked = async (tasks: readonly ReturnType<typeof aTask>[], before: Observation) => {
  const world = createWorld();
  world.tasks = tasks;
  world.jobManagers.set(jm(2).address, createJobManager(jm(2).process));
  const asked: string[] = [];
  let early: readonly string[] = [];
  const real = portsOf(world);
  const identity: FlinkRest['identity'] = (at, deadlineMs) => {
    asked.push(new URL(at.url).hostname);
    return real.flink.identity(at, deadlineMs);
  };
  const look: EcsTasks['look'] = async (...args) => {
    await new Promise((done) => setTimeout(done));
    early = [...asked];
    return real.ecs.look(...args);
  };
  const ports = portsOf(world, { flink: { identity }, ecs: { look } });
  const memory = { jobs: {}, incidents: [], orders: [] };
  const { flink } = await observe(ports, aCluster(), memory, t0 + 60_000, before);
  const seen = (view: Seen<FlinkView> | undefined) => view?.known === true && view.value.incarnation.process;
  return { asked, early, seen: Object.fromEntries(Object.entries(flink).map(([arn, view]) => [arn, seen(view)])) };
};

describe('a JobManager that was there in the look before', () => {
  it('is asked beside ECS, and only once', async () => {
    const { early, asked, seen } = await looked([aTask()], observed());
    expect(early).toContain(jm().address);
    expect(asked).toHaveLength(2);
    expect(seen).toEqual({ [jm().taskArn]: jm().process });
  });

  it('is not asked early after a look that saw no ECS', async () => {
    const { early, seen } = await looked([aTask()], { ...observed(), ecs: unknown() });
    expect(early).toEqual([]);
    expect(seen).toEqual({ [jm().taskArn]: jm().process });
  });

  it.each([
    ['has stopped since', [stopped(jm()), aTask(jm(2))]],
    ['has left the lists', [aTask(jm(2))]],
  ])('and %s counts for nothing, however it answers', async (_, tasks) => {
    const { early, seen } = await looked(tasks, observed());
    expect(early).toContain(jm().address);
    expect(seen).toEqual({ [jm(2).taskArn]: jm(2).process });
  });

  it('and has another address since is asked there, and its old answer counts for nothing', async () => {
    const { seen, asked } = await looked([aTask(jm(), { address: jm(2).address })], observed());
    expect(seen).toEqual({ [jm().taskArn]: jm(2).process });
    expect(asked.filter((address) => address === jm(2).address)).toHaveLength(2);
  });

  it('and whose address is another task by now gives that one nothing', async () => {
    const { seen, asked } = await looked([aTask(jm(2), { address: jm().address })], observed());
    expect(Object.keys(seen)).toEqual([jm(2).taskArn]);
    expect(asked).toHaveLength(4);
  });

  it('and is silent now is not waited for once ECS no longer runs it', async () => {
    const world = createWorld();
    world.tasks = [stopped(jm()), aTask(jm(2))];
    world.jobManagers.set(jm(2).address, createJobManager(jm(2).process));
    const real = portsOf(world);
    const identity: FlinkRest['identity'] = (at, deadlineMs) =>
      at.url.includes(jm().address) ? new Promise(() => {}) : real.flink.identity(at, deadlineMs);
    const memory = { jobs: {}, incidents: [], orders: [] };
    const before = observed({ views: [aView()] });
    const { flink } = await observe(portsOf(world, { flink: { identity } }), aCluster(), memory, t0 + 60_000, before);
    expect(Object.keys(flink)).toEqual([jm(2).taskArn]);
    expect(flink[jm(2).taskArn]).toMatchObject(known({ incarnation: jm(2) }));
  });
});
