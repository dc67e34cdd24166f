import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PRICES } from '../../bench/cost/model.ts';
import { defaults } from '../../lib/core/defaults.ts';
import { tellingLimits } from '../../lib/core/telling/limits.ts';

const PROJECT = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(PROJECT, file), 'utf8');

const { health, healing, tasks } = defaults;
const minutes = (ms: number): number => ms / 60_000;
const WORDS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const word = (count: number): string => WORDS[count] ?? String(count);
const inWords = (ms: number): string => (ms === 1_800_000 ? 'half an hour' : `${word(minutes(ms))} minutes`);
const crashes = `${tasks.crashesMax} times within ${minutes(tasks.crashesWithinMs)} minutes`;
const calm = `fewer than ${tasks.crashesMax} of these lie within the last ${minutes(tasks.crashesWithinMs)} minutes, none within the last ${minutes(tasks.crashesWithinMs / tasks.calmShare)}`;
const together = `end within ${tasks.apartMs / 1_000} s count once`;
const stuckMs = healing.stuckFactor * defaults.tasksWithinMs;
const { updatesMax, updateEveryMs, flapsMax, flapStableMs } = tellingLimits;

test.each([
  ['docs/runbook/SUBMISSION_FAILING.md', `must arrive within ${defaults.uploadCallMs / 1_000} s`],
  ['docs/runbook/SUBMISSION_UNANSWERED.md', `For ${defaults.mainWithinMs / 60_000} minutes it only waited`],
  ['docs/runbook/JOB_GONE.md', `again for ${defaults.goneAfterMs / 1_000} s`],
  ['docs/runbook/MAIN_THREW.md', `at most ${Math.max(...defaults.throwRetryMs) / 60_000} minutes away`],
  ['docs/how-it-works.md', `For ${defaults.mainWithinMs / 60_000} minutes, or until the process ends`],
  ['docs/how-it-works.md', `the last ${defaults.attemptsMax} attempts`],
  ['docs/how-it-works.md', `expire after ${defaults.incidentKeptMs / 86_400_000} days`],
  ['docs/how-it-works.md', `expires after ${defaults.logKeptMs / 86_400_000} days`],
  ['docs/how-it-works.md', `every ${defaults.pollFastMs} ms (${defaults.pollSlowMs} ms after a minute)`],
  ['docs/how-it-works.md', `keeps the last ${defaults.snapshotsMax} checkpoints`],
  ['docs/how-it-works.md', `one every ${defaults.ledgerEveryMs / 60_000} minutes`],
  ['docs/how-it-works.md', `at most \`restoreDepth\` times (${defaults.restoreDepth})`],
  ['docs/how-it-works.md', `at most ${defaults.snapshotRequestsMax}, whatever else`],
  ['docs/runbook/SNAPSHOTS_UNREADABLE.md', `more than ${defaults.snapshotRequestsMax} requests`],
  ['docs/runbook/RESTORE_REFUSED.md', `\`restoreDepth\` allows (${defaults.restoreDepth} without it)`],
  ['docs/adr/0003-posts-are-the-intents.md', `waits ${defaults.repeatAfterMs / 1_000} s before`],
  ['docs/guarantees.md', `longer than ${defaults.mainWithinMs / 60_000} minutes`],
  ['README.md', `longer than ${defaults.mainWithinMs / 60_000} minutes`],
  ['README.md', `Flink ${defaults.flinkVersionMin.join('.')} or newer`],
])('%s gives the number in use: "%s"', (file, text) => {
  expect(read(file)).toContain(text);
});

