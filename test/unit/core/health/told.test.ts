import { expect, it } from 'vitest';
import type { Decision } from '../../../../lib/core/decision.ts';
import { staysTold } from '../../../../lib/core/health/told.ts';
import { problem } from '../../../../lib/core/problems.ts';

it.each<[string, Partial<Decision>, boolean]>([
  ['while nothing is known of the job', { blind: true, verdict: 'off' }, true],
  ['while it was not seen well', { verdict: 'steady' }, true],
  ['while something else was seen well', { verdict: 'steady', well: ['CHECKPOINTS_FAILING'] }, true],
  ['no longer once it was seen well', { verdict: 'steady', well: ['RESTART_LOOP'] }, false],
  ['while it is to be started again', { verdict: 'act' }, true],
  ['no longer when it is switched off', { verdict: 'off' }, false],
  ['no longer when it is done', { verdict: 'done' }, false],
  ['no longer when it is held', { verdict: 'hold', problem: problem('JOB_FAILED', 'x') }, false],
  ['no longer when it is held without a word', { verdict: 'hold' }, false],
  ['while two of it live', { verdict: 'hold', problem: problem('TWO_LIVE_COPIES', 'x') }, true],
])('a restart loop stays told %s', (_, changes, stays) => {
  expect(staysTold({ job: 'orders', saw: 'x', verdict: 'wait', because: 'x', ...changes }, 'RESTART_LOOP')).toBe(stays);
});
