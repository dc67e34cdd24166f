import { describe, expect, test } from 'vitest';
import { shellMethod } from '../../../bench/start/shell.ts';

/** A Flink that is up after so many seconds, under a clock that only sleeping moves. */
const flinkUpAfter = (upAtS: number) => {
  const seen = { nowS: 0, asked: 0, submittedAtS: Number.NaN };
  const steps = {
    sleep: async (ms: number) => {
      seen.nowS += ms / 1_000;
    },
    isUp: async () => {
      seen.asked += 1;
      return seen.nowS >= upAtS;
    },
    submit: async () => {
      seen.submittedAtS = seen.nowS;
    },
  };
  return { seen, steps };
};

describe('the shell method', () => {
  test.each([
    { upAtS: 3, submittedAtS: 60, asked: 1 },
    { upAtS: 60, submittedAtS: 60, asked: 1 },
    { upAtS: 61, submittedAtS: 62, asked: 2 },
    { upAtS: 118, submittedAtS: 118, asked: 30 },
  ])('submits $submittedAtS s after its start to a Flink that is up after $upAtS s', async ({ upAtS, ...expected }) => {
    const { seen, steps } = flinkUpAfter(upAtS);
    await shellMethod(steps);
    expect(seen).toMatchObject(expected);
  });

  test('gives up after 30 questions', async () => {
    const { seen, steps } = flinkUpAfter(119);
    await expect(shellMethod(steps)).rejects.toThrow('not up after 30 questions');
    expect(seen).toEqual({ nowS: 118, asked: 30, submittedAtS: Number.NaN });
  });
});
