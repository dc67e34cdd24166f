import { describe, expect, test } from 'vitest';
import { installEmulator } from '../../../local/install/emulator.ts';
import { actionsIn, withRequests, withRoles } from './doctored.ts';
import { isKeyAction } from './iam/needs.ts';
import { judge } from './judge.ts';
import { readModels } from './model/model.ts';
import { type Recording, readRecordings } from './recording.ts';

const { python } = await installEmulator(() => {});
const models = readModels(python);
const recordings = readRecordings();
const judged = (doctored: readonly Recording[]) => judge(models, doctored);

describe('all AWS calls of the functions in this run', () => {
  const { misfits, refused, tooWide, unused, calls } = judged(recordings);

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

    // Whether a value has a key of its own, no call tells.
    const surelyNeeded = actionsIn(recordings).filter((action) => !isKeyAction(action));
    test.each(surelyNeeded)('a role without %s would have been refused', (action) => {
      const poorer = withRoles(recordings, (one) => [{ ...one, actions: one.actions.filter((own) => own !== action) }]);
      expect(judged(poorer).refused.join()).toContain(`: ${action} on `);
    });

    test('one more action in any statement would have been of no use', () => {
      const richer = withRoles(recordings, (one) => [{ ...one, actions: [...one.actions, 'iam:PassRole'] }]);
      expect(judged(richer).unused.join()).toContain(': iam:PassRole on ');
    });

    test.each<[string, (input: object) => object, string]>([
      ['a member that AWS does not know', (input) => ({ ...input, tableName: 'x' }), '.tableName: unknown member'],
      ['nothing', () => ({}), '.TableName: required'],
      ['a number for a name', (input) => ({ ...input, TableName: 5 }), '.TableName: should be a string'],
    ])('with %s they would not have fitted', (_what, change, expected) => {
      expect(judged(withRequests(recordings, change)).misfits.join()).toContain(expected);
    });
  }
});
