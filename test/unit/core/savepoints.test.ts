import { describe, expect, it } from 'vitest';
import { drawnTrigger } from '../../../lib/core/state/savepoints.ts';
import {
  aFlinkJob,
  anOrder,
  aStatefulJob,
  aTask,
  aView,
  draining,
  idOf,
  jm,
  type look,
  memoryOf,
  observed,
  ranOn,
  t0,
} from '../../support/builders.ts';
import { expiresMs, given, running, seeing, sent, wanted } from '../../support/saving.ts';

describe('the order `savepoint`', () => {
  const order = [anOrder('savepoint')];

  it('asks for one below the job’s own directory, its trigger in the memory before, and the job runs on (I3)', () => {
    const earlier = ranOn(jm(9), 0, { jobId: idOf(9), end: { state: 'LOST', atMs: t0 } });
    const memory = memoryOf(earlier, running());
    const { decision, consumed, ...after } = given(running(), seeing(), { orders: order, memory });
    expect(after.memory.attempts[0]).toEqual(earlier);
    const drawn = `${idOf().slice(0, 24)}d1ced1ce`;
    expect(consumed).toMatchObject([{ what: 'savepoint' }]);
    expect(decision).toMatchObject({ verdict: 'act', because: 'savepoint: anna: looked at it' });
    expect(decision.effect).toEqual({
      kind: 'savepoint',
      job: 'orders',
      attempt: running({ ...sent, triggerId: drawn }),
      to: jm(),
    });
  });

  it.each<[string, Parameters<typeof look>[0]]>([
    ['it is not live', { observation: observed() }],
    [
      'more than one copy of it is live',
      {
        memory: memoryOf(running(), ranOn(jm(), 2)),
        observation: observed({ views: [aView(jm(), { jobs: [aFlinkJob(idOf()), aFlinkJob(idOf(2))] })] }),
      },
    ],
    ['`enabled: false`', { job: aStatefulJob({ enabled: false }) }],
    ['`mode: watch`', { job: aStatefulJob({ mode: 'watch' }) }],
    ['a savepoint of it is under way', { memory: memoryOf(running(sent)) }],
    ['a savepoint of it is under way', { memory: memoryOf(running(wanted)) }],
    [
      'it is being ended',
      { memory: memoryOf(running(undefined, { stop: { how: 'cancel', order: 'restart', because: 'x', sentMs: t0 } })) },
    ],
    [
      'there is nowhere to put its savepoint',
      {
        observation: observed({
          views: [aView(jm(), { jobs: [aFlinkJob(idOf())], identity: { storage: { retained: 1 } } })],
        }),
      },
    ],
  ])('is dropped where %s', (because, more) => {
    const { consumed } = given(running(), seeing(), { orders: order, ...more });
    expect(consumed[0]?.dropped).toContain(because);
  });

  it('waits for all tasks, and for every JobManager to be in sight', () => {
    const slow = observed({ views: [aView(jm(), { jobs: [aFlinkJob(idOf(), 'RUNNING', { tasksRunning: 1 })] })] });
    expect(given(running(wanted), slow).decision.effect).toBeUndefined();
    const hidden = { ...seeing(), ecs: observed({ tasks: [aTask(), draining(jm(2))] }).ecs };
    expect(given(running(wanted), hidden).decision.effect).toBeUndefined();
    expect(given(running(wanted)).decision.effect).toMatchObject({ kind: 'savepoint' });
  });

  it('has a trigger of its own job, also where no chance was drawn', () => {
    const drawn = (dice: Readonly<Record<string, string>>) => drawnTrigger(aStatefulJob(), running(), { dice });
    expect(drawn({ orders: 'd1ced1ce', audit: 'eeeeeeee' })).toBe(`${idOf().slice(0, 24)}d1ced1ce`);
    expect(drawn({})).toBe(`${idOf().slice(0, 24)}00000000`);
  });

  it('waits while the cluster is not ready', () => {
    const views = [aView(jm(), { jobs: [aFlinkJob(idOf())], identity: { submission: false } })];
    expect(given(running(), observed({ views }), { orders: order }).consumed).toEqual([]);
  });

  it('is over once it waited too long', () => {
    const at = (nowMs: number) => given(running(wanted), seeing(), { nowMs }).memory.attempts[0];
    expect(at(expiresMs - 1)?.savepoint).toBeDefined();
    expect(at(expiresMs)?.savepoint).toBeUndefined();
  });

  it('is taken back by a restart that comes before it, and a restart waits for one that is under way', () => {
    const orders = [anOrder('restart')];
    const before = given(running(wanted), seeing(), { orders });
    expect(before.memory.attempts[0]).toMatchObject({ stop: { how: 'savepoint' } });
    expect(before.memory.attempts[0]?.savepoint).toBeUndefined();
    const under = given(running(sent), seeing({ state: 'in-progress' }), { orders });
    expect(under.consumed).toEqual([]);
    expect(under.decision.effect).toBeUndefined();
  });
});
