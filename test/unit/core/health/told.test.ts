import { expect, it } from 'vitest';
import type { Decision } from '../../../../lib/core/decision.ts';
import { staysTold } from '../../../../lib/core/health/told.ts';
import type { Effect } from '../../../../lib/core/model.ts';
import { problem } from '../../../../lib/core/problems.ts';
import { anAttempt, aPost, jm } from '../../../support/builders.ts';

const effectOf = (kind: 'run' | 'cancel'): Effect => {
  const attempt = anAttempt();
  if (kind === 'cancel') return { kind, job: 'orders', attempt, to: jm() };
  return { kind, job: 'orders', attempt, post: aPost() };
};

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
  ['no longer when a dry run only shows its start', { verdict: 'would', dryRun: true, effect: effectOf('run') }, false],
  [
    'while it runs, and a dry run shows its cancel',
    { verdict: 'would', dryRun: true, effect: effectOf('cancel') },
    true,
  ],
  ['while a dry run only waits', { verdict: 'wait', dryRun: true }, true],
  ['while it is about to be started', { verdict: 'act', effect: effectOf('run') }, true],
  ['while two of it live', { verdict: 'hold', problem: problem('TWO_LIVE_COPIES', 'x') }, true],
])('a restart loop stays told %s', (_, changes, stays) => {
  expect(staysTold({ job: 'orders', saw: 'x', verdict: 'wait', because: 'x', ...changes }, 'RESTART_LOOP')).toBe(stays);
});