describe('health, healing and alerts', () => {
  test.each([
    ['docs/runbook/RESTART_LOOP.md', `${health.restartsMax} times within ${minutes(health.restartsWithinMs)} minutes`],
    ['docs/runbook/RESTART_LOOP.md', `none came for a ${health.calmShare === 3 ? 'third' : '?'} of it`],
    [
      'docs/runbook/CHECKPOINTS_FAILING.md',
      `${word(health.checkpointFailuresMax)} in a row failed, as ${word(health.checkpointLooks)} looks said`,
    ],
    ['docs/runbook/CHECKPOINTS_FAILING.md', `or ${minutes(health.progressLeastMs)} minutes. If it fails`],
    ['docs/runbook/CHECKPOINT_OLD.md', `${inWords(health.freshMs)} before this one could be`],
    [
      'docs/runbook/BACK_PRESSURE.md',
      `For ${inWords(health.pressureWithinMs)} a part of the job could do nothing for ${word(health.pressurePercent / 10)} tenths`,
    ],
    ['docs/runbook/BACK_PRESSURE.md', `ends when ${word(health.pressureLooks)} looks`],
    ['docs/runbook/BACK_PRESSURE.md', `${health.pressureOverPoints} points below the limit`],
    ['docs/runbook/OUTPUT_UNSEEN.md', `more files than ${health.outputPagesMax} pages list`],
    ['docs/runbook/EXCEPTION_NEW.md', `At most ${word(health.causesMax)} causes`],
    ['docs/runbook/EXCEPTION_NEW.md', `within the last ${health.causeWithinMs === 3_600_000 ? 'hour' : '?'}`],
    [
      'docs/runbook/TASKS_NOT_RUNNING.md',
      `RESTARTING for ${minutes(stuckMs)} minutes (${word(healing.stuckFactor)} times \`tasksWithin\``,
    ],
    ['docs/runbook/TASKS_NOT_RUNNING.md', `run for ${inWords(healing.distanceMs)} (\`healing.distance\`)`],
    ['docs/runbook/JOB_FAILED.md', `the next ones ${inWords(healing.distanceMs)} apart at least`],
    ['docs/runbook/JOB_FAILED.md', `After ${inWords(healing.refillMs)} in which all its tasks ran`],
    ['docs/runbook/MANY_JOBS_ILL.md', `At least ${healing.breakerJobs} live jobs`],
    ['docs/runbook/CANCEL_UNFINISHED.md', `given up after ${inWords(defaults.savepointLateMs)}`],
    ['docs/runbook/JOBMANAGER_CRASHES.md', crashes],
    ['docs/runbook/JOBMANAGER_CRASHES.md', calm],
    ['docs/runbook/JOBMANAGER_CRASHES.md', together],
    ['docs/runbook/TASKMANAGER_CRASHES.md', together],
    ['docs/runbook/JOBMANAGER_CRASHES.md', `not been ready for ${defaults.readyWithinMs / 1_000} s after it`],
    ['docs/runbook/TASKMANAGER_CRASHES.md', crashes],
    ['docs/runbook/TASKMANAGER_CRASHES.md', calm],
    [
      'docs/runbook/JOB_LOST_REPEATEDLY.md',
      `fewer than ${defaults.lossesMax} losses lie within the last ${minutes(defaults.lossWindowMs)} minutes`,
    ],
    ['docs/runbook/WEBHOOK_FAILING.md', `waits ${tellingLimits.webhookCallMs / 1_000} s at most`],
    ['docs/runbook/WEBHOOK_FAILING.md', `left alone for ${tellingLimits.webhookRestMs / 1_000} s`],
    ['docs/runbook/WEBHOOK_FAILING.md', `refused every ${word(minutes(tellingLimits.refusedAgainMs))} minutes`],
    ['docs/operate.md', `takes nothing for ${inWords(tellingLimits.webhookFailingMs)}`],
    ['docs/operate.md', `Answer 2xx within ${tellingLimits.webhookCallMs / 1_000} s`],
    ['docs/how-it-works.md', `at most ${health.samplesAtOnceMax} at once in one pass`],
    ['docs/how-it-works.md', `of at most ${health.flowsAtOnceMax} jobs at once`],
    [
      'docs/how-it-works.md',
      `**Three restarts, ${inWords(healing.distanceMs)} apart**`.replace('Three', capital(word(healing.restartsMax))),
    ],
    ['docs/how-it-works.md', `**Full again** after ${inWords(healing.refillMs)}`],
    [
      'docs/how-it-works.md',
      `the same, for ${minutes(stuckMs)} min (or ${word(healing.stuckFactor)} times \`tasksWithin\`)`,
    ],
    ['docs/how-it-works.md', `at least ${word(healing.breakerJobs)} live jobs`],
    ['docs/how-it-works.md', `two looks ${inWords(defaults.patienceGapMs)} count at most`],
    ['docs/how-it-works.md', `at most ${updatesMax} times and ${minutes(updateEveryMs)} min after the last`],
    ['docs/how-it-works.md', `told ${flapsMax} times within an hour`],
    ['docs/how-it-works.md', `not come back for ${minutes(flapStableMs)} min`],
    [
      'docs/how-it-works.md',
      `for ${minutes(tasks.explainsAfterMs)} minutes after it, or ${minutes(defaults.lossWindowMs)} where`,
    ],
    ['docs/guarantees.md', `${word(healing.restartsMax)} times at most, ${inWords(healing.distanceMs)} apart`],
    ['docs/guarantees.md', `told ${word(flapsMax)} times within an hour at most`],
    ['docs/guarantees.md', `at most ${word(updatesMax)} of what changed`],
    ['README.md', `${word(healing.restartsMax)} times at most, ${inWords(healing.distanceMs)} apart`],
    [
      'docs/cost.md',
      `8,760 × 2 × ${PRICES.s3ThousandLists} / thousand | ${(8.76 * 2 * PRICES.s3ThousandLists).toFixed(2)} for each job; ${(8.76 * health.outputPagesMax * PRICES.s3ThousandLists).toFixed(2)} at most, with ${health.outputPagesMax} lists`,
    ],
  ])('%s: "%s"', (file, text) => {
    expect(read(file)).toContain(text);
  });
});

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
