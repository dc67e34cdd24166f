import * as z from 'zod/mini';
import { defaults } from '../core/defaults.ts';
import { choice, mapping, text, whole } from './values.ts';

/** A look a minute is what there is to judge by. */
const WINDOW = /^([2-9]m|[1-5]\dm|60m|1h)$/;
const WITHIN = /^([1-9]\d{1,4}s|[1-9]\d{0,3}m|[1-9]\d{0,2}h|[1-9]\d?d)$/;
/** Flink's history of checkpoints holds ten by default. */
const FAILURES_MAX = 9;
const RESTARTS_MAX = 1_000;
const minutes = (ms: number): string => `${ms / 60_000}m`;
const { health } = defaults;

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
