import { describe, expect, test } from 'vitest';
import { readOptions } from '../../../bench/options.ts';

const read = (line: string) => readOptions(line.split(' '));

describe('the words after npm run bench', () => {
  test.each([
    ['start', { benchmark: 'start', json: false, runs: 9, shellRuns: 2, bootMs: 0 }],
    ['start --json --runs 2 --shell 0 --boot 0', { benchmark: 'start', json: true, runs: 2, shellRuns: 0, bootMs: 0 }],
    ['start --boot 40', { benchmark: 'start', json: false, runs: 3, shellRuns: 0, bootMs: 40_000 }],
    [
      'start --boot 90 --runs 99 --shell 1',
      { benchmark: 'start', json: false, runs: 99, shellRuns: 1, bootMs: 90_000 },
    ],
    ['recover', { benchmark: 'recover', json: false, runs: 5 }],
    ['recover --runs 9 --json', { benchmark: 'recover', json: true, runs: 9 }],
    ['tick', { benchmark: 'tick', json: false, runs: 5 }],
    ['tick --runs 3 --json', { benchmark: 'tick', json: true, runs: 3 }],
    ['cold', { benchmark: 'cold', json: false, runs: 15 }],
    ['cold --runs 20 --json', { benchmark: 'cold', json: true, runs: 20 }],
    ['memory', { benchmark: 'memory', json: false, runs: 5, memoryMb: 256 }],
    ['memory --memory 1024 --runs 1', { benchmark: 'memory', json: false, runs: 1, memoryMb: 1_024 }],
  ])('%s', (line, options) => expect(read(line)).toEqual(options));

  test.each([
    '',
    'begin',
    '--json',
    'start now',
    'start --runs 0',
    'start --runs 100',
    'start --runs many',
    'start --shell -1',
    'start --boot 91',
    'start --memory 256',
    'tick --runs 0',
    'tick --memory 256',
    'cold --runs 1.5',
    'cold --boot 40',
    'recover --runs 0',
    'memory --memory 127',
    'memory --memory 10241',
  ])('"%s" is not understood', (line) => expect(read(line)).toBeUndefined());
});
