import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { foldIncidents } from '../../../lib/core/incidents.ts';
import { withIntent } from '../../../lib/core/intent.ts';
import { problem } from '../../../lib/core/problems.ts';
import { anAttempt, aPost, idOf, jm, memoryOf, ranOn, t0 } from '../../support/builders.ts';
import { decision, incidentsOf, names, planned, post, run, sizeOf } from './planning.ts';

describe('the memory before an effect', () => {
  it('knows the attempt and its POST (I3)', () => {
    expect(withIntent(memoryOf(ranOn(jm(9), 1)), run('orders', 2))).toEqual(
      memoryOf(ranOn(jm(9), 1), anAttempt(2, { posts: [post] })),
    );
  });

  it('has a repeated attempt once, in its place', () => {
    const memory = memoryOf(anAttempt(1), anAttempt(2));
    expect(withIntent(memory, run('orders', 1)).attempts.map(({ n, posts }) => [n, posts.length])).toEqual([
      [1, 1],
      [2, 0],
    ]);
  });

  it('keeps another attempt with the same number, as a lost table leaves it (F125)', () => {
    const other = ranOn(jm(9), 1, { jobId: idOf(1, 'ORDERS') });
    expect(withIntent(memoryOf(other), run('orders', 1)).attempts).toHaveLength(2);
  });

  it('forgets a jar that is about to be removed, and no other', () => {
    const memory = memoryOf(anAttempt(1, { posts: [aPost({ jarId: 'a' }), aPost({ id: 2, jarId: 'b' })] }));
    const after = withIntent(memory, { kind: 'delete-jar', job: 'orders', to: jm(), jarId: 'a' });
    expect(after).toEqual(memoryOf(anAttempt(1, { posts: [aPost(), aPost({ id: 2, jarId: 'b' })] })));
  });
});

