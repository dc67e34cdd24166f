import { expect, test } from 'vitest';
import { sized } from '../../../bin/sizes.ts';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.0 KB'],
  [9_949, '9.9 KB'],
  [10_000, '10 KB'],
  [1_234_567_890, '1.2 GB'],
  [5e18, '5000 PB'],
])('%d bytes are %s', (bytes, text) => {
  expect(sized(bytes)).toBe(text);
});
