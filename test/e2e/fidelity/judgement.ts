import { describe, expect, test } from 'vitest';
import { installEmulator } from '../../../local/install/emulator.ts';
import { judge } from './judge.ts';
import { readModels } from './model/model.ts';
import { readRecordings } from './recording.ts';

const { python } = await installEmulator(() => {});
const models = readModels(python);
const recordings = readRecordings();

describe('all AWS calls of the functions in this run', () => {
  const { misfits, refused, tooWide, unused, calls } = judge(models, recordings);

  test('each fits AWS’s own model of its service', () => {
    console.log(`${calls} calls in ${recordings.length} recordings`);
    expect(misfits).toEqual([]);
  });

  test('each is allowed by the role of the function that made it, and by nothing wider than it needs', () => {
    expect({ refused, tooWide }).toEqual({ refused: [], tooWide: [] });
  });

  // A few files alone do not need all that the product may do.
  if (process.env.E2E_WHOLE === 'true') {
    test('every part of every role was needed by one of them', () => {
      expect(calls).toBeGreaterThan(0);
      expect(unused).toEqual([]);
    });
  }
});