describe('what a pass writes', () => {
  it('is nothing when nothing changed (I12)', () => {
    const memory = memoryOf(ranOn(jm()));
    const incidents = incidentsOf(1);
    const before = { jobs: { orders: memory }, incidents, orders: [] };
    const plan = planned({ memories: { orders: memory }, decisions: [decision('orders')], incidents }, before);
    expect(plan).toEqual({ jobs: {}, incidents: [], log: [], consumed: [], effects: [], deferred: [] });
  });

  it('is the intent with the effect and a line of the audit trail (I3)', () => {
    const plan = planned({ decisions: [decision('orders', run('orders'))] });
    expect(plan.jobs).toEqual({ orders: memoryOf(anAttempt(1, { posts: [post] })) });
    expect(plan.effects).toEqual([run('orders')]);
    const line = { job: 'orders', attempt: 1, jobId: idOf(), what: 'run', because: 'it was never submitted', atMs: t0 };
    expect(plan.log).toEqual([line]);
  });

  it('is no intent and no effect when too little time is left (F89)', () => {
    const plan = planned({ decisions: [decision('orders', run('orders'))], mayAct: false });
    expect(plan).toEqual({ jobs: {}, incidents: [], log: [], consumed: [], effects: [], deferred: [] });
  });

  it('fits in one transaction, also with many orders; one that does not fit is not over', () => {
    const decisions = names(60).map((job) => decision(job, run(job)));
    const consumed = names(60).map((job) => ({ id: `order of ${job}`, job, what: 'release', because: 'x' }));
    const plan = planned({ decisions, consumed, incidents: incidentsOf(10) });
    expect(sizeOf(plan)).toBeLessThanOrEqual(defaults.transactionItemsMax);
    expect(plan.consumed).toEqual(Object.keys(plan.jobs).map((job) => `order of ${job}`));
    expect(plan.deferred.length).toBe(60 - plan.consumed.length);
  });

  it('holds what came of an effect, with its reason', () => {
    const memory = memoryOf(anAttempt(1, { posts: [aPost({ answer: 'refused' })] }));
    const refusal = { code: 'MAIN_THREW', text: 'no database' };
    const outcomes = [{ job: 'orders', attempt: 1, postId: 1, answer: 'refused', refusal }] as const;
    const { log } = planned({ memories: { orders: memory }, decisions: [decision('orders')], outcomes });
    expect(log).toMatchObject([{ jobId: idOf(), what: 'refused', because: 'no database' }]);
  });

  it('names the attempt that an outcome is of, or none where it is forgotten', () => {
    const memories = { orders: memoryOf(anAttempt(1), anAttempt(2)) };
    const outcome = (attempt: number) => ({ job: 'orders', attempt, postId: 1, answer: 'accepted' }) as const;
    const { log } = planned({ memories, decisions: [decision('orders')], outcomes: [2, 3].map(outcome) });
    const line = { job: 'orders', what: 'accepted', because: '', atMs: t0 };
    expect(log).toEqual([
      { ...line, attempt: 2, jobId: idOf(2) },
      { ...line, attempt: 3, jobId: '' },
    ]);
  });

  it('names the job and its last attempt that an order is of, or neither', () => {
    const memories = { orders: memoryOf(anAttempt(1), anAttempt(2), anAttempt(3)) };
    const order = { what: 'release', because: 'anna: x' };
    const consumed = [
      { ...order, id: '1', job: 'orders' },
      { ...order, id: '2' },
      { ...order, id: '3', job: 'gone' },
    ];
    const { log } = planned({ memories, decisions: [decision('orders')], consumed });
    const line = { ...order, atMs: t0, attempt: 0, jobId: '' };
    expect(log).toEqual([
      { ...line, job: '', orderId: '2' },
      { ...line, job: 'gone', orderId: '3' },
      { ...line, job: 'orders', orderId: '1', attempt: 3, jobId: idOf(3) },
    ]);
  });

  it('of a dry run is what was seen alone: no intent, no adoption and no consequence of an order', () => {
    const seen = ranOn(jm(), 1, { end: { state: 'CANCELED', atMs: t0 } });
    const given = {
      memories: { orders: memoryOf({ ...seen, acknowledged: true }, ranOn(jm(), 2)) },
      remembered: { orders: memoryOf(seen) },
      decisions: [{ ...decision('orders', run('orders', 3)), verdict: 'would', dryRun: true }] as const,
    };
    const before = { jobs: { orders: memoryOf(ranOn(jm())) }, incidents: [], orders: [] };
    expect(planned(given, before)).toMatchObject({ jobs: given.remembered, log: [], effects: [] });
    expect(planned(given, { ...before, jobs: given.remembered }).jobs).toEqual({});
  });

  it('tells of an ordered end that expired unsent', () => {
    const stop = { how: 'cancel', order: 'restart', because: 'anna: x', expiresMs: t0 } as const;
    const ran = [1, 2, 3].map((n) => ranOn(jm(), n));
    const ordered = ran.map((attempt) => ({ ...attempt, stop }));
    const before = { jobs: { orders: memoryOf(...ordered) }, incidents: [], orders: [] };
    // The first is forgotten by now, the second still has its order.
    const memories = { orders: memoryOf(...ordered.slice(1, 2), ...ran.slice(2)) };
    const { jobs, log } = planned({ memories, decisions: [decision('orders')] }, before);
    expect(jobs).toEqual(memories);
    const because = 'it expired before it could be carried out; anna: x';
    expect(log).toEqual([{ job: 'orders', attempt: 3, jobId: idOf(3), what: 'restart dropped', because, atMs: t0 }]);
  });

  it.each([
    [59_999, 0],
    [60_000, 1],
    [60_001, 1],
  ])('of an incident that only lasts, after %i ms, is %i item', (afterMs, count) => {
    const before = incidentsOf(1);
    const incidents = before.map((incident) => ({ ...incident, lastSeenMs: t0 + afterMs }));
    const plan = planned({ incidents, nowMs: t0 + afterMs }, { jobs: {}, incidents: before, orders: [] });
    expect(plan.incidents).toHaveLength(count);
  });

  it('is nothing of an incident that nobody could look at since', () => {
    const before = incidentsOf(1);
    for (const incidents of [before, before.map((incident) => ({ ...incident }))]) {
      const plan = planned({ incidents, nowMs: t0 + 120_000 }, { jobs: {}, incidents: before, orders: [] });
      expect(plan.incidents).toEqual([]);
    }
  });

  it('of an incident that changed is written at once', () => {
    const before = incidentsOf(1);
    const incidents = before.map((incident) => ({ ...incident, state: 'closed' as const, closedMs: t0 }));
    expect(planned({ incidents }, { jobs: {}, incidents: before, orders: [] }).incidents).toEqual(incidents);
  });
});

describe('many incidents that only last', () => {
  it('do not keep a new one from being written', () => {
    const before = incidentsOf(defaults.incidentsMax);
    const lasting = before.map((incident) => ({ ...incident, lastSeenMs: t0 + 60_000 }));
    const news = foldIncidents([], [problem('ECS_UNSEEN', 'throttled')], () => false, t0 + 60_000);
    const plan = planned(
      { incidents: [...lasting, ...news], nowMs: t0 + 60_000 },
      { jobs: {}, incidents: before, orders: [] },
    );
    expect(plan.incidents[0]?.key).toBe('ECS_UNSEEN');
    expect(plan.incidents).toHaveLength(defaults.incidentsMax);
  });
});
