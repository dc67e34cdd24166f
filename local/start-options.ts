import { parseArgs } from 'node:util';

export const START_USAGE = `Usage: npm start -s -- [--until running] [--json]
  --until running   end with code 0 when all jobs of flink-jobs.yml run, instead of staying up
  --json            one JSON object a line on stdout for each milestone`;

/** What `npm start` was asked for. */
export type Options = { readonly until: boolean; readonly json: boolean };

/** Reads the words after `npm start --`; undefined when one is not understood. */
export const readOptions = (words: readonly string[]): Options | undefined => {
  try {
    const options = { until: { type: 'string' }, json: { type: 'boolean', default: false } } as const;
    const { until, json } = parseArgs({ args: [...words], options }).values;
    return until === undefined || until === 'running' ? { until: until === 'running', json } : undefined;
  } catch {
    return undefined; // an unknown word, or one too many
  }
};
