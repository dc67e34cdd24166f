import { describe, expect, it } from 'vitest';
import { overtakenLines, savepointLines } from '../../../lib/core/audit-lines.ts';
import { planChanges } from '../../../lib/core/changes.ts';
import type { Attempt, Observation, Order, Savepoint, SavepointStatus } from '../../../lib/core/model.ts';
import { remember } from '../../../lib/core/remember.ts';
import {
  aCheckpoint,
  aCluster,
  anOrder,
  aStatefulJob,
  idOf,
  jm,
  look,
  memoryOf,
  ranOn,
  t0,
} from '../../support/builders.ts';
import { running, seeing, sent, taken, wanted } from '../../support/saving.ts';

describe('the audit trail says what came of a savepoint:', () => {
  const remembered = (before: Attempt, observation: Observation) =>
    remember(memoryOf(before), aStatefulJob(), aCluster(), observation, [], t0);

  it.each<[string, string, Attempt, Observation]>([
    ['savepoint completed', taken.path, running(sent), seeing({ state: 'completed', path: taken.path })],
    ['savepoint completed', taken.path, running(sent), seeing({ state: 'unknown' }, [taken])],
    ['savepoint failed', 'full', running(sent), seeing({ state: 'failed', because: 'full' })],
  ])('%s: %s', (what, because, before, observation) => {
    const lines = savepointLines('orders', memoryOf(before), remembered(before, observation), t0);
    expect(lines).toEqual([{ job: 'orders', attempt: 1, jobId: idOf(), what, because, atMs: t0 }]);
  });

  it('nothing twice, and nothing of one that is under way', () => {
    const done = running({ ...sent, path: taken.path });
    expect(savepointLines('orders', memoryOf(done), remembered(done, seeing(undefined, [taken])), t0)).toEqual([]);
    expect(savepointLines('orders', memoryOf(running(sent)), remembered(running(sent), seeing()), t0)).toEqual([]);
  });

  it('nothing of one that still waits to be asked for, or was just asked for', () => {
    for (const now of [wanted, sent])
      expect(savepointLines('orders', memoryOf(running(wanted)), memoryOf(running(now)), t0)).toEqual([]);
  });

  it('what is taken back', () => {
    const lines = (now: Attempt) => savepointLines('orders', memoryOf(running(wanted)), memoryOf(now), t0);
    expect(lines(running())).toMatchObject([
      { what: 'savepoint dropped', because: expect.stringContaining('expired') },
    ]);
    const stop = { how: 'cancel', order: 'restart', because: 'x' } as const;
    expect(lines(running(undefined, { stop }))).toMatchObject([
      { what: 'savepoint dropped', because: expect.stringContaining('its job is to end') },
    ]);
  });

  it('the one that is new, beside a checkpoint and an older savepoint', () => {
    const older = { ...taken, path: 's3://elsewhere/savepoint-0', id: 9 };
    const now = running(undefined, { snapshots: [older, aCheckpoint(8), taken] });
    const lines = savepointLines('orders', memoryOf(running(sent, { snapshots: [older] })), memoryOf(now), t0);
    expect(lines).toMatchObject([{ what: 'savepoint completed', because: taken.path }]);
  });

  it('the one below its own directory, beside one that a person took meanwhile', () => {
    const byHand = { ...taken, path: 's3://state/savepoints/savepoint-by-hand', id: 9 };
    const now = running(undefined, { snapshots: [byHand, taken] });
    const lines = savepointLines('orders', memoryOf(running(sent)), memoryOf(now), t0);
    expect(lines).toMatchObject([{ what: 'savepoint completed', because: taken.path }]);
  });

  it('of its own attempt, and nothing of what nobody knows', () => {
    const before = memoryOf(running(sent));
    const now = running(undefined, { snapshots: [taken] });
    expect(savepointLines('orders', before, memoryOf(ranOn(jm(9), 0, { jobId: idOf(9) }), now), t0)).toHaveLength(1);
    expect(savepointLines('orders', before, memoryOf(ranOn(jm(), 2)), t0)).toEqual([]);
    expect(savepointLines('orders', before, memoryOf(running()), t0)).toEqual([]);
  });
});

describe('the audit trail says of savepoints that were ordered together with their job’s end', () => {
  const order = { id: '1', job: 'orders', what: 'savepoint', because: 'anna: x' };
  const stop = { how: 'savepoint', order: 'restart', because: 'x' } as const;
  const lines = (what: string, ...attempts: readonly Attempt[]) =>
    overtakenLines('orders', [{ ...order, what }], memoryOf(...attempts), t0);

  it('that they are dropped: its end takes one', () => {
    expect(lines('savepoint', running(undefined, { stop }))).toEqual([
      {
        job: 'orders',
        attempt: 1,
        jobId: idOf(),
        what: 'savepoint dropped',
        because: 'its job is to end; anna: x',
        atMs: t0,
      },
    ]);
  });

  it('nothing of other orders, of a job that runs on, or of one that ended before', () => {
    expect(lines('restart', running(undefined, { stop }))).toEqual([]);
    expect(lines('savepoint', running(wanted))).toEqual([]);
    const ended = running(undefined, { stop, end: { state: 'FINISHED', atMs: t0 } });
    expect(lines('savepoint', ended, ranOn(jm(), 2, { savepoint: wanted }))).toEqual([]);
  });

  const logged = (kinds: readonly Order['kind'][], savepoint?: Savepoint, status?: SavepointStatus) => {
    const observation = seeing(status);
    const orders = kinds.map((kind, index) => anOrder(kind, { id: String(index) }));
    const before = memoryOf(running(savepoint));
    const { memory, decision, consumed } = look({ job: aStatefulJob(), memory: before, observation, orders });
    const findings = { decisions: [decision], outcomes: [], incidents: [], consumed, mayAct: true, nowMs: t0 };
    const remembered = { orders: remember(before, aStatefulJob(), aCluster(), observation, [], t0) };
    const plan = planChanges(
      { jobs: { orders: before }, incidents: [], orders },
      { ...findings, memories: { orders: memory }, remembered },
    );
    return plan.log.map(({ what }) => what).filter((what) => what.startsWith('savepoint'));
  };

  it('in the very transaction that holds both', () => {
    expect(logged(['savepoint', 'restart'])).toEqual(['savepoint', 'savepoint dropped']);
  });

  it('what was seen of an earlier one in the same look, which the end makes forgotten', () => {
    expect(logged(['restart'], sent, { state: 'failed', because: 'full' })).toEqual(['savepoint failed']);
    expect(logged(['restart'], sent, { state: 'completed', path: taken.path })).toEqual(['savepoint completed']);
    expect(logged(['restart'], { ...wanted, expiresMs: t0 + 1 })).toEqual(['savepoint dropped']);
  });
});
