import { describe, expect, test } from 'vitest';
import { comesAndGoes, type Evidence, judge, openIncidents } from '../../soak/judge.ts';

const A = 'a'.repeat(32);
const B = 'b'.repeat(32);
const opened = { key: 'JOB_LOST_REPEATEDLY#orders', firstSeenMs: 1, state: 'open' };
const closed = { ...opened, state: 'closed' };
const again = { ...opened, firstSeenMs: 2 };

const FINE: Evidence = {
  copies: [],
  submissions: [
    { name: 'orders', jobId: A, atMs: 1 },
    { name: 'orders', jobId: B, atMs: 2 },
  ],
  starts: [{ of: 'orders 1' }, { of: 'orders 2', from: 's3://state/chk-3', newest: 's3://state/chk-3' }],
  counts: { orders: { lines: 10, lost: 0, doubled: 0 } },
  late: [],
  told: [opened, closed, again, { ...again, state: 'closed' }],
  down: [],
};

const broken = (change: Partial<Evidence>): readonly string[] =>
  judge({ ...FINE, ...change }).flatMap(({ broken: texts }) => texts);

describe('what a soak comes to', () => {
  test('is fine when nothing broke a promise', () => {
    expect(broken({})).toEqual([]);
    expect(judge(FINE)).toHaveLength(7);
  });

  test.each<[string, Partial<Evidence>, string]>([
    ['two copies', { copies: ['2 live copies of orders'] }, '2 live copies of orders'],
    [
      'an id that was submitted again',
      { submissions: [...FINE.submissions, { name: 'orders', jobId: B, atMs: 3 }] },
      `orders ${B} was submitted 2 times`,
    ],
    [
      'an older snapshot',
      { starts: [{ of: 'orders 2', from: 'chk-2', newest: 'chk-3' }] },
      'orders 2 began from chk-2; the newest was chk-3',
    ],
    [
      'an empty start',
      { starts: [{ of: 'orders 2', newest: 'chk-3' }] },
      'orders 2 began from nothing; the newest was chk-3',
    ],
    [
      'a lost count',
      { counts: { orders: { lines: 9, lost: 1, doubled: 0 } } },
      'orders: 1 lost and 0 doubled of 9 lines',
    ],
    [
      'a doubled count',
      { counts: { orders: { lines: 9, lost: 0, doubled: 2 } } },
      'orders: 0 lost and 2 doubled of 9 lines',
    ],
    [
      'no output, in which nothing could be missed',
      { counts: { orders: { lines: 0, lost: 0, doubled: 0 } } },
      'orders wrote nothing',
    ],
    ['a job that came late', { late: ['round 2'] }, 'round 2'],
    ['a job that is down', { down: ['orders'] }, 'orders'],
  ])('is not with %s', (_what, change, text) => {
    expect(broken(change)).toEqual([text]);
  });
});

describe('incidents of a soak', () => {
  test.each([
    ['no end', [opened], 'open'],
    ['no beginning', [closed], 'closed'],
    ['two ends', [opened, closed, { ...closed, firstSeenMs: 2 }], 'open, closed, closed'],
    ['two openings in a row', [opened, again, { ...again, state: 'closed' }], 'open, open, closed'],
  ])('are wrong with %s', (_what, told, states) => {
    expect(broken({ told })).toEqual([`${opened.key}: ${states}`]);
  });

  test('may be updated in between, and come and go', () => {
    const update = { ...opened, state: 'update' };
    expect(broken({ told: [opened, update, update, closed] })).toEqual([]);
    const times = (count: number) => Array.from({ length: count }, (_, firstSeenMs) => ({ ...opened, firstSeenMs }));
    expect([2, 3].map((count) => comesAndGoes(times(count), opened.key))).toEqual([false, true]);
    expect(comesAndGoes(times(3), 'another')).toBe(false);
  });

  test('are fine when SNS delivers a message again, and when there were none', () => {
    expect(broken({ told: [opened, opened, closed, closed] })).toEqual([]);
    expect(broken({ told: [] })).toEqual([]);
  });

  test('are open until their newest message says otherwise', () => {
    expect(openIncidents([opened])).toEqual([opened.key]);
    expect(openIncidents([opened, closed])).toEqual([]);
    expect(openIncidents([opened, closed, again])).toEqual([opened.key]);
  });
});
