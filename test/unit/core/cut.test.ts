import { describe, expect, it } from 'vitest';
import { cut } from '../../../lib/core/cut.ts';

describe('a text that is cut to its limit', () => {
  it.each([
    ['', 3, ''],
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['abcdef', 3, 'ab…'],
    ['a😀', 3, 'a😀'],
    ['a😀b', 3, 'a…'],
    ['😀😀', 3, '😀…'],
    ['\ud83dab', 3, '\ufffdab'],
    ['a\ud83d', 2, 'a\ufffd'],
    ['a\ud83dbc', 3, 'a…'],
  ])('%j in %i is %j', (text, max, expected) => {
    expect(cut(text, max)).toBe(expected);
    expect(expected.length).toBeLessThanOrEqual(max);
  });
});
