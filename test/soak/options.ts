import { parseArgs } from 'node:util';
import { DEFAULT_FLINK, FLINK_VERSIONS, type FlinkVersion, flinkVersion } from '../../local/install/flink.ts';

export const USAGE = `Usage: npm run soak [-- [--minutes N] [--seed N] [--jobmanagers 1|2] [--flink VERSION]]
  --minutes N        for how long there is trouble (1 to 1440; 30 unless told); what was told may be over some minutes later
  --seed N           the same trouble in the same order (drawn and said unless told)
  --jobmanagers 1|2  2: with high availability, through a ZooKeeper
  --flink VERSION    on ${FLINK_VERSIONS.join(' or ')} (default ${DEFAULT_FLINK})
Ends with 0 when every promise was kept, with 1 when not, with 2 for a question it does not understand.`;

export type Options = {
  readonly minutes: number;
  /** Absent: to be drawn. */
  readonly seed?: number;
  readonly jobManagers: number;
  readonly flink: FlinkVersion;
};

/** Reads the words after `npm run soak --`, or says what is wrong with them. */
export const readOptions = (words: readonly string[]): Options | string => {
  try {
    const { values } = parseArgs({ args: [...words], options: TYPES });
    const flink = flinkVersion(values.flink);
    if (flink === undefined) return `There is no Flink ${values.flink} here.`;
    const seed = values.seed === undefined ? {} : { seed: count('--seed', values.seed, 0, SEED_MAX) };
    return {
      minutes: count('--minutes', values.minutes, 1, 1_440),
      jobManagers: count('--jobmanagers', values.jobmanagers, 1, 2),
      flink,
      ...seed,
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

/** Seeds are below it. */
export const SEED_MAX = 999_999_999;

const TYPES = {
  minutes: { type: 'string', default: '30' },
  seed: { type: 'string' },
  jobmanagers: { type: 'string', default: '1' },
  flink: { type: 'string', default: DEFAULT_FLINK },
} as const;

const count = (name: string, word: string, min: number, max: number): number => {
  const value = /^\d{1,9}$/.test(word) ? Number(word) : Number.NaN;
  if (!(value >= min && value <= max)) throw new Error(`${name} is ${word}: a number from ${min} to ${max} is right.`);
  return value;
};
