import { expect, test } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { Fault } from '../../../lib/core/errors.ts';
import type { Clock } from '../../../lib/ports.ts';
import { retryTransient } from '../../../lib/retry.ts';

const steppedClock = (): Clock & { readonly sleeps: number[] } => {
  let now = 1_000;
  const sleeps: number[] = [];
  const sleep = async (ms: number) => {
    sleeps.push(ms);
    now += ms;
  };
  return { nowMs: () => now, sleep, sleeps };
};

/** Throws `fault` the first `times` times. */
const failing = (times: number, fault: unknown) => {
  let calls = 0;
  const work = async () => {
    calls += 1;
    if (calls <= times) throw fault;
    return calls;
  };
  return { work, calls: () => calls };
};

const busy = new Fault('transient', 'BUSY', 'busy');

test('a transient fault is tried again up to the limit, with doubling waits (F24)', async () => {
  const clock = steppedClock();
  const { work } = failing(defaults.retriesMax, busy);
  expect(await retryTransient(clock, () => 1, Number.POSITIVE_INFINITY, work)).toBe(defaults.retriesMax + 1);
  expect(clock.sleeps).toEqual([50, 100, 200]);
});

test('one more than the limit is thrown (F71)', async () => {
  const { work, calls } = failing(defaults.retriesMax + 1, busy);
  await expect(retryTransient(steppedClock(), () => 0, Number.POSITIVE_INFINITY, work)).rejects.toBe(busy);
  expect(calls()).toBe(defaults.retriesMax + 1);
});

test('waits are drawn between half and the whole (F24)', async () => {
  const clock = steppedClock();
  await retryTransient(clock, () => 0, Number.POSITIVE_INFINITY, failing(1, busy).work);
  expect(clock.sleeps).toEqual([25]);
});

test.each([
  ['at the deadline', 1_050, 1],
  ['just before the deadline', 1_051, 2],
])('a wait that ends %s', async (_, deadlineMs, expected) => {
  const { work, calls } = failing(1, busy);
  await retryTransient(steppedClock(), () => 1, deadlineMs, work).catch(() => {});
  expect(calls()).toBe(expected);
});

test.each(['unknown-outcome', 'conflict', 'rejected', 'invalid', 'bug'] as const)(
  '%s is never tried again',
  async (kind) => {
    const fault = new Fault(kind, 'X', 'x');
    const { work, calls } = failing(1, fault);
    await expect(retryTransient(steppedClock(), () => 0, Number.POSITIVE_INFINITY, work)).rejects.toBe(fault);
    expect(calls()).toBe(1);
  },
);

test('what is not a fault comes out as a bug', async () => {
  const { work } = failing(1, new TypeError('x is not a function'));
  const thrown = retryTransient(steppedClock(), () => 0, Number.POSITIVE_INFINITY, work);
  await expect(thrown).rejects.toMatchObject({ kind: 'bug', message: 'x is not a function' });
});
