import { describe, expect, test } from 'vitest';
import { readOptions } from '../../soak/options.ts';

describe('npm run soak', () => {
  test('without words is half an hour of one JobManager on the default Flink', () => {
    expect(readOptions([])).toEqual({ minutes: 30, jobManagers: 1, flink: '1.20.5' });
  });

  test('takes minutes, a seed, JobManagers and a Flink', () => {
    const words = ['--minutes', '3', '--seed', '0', '--jobmanagers', '2', '--flink', '2.3.0'];
    expect(readOptions(words)).toEqual({ minutes: 3, seed: 0, jobManagers: 2, flink: '2.3.0' });
  });

  test.each([
    [['--minutes', '0'], '--minutes is 0: a number from 1 to 1440 is right.'],
    [['--minutes', '1441'], '--minutes is 1441: a number from 1 to 1440 is right.'],
    [['--seed', 'x'], '--seed is x: a number from 0 to 999999999 is right.'],
    [['--jobmanagers', '3'], '--jobmanagers is 3: a number from 1 to 2 is right.'],
    [['--flink', '1.2'], 'There is no Flink 1.2 here.'],
  ])('says of %j what would be right', (words, text) => {
    expect(readOptions(words)).toBe(text);
  });

  test('says of an unknown word that it is unknown', () => {
    expect(readOptions(['--hours', '1'])).toContain('--hours');
  });
});
