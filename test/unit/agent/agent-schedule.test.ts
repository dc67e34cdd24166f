import { expect, test } from 'vitest';
import { type Standing, schedule } from '../../../local/agent/services/schedule.ts';
import { createThrottle, delayMs } from '../../../local/agent/services/throttle.ts';

const wish = (desiredCount: number, minimumHealthyPercent = 0, maximumPercent = 100) => ({
  service: 's',
  deploymentId: 'new',
  desiredCount,
  minimumHealthyPercent,
  maximumPercent,
});
/** `new:RUNNING`, `old:RUNNING/STOPPED` (desired), … */
const tasks = (words: string): Standing[] =>
  words
    .split(' ')
    .filter(Boolean)
    .map((word, at) => {
      const [deploymentId = '', statuses = ''] = word.split(':');
      const [lastStatus = '', desired = 'RUNNING'] = statuses.split('/');
      const desiredStatus = desired === 'STOPPED' ? 'STOPPED' : 'RUNNING';
      return { taskArn: `${deploymentId}${at}`, service: 's', deploymentId, desiredStatus, lastStatus };
    });
const steps = (...args: Parameters<typeof schedule>) =>
  schedule(...args).map((step) => (step.kind === 'start' ? 'start' : `stop ${step.taskArn}`));

test.each([
  ['nothing there', wish(1), '', ['start']],
  ['two wanted', wish(2), 'new:RUNNING', ['start']],
  ['as wanted', wish(1), 'new:PENDING', []],
  ['too many', wish(1), 'new:RUNNING new:RUNNING', ['stop new1']],
  ['asleep', wish(0), 'new:RUNNING', ['stop new0']],
  ['a draining task is replaced beside it', wish(1), 'new:RUNNING/STOPPED', ['start']],
  ['0/100: the old one first', wish(1), 'old:RUNNING', ['stop old0']],
  ['0/100: not while the old one drains', wish(1), 'old:STOPPING/STOPPED', []],
  ['0/100: the old one is gone', wish(1), 'old:DEPROVISIONING/STOPPED', ['start']],
  ['100/200: the new one first', wish(1, 100, 200), 'old:RUNNING', ['start']],
  ['100/200: not while the new one starts', wish(1, 100, 200), 'old:RUNNING new:PENDING', []],
  ['100/200: the old one last', wish(1, 100, 200), 'old:RUNNING new:RUNNING', ['stop old0']],
  [
    '50/100 of four: two by two',
    wish(4, 50, 100),
    'old:RUNNING old:RUNNING old:RUNNING old:RUNNING',
    ['stop old0', 'stop old1'],
  ],
  ['50/100 of four: never below two', wish(4, 50, 100), 'old:RUNNING old:RUNNING new:PENDING new:PENDING', []],
  ['an old one that never came up is no loss', wish(1, 100, 100), 'old:PENDING', ['stop old0']],
  ['100/100 cannot move', wish(1, 100, 100), 'old:RUNNING', []],
])('%s', (_, wanted, standing, expected) => {
  expect(steps([wanted], tasks(standing))).toEqual(expected);
});

test('tasks of a service that is gone are stopped', () => {
  expect(steps([], tasks('new:RUNNING old:RUNNING/STOPPED'))).toEqual(['stop new0']);
});

test('after failures in a row the pause doubles up to a limit', () => {
  expect([1, 2, 3, 4, 8, 9, 99].map((failures) => delayMs(failures, true))).toEqual([
    0, 1_000, 2_000, 4_000, 60_000, 60_000, 60_000,
  ]);
  expect([8, 99].map((failures) => delayMs(failures, false))).toEqual([64_000, 27 * 60_000]);
});

test('a crash loop is slowed down until a task lasts, a deployment is new, or somebody asked for the end', () => {
  let nowMs = 0;
  const throttle = createThrottle(() => nowMs);
  const ends = (ranMs: number, asked = false) => throttle.ended('s', 'a', { ranMs, asked });
  ends(10);
  expect(throttle.mayStart('s', 'a')).toBe(true);
  ends(10);
  expect(throttle.mayStart('s', 'a')).toBe(false);
  expect(throttle.mayStart('s', 'b')).toBe(true);
  nowMs = 999;
  expect(throttle.mayStart('s', 'a')).toBe(false);
  nowMs = 1_000;
  expect(throttle.mayStart('s', 'a')).toBe(true);
  ends(10, true);
  expect(throttle.mayStart('s', 'a')).toBe(true);
  ends(29_999);
  expect(throttle.mayStart('s', 'a')).toBe(false);
  ends(30_000);
  expect(throttle.mayStart('s', 'a')).toBe(true);
});
