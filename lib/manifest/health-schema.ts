import { defaults } from '../core/defaults.ts';
import { directory } from './directory.ts';
import { choice, mapping, text, usually, whole } from './values.ts';

/** A look a minute is what there is to judge by. */
const WINDOW = /^([2-9]m|[1-5]\dm|60m|1h)$/;
const WITHIN_EXPECTED = 'a time from 10s to 99d, such as';
const WITHIN = /^([1-9]\d{1,4}s|[1-9]\d{0,3}m|[1-9]\d{0,2}h|[1-9]\d?d)$/;
/** Flink's history of checkpoints holds ten by default. */
const FAILURES_MAX = 9;
const RESTARTS_MAX = 1_000;
const minutes = (ms: number): string => `\`${ms / 60_000}m\``;
const { health, healing } = defaults;

/** It is looked at each five minutes. */
const PRESSURE = /^([5-9]\d%|100%|off)$/;
const PRESSURE_WITHIN = /^([1-5]\dm|60m|[1-6]h)$/;
const OUTPUT_WITHIN = /^([1-9]\d{1,3}m|[1-9]\d{0,2}h|[1-9]\d?d)$/;

export const outputShape = {
  prefix: directory(
    'The directory of its files, best with directories below whose names grow with time; names that begin with a dot or an underscore, or hold `.inprogress`, are not finished.',
  ),
  within: text(
    OUTPUT_WITHIN,
    'a time from 10m to 99d, such as 30m or 2h',
    'A file has to be finished within this time while the job reads: longer than its checkpoint interval, and than the windows that it waits for.',
  ),
};

export const healthShape = {
  restarts: usually(
    `\`${health.restartsMax}\``,
    whole([1, RESTARTS_MAX], 5, 'So many restarts by Flink within `restartsWithin` are a restart loop.'),
  ),
  restartsWithin: usually(
    minutes(health.restartsWithinMs),
    text(
      WINDOW,
      'a time from 2m to 1h, such as 15m',
      'The window in which restarts are counted. A loop is over when it holds fewer, and none came for a third of it.',
    ),
  ),
  checkpointFailures: usually(
    `\`${health.checkpointFailuresMax}\``,
    whole([1, FAILURES_MAX], 3, 'So many failed checkpoints in a row are told; savepoints do not count.'),
  ),
  checkpointWithin: usually(
    `the larger of checkpoint interval and timeout × (tolerated failures, at most ${health.toleratedMax}, + 2): \`20m\` as Flink is by default`,
    text(
      WITHIN,
      `${WITHIN_EXPECTED} 20m or 2h`,
      `A checkpoint has to complete within this time while all tasks run. Less than ${minutes(health.progressLeastMs)}, or than two checkpoint intervals, counts as that.`,
    ),
  ),
  checkpointAge: usually(
    'any age',
    text(
      WITHIN,
      `${WITHIN_EXPECTED} 1h`,
      `How old the newest snapshot may be that it could start from; less than ${minutes(health.ageLeastMs)} counts as that. A checkpoint has to complete within this time, too, unless \`checkpointWithin\` says otherwise.`,
    ),
  ),
  tasksWithin: usually(
    minutes(defaults.tasksWithinMs),
    text(
      WITHIN,
      `${WITHIN_EXPECTED} 5m`,
      `All tasks of a live job have to run within this time. One that is stuck is started again after three times as long, ${minutes(healing.stuckFactor * defaults.tasksWithinMs)} at least.`,
    ),
  ),
  backPressure: usually(
    `\`${health.pressurePercent}%\``,
    text(
      PRESSURE,
      '50% to 100%, such as 90%, or off',
      'Told when one of its vertices waits for so much of its time, because what comes after it is slower. `off`: the job is meant to run at its limit. One with `bounded: true` is never told.',
    ),
  ),
  backPressureWithin: usually(
    minutes(health.pressureWithinMs),
    text(PRESSURE_WITHIN, 'a time from 10m to 6h, such as 30m', 'For how long, without a pause.'),
  ),
  output: usually(
    'nobody looks',
    mapping(
      outputShape,
      'a mapping such as { prefix: s3://bucket/orders, within: 30m }',
      'Where the job writes finished files while it reads. The functions get the right to list that bucket.',
    ),
  ),
  exceptions: usually(
    'told with what they lead to',
    choice(
      ['tell'],
      `\`tell\`: each new root cause is told by itself when Flink has restarted the job and it runs again; the same one once within ${minutes(health.causeWithinMs)}.`,
    ),
  ),
};

export const healthSchema = mapping(
  healthShape,
  'a mapping such as { restarts: 5, restartsWithin: 15m }',
  'When a person is told that the job is ill. Nothing has to be said: each key has a default.',
);
