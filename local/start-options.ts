import { parseArgs } from 'node:util';
import { DEFAULT_FLINK, FLINK_VERSIONS, type FlinkVersion, flinkVersion } from './install/flink.ts';

export const START_USAGE = `Usage: npm start -s -- [--flink VERSION] [--jobmanagers N] [--until running] [--json]
  --flink VERSION   the Flink that runs: ${FLINK_VERSIONS.join(' or ')} (default ${DEFAULT_FLINK})
  --jobmanagers N   from 2 on with high availability: a ZooKeeper says which of them leads (default 1)
  --until running   end with code 0 when all jobs of flink-jobs.yml run, instead of staying up
  --json            one JSON object a line on stdout for each milestone`;

/** What `npm start` was asked for. */
export type Options = {
  readonly until: boolean;
  readonly json: boolean;
  readonly flink: FlinkVersion;
  readonly jobManagers: number;
};

/** Reads the words after `npm start --`; undefined when one is not understood. */
export const readOptions = (words: readonly string[]): Options | undefined => {
  try {
    const { until, json, flink: word, jobmanagers } = parseArgs({ args: [...words], options: OPTIONS }).values;
    const flink = flinkVersion(word);
    if (flink === undefined || (until !== undefined && until !== 'running')) return undefined;
    if (!/^[1-9]$/.test(jobmanagers)) return undefined;
    return { until: until === 'running', json, flink, jobManagers: Number(jobmanagers) };
  } catch {
    return undefined; // an unknown word, or one too many
  }
};

const OPTIONS = {
  until: { type: 'string' },
  json: { type: 'boolean', default: false },
  flink: { type: 'string', default: DEFAULT_FLINK },
  jobmanagers: { type: 'string', default: '1' },
} as const;
