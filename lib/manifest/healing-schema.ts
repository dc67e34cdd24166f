import { defaults } from '../core/defaults.ts';
import { mapping, text, usually, whole } from './values.ts';

const DISTANCE = /^([1-9]\d{1,2}s|[1-9]m|[1-5]\dm|60m|1h)$/;
/** More attempts are kept of each job. */
const RESTARTS_MAX = defaults.attemptsMax - 2;
const { healing } = defaults;
const minutes = (ms: number): string => `\`${ms / 60_000}m\``;

export const healingShape = {
  restarts: usually(
    `\`${healing.restartsMax}\``,
    whole(
      [0, RESTARTS_MAX],
      2,
      `So many restarts by the autopilot. \`0\`: none; a failed job is held at once. All are there again once its tasks have run for ${minutes(healing.refillMs)}, or for \`distance\` if that is longer.`,
    ),
  ),
  distance: usually(
    minutes(healing.distanceMs),
    text(
      DISTANCE,
      'a time from 10s to 1h, such as 90s or 5m',
      'From one restart to the next at least. What was told is over when all its tasks have run for as long.',
    ),
  ),
};

export const healingSchema = mapping(
  healingShape,
  'a mapping such as { restarts: 2, distance: 10m }',
  'How often the job is started again from its newest state when Flink gave it up (FAILED), or does not get it out of CREATED or RESTARTING.',
);
