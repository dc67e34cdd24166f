import * as z from 'zod/mini';
import { defaults } from '../core/defaults.ts';
import { directory } from './directory.ts';
import { choice, mapping, text, whole } from './values.ts';

/** A look a minute is what there is to judge by. */
const WINDOW = /^([2-9]m|[1-5]\dm|60m|1h)$/;
const WITHIN = /^([1-9]\d{1,4}s|[1-9]\d{0,3}m|[1-9]\d{0,2}h|[1-9]\d?d)$/;
/** Flink's history of checkpoints holds ten by default. */
const FAILURES_MAX = 9;
const RESTARTS_MAX = 1_000;
const minutes = (ms: number): string => `${ms / 60_000}m`;
const { health } = defaults;

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
    'a time such as 30m or 2h, at least 10m',
    'A file has to be finished within this time while the job reads: longer than its checkpoint interval, and than the windows that it waits for.',
  ),
};

export const healthShape = {
  restarts: z.exactOptional(
    whole([1, RESTARTS_MAX], 5, `So many restarts by Flink are a restart loop; otherwise ${health.restartsMax}.`),
  ),
  restartsWithin: z.exactOptional(
    text(
      WINDOW,
      'a time from 2m to 1h, such as 15m',
      `Within this time; otherwise \`${minutes(health.restartsWithinMs)}\`. It is over when it holds fewer, and a third of it saw none.`,
    ),
  ),
  checkpointFailures: z.exactOptional(
    whole(
      [1, FAILURES_MAX],
      3,
      `So many failed checkpoints in a row are told, savepoints not counted; otherwise ${health.checkpointFailuresMax}.`,
    ),
  ),
  checkpointWithin: z.exactOptional(
    text(
      WITHIN,
      'a time such as 20m or 2h',
      `A checkpoint has to complete within this time while all tasks run (${minutes(health.progressLeastMs)} at least, and two of its intervals); otherwise the larger of the job’s checkpoint interval and timeout, times its tolerated failures (at most ${health.toleratedMax}) and two.`,
    ),
  ),
  checkpointAge: z.exactOptional(
    text(
      WITHIN,
      'a time such as 1h',
      `The newest snapshot that it could start from may be so old, ${minutes(health.ageLeastMs)} at least; a checkpoint has to complete within this time, too, where \`checkpointWithin\` does not say otherwise. Without it no age is told by itself.`,
    ),
  ),
  tasksWithin: z.exactOptional(
    text(
      WITHIN,
      'a time such as 5m',
      `All tasks of a live job have to run within this time; otherwise \`${minutes(defaults.tasksWithinMs)}\`.`,
    ),
  ),
  backPressure: z.exactOptional(
    text(
      PRESSURE,
      '50% to 100%, such as 90%, or off',
      `A job whose work waits for its slowest part is told from so much of its time on; otherwise \`${health.pressurePercent}%\`. \`off\`: it is meant to run at its limit. One with \`bounded: true\` is never told.`,
    ),
  ),
  backPressureWithin: z.exactOptional(
    text(
      PRESSURE_WITHIN,
      'a time from 10m to 6h, such as 30m',
      `For this time without a pause; otherwise \`${minutes(health.pressureWithinMs)}\`.`,
    ),
  ),
  output: z.exactOptional(
    mapping(
      outputShape,
      'a mapping such as { prefix: s3://bucket/orders, within: 30m }',
      'Where the job writes finished files while it reads; nobody looks there without it. The functions may list that bucket then.',
    ),
  ),
  exceptions: z.exactOptional(
    choice(
      ['tell'],
      `\`tell\`: each new root cause that a job threw which runs again, once within ${minutes(health.causeWithinMs)}. Without it exceptions stand in the messages of what they lead to.`,
    ),
  ),
};

export const healthSchema = mapping(
  healthShape,
  'a mapping such as { restarts: 5, restartsWithin: 15m }',
  'When a person is told that the job is ill; what is absent is as its own configuration and a look a minute ask for.',
);
