import { afterEach, expect, test, vi } from 'vitest';
import { firstAnswer } from '../../../bench/start/poll.ts';

afterEach(() => void vi.useRealTimers());

const never = new AbortController().signal;

test('questions without an answer and those that fail are asked again', async () => {
  const answers = [async () => undefined, () => Promise.reject(new Error('not up yet')), async () => 'ready'];
  const before = Date.now();
  const { value, atMs } = await firstAnswer(async () => answers.shift()?.(), never);
  expect(value).toBe('ready');
  expect(answers).toHaveLength(0);
  expect(atMs).toBeGreaterThanOrEqual(before);
  expect(atMs).toBeLessThanOrEqual(Date.now());
});

test('one question is open at a time, however slow its answer is', async () => {
  vi.useFakeTimers();
  const slow = Promise.withResolvers<undefined>();
  const answers = [slow.promise, Promise.resolve('ready')];
  const asking = firstAnswer(async () => answers.shift(), never);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(answers).toHaveLength(1);
  slow.resolve(undefined);
  await vi.advanceTimersByTimeAsync(0);
  expect((await asking).value).toBe('ready');
});

test('ends with the reason of the signal', async () => {
  const given = new AbortController();
  const asking = firstAnswer(async () => {
    given.abort(new Error('too long'));
    return undefined;
  }, given.signal);
  await expect(asking).rejects.toThrow('too long');
});
