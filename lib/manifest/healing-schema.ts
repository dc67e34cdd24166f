import * as z from 'zod/mini';
import { defaults } from '../core/defaults.ts';
import { mapping, text, whole } from './values.ts';

const DISTANCE = /^([1-9]\d{1,2}s|[1-9]m|[1-5]\dm|60m|1h)$/;
/** More attempts are kept of each job. */
const RESTARTS_MAX = defaults.attemptsMax - 2;
const { healing } = defaults;
const minutes = (ms: number): string => `${ms / 60_000}m`;

export const healingShape = {
  restarts: z.exactOptional(
    whole(
      [0, RESTARTS_MAX],
      2,
      `So many restarts by the autopilot when it failed; otherwise ${healing.restartsMax}. \`0\`: none, it is held at once. All are there again once its tasks ran for ${minutes(healing.refillMs)}.`,
    ),
  ),
  distance: z.exactOptional(
    text(
      DISTANCE,
      'a time from 10s to 1h, such as 90s or 5m',
      `From one restart to the next at least; otherwise \`${minutes(healing.distanceMs)}\`.`,
    ),
  ),
};

export const healingSchema = mapping(
  healingShape,
  'a mapping such as { restarts: 2, distance: 10m }',
  'How often the job is started again from its newest state when Flink gave it up.',
);
