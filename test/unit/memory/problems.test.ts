import { describe, expect, it } from 'vitest';
import { problem, type ToldCode, told } from '../../../lib/core/problems.ts';

const codes = Object.keys(told) as ToldCode[];

describe('what a person is told', () => {
  it.each(codes)('%s: what comes next and what they can do', (code) => {
    const { next, fix, graceMs } = told[code];
    expect(code).toMatch(/^[A-Z_]+$/);
    for (const sentence of [next, fix]) expect(sentence).toMatch(/^[A-Z][^\n]{20,}\.$/);
    expect(graceMs).toBeGreaterThanOrEqual(0);
    expect(problem(code, 'x').done ?? 'It was.').toMatch(/^[A-Z][^\n]{5,}\.$/);
  });

  it('names the job, or nothing where it is of the cluster', () => {
    const { graceMs, next, fix } = told.JAR_MISSING;
    expect(problem('JAR_MISSING', 'there is no x.jar', 'orders')).toEqual({
      code: 'JAR_MISSING',
      job: 'orders',
      what: 'there is no x.jar',
      graceMs,
      next,
      fix,
    });
    expect(problem('ECS_UNSEEN', 'throttled')).not.toHaveProperty('job');
  });

  it.each([
    'JOB_CANCELED',
    'JOB_FAILED',
    'JOB_GONE',
    'STATE_REQUIRED',
    'SUBMISSION_REFUSED',
    'SUBMISSION_KILLS_JOBMANAGER',
    'UNMATCHED_JOB',
  ] as const)('%s: a hold names the change of the manifest that ends it', (code) => {
    expect(told[code].fix).toMatch(/manifest|spec|`enabled/);
    expect(told[code].fix).toContain('deploy');
    expect(told[code].graceMs).toBe(0);
  });
});
