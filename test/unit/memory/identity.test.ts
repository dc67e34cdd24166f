import { describe, expect, it } from 'vitest';
import { attemptOf, jobIdOf } from '../../../lib/core/identity.ts';

const lineage = '0123456789abcdef';

describe('a Flink job id of ours', () => {
  it.each([
    [1, '0123456789abcdef' + '00000001' + 'd1ced1ce'],
    [255, '0123456789abcdef' + '000000ff' + 'd1ced1ce'],
    [0xffff_ffff, '0123456789abcdef' + 'ffffffff' + 'd1ced1ce'],
  ])('carries lineage, attempt %i and chance, and tells its attempt again', (attempt, jobId) => {
    expect(jobIdOf(lineage, attempt, 'd1ced1ce')).toBe(jobId);
    expect(attemptOf(lineage, jobId)).toBe(attempt);
  });

  it.each([
    ['of another lineage', '1123456789abcdef00000001d1ced1ce'],
    ['with one digit less', '0123456789abcdef00000001d1ced1c'],
    ['with one digit more', '0123456789abcdef00000001d1ced1cee'],
    ['drawn by Flink', 'ffffffffffffffffffffffffffffffff'],
    ['that is empty', ''],
  ])('is not recognised in one %s', (_, jobId) => {
    expect(attemptOf(lineage, jobId)).toBeUndefined();
  });
});
