import { parseArgs } from 'node:util';

/** What `npm run bench` is asked for, in a person's words. */
export const USAGE = `Usage: npm run bench -- BENCHMARK [--runs N] [--json]
  start        from the start of a JobManager to its job running: the autopilot beside a bare loop and the shell method
    --runs N   how many pairs of samples (9 unless told; 3 with --boot)
    --shell N  how many samples of the shell method, over a minute each (2 unless told; 0 with --boot)
    --boot S   every JobManager is held for so many seconds after its start (0 to 90)
  recover      from the kill of a JobManager to its job running with its state, beside a bare script that knows the snapshot
    --runs N   how many rounds (5 unless told)
  cold         from the start of a process to an imported function, beside an empty one
    --runs N   how many pairs for each function (15 unless told)
  memory       the peak while a jar streams from S3 to Flink: 200 MB beside 20 MB
    --runs N   how many pairs (5 unless told)
    --memory M the function's memory setting in MB (256 unless told)
  tick         one scheduled look at 50 clusters with 20 jobs each, against servers that answer like Flink and an ECS that throttles
    --runs N   how many rounds (5 unless told)
  --json       one JSON object on stdout, with every raw sample, instead of the table
Ends with 0 when all targets are met, with 1 when not or when it failed, with 2 for a question it does not understand.`;

/** One benchmark and how it is run. */
export type Options =
  | {
      readonly benchmark: 'start';
      readonly json: boolean;
      readonly runs: number;
      readonly shellRuns: number;
      readonly bootMs: number;
    }
  | { readonly benchmark: 'recover'; readonly json: boolean; readonly runs: number }
  | { readonly benchmark: 'cold'; readonly json: boolean; readonly runs: number }
  | { readonly benchmark: 'tick'; readonly json: boolean; readonly runs: number }
  | { readonly benchmark: 'memory'; readonly json: boolean; readonly runs: number; readonly memoryMb: number };

/** Reads the words after `npm run bench --`; undefined when they are not understood. */
export const readOptions = (words: readonly string[]): Options | undefined => {
  const [benchmark, ...rest] = words;
  try {
    switch (benchmark) {
      case 'start':
        return readStart(rest);
      case 'recover':
      case 'tick':
      case 'cold': {
        const { values } = parseArgs({ args: rest, options: { runs, json } });
        return { benchmark, json: values.json, runs: count(values.runs, benchmark === 'cold' ? 15 : 5, 1) };
      }
      case 'memory': {
        const { values } = parseArgs({ args: rest, options: { runs, json, memory: { type: 'string' } } });
        const memoryMb = count(values.memory, 256, 128, 10_240); // what Lambda offers
        return { benchmark, json: values.json, runs: count(values.runs, 5, 1), memoryMb };
      }
      default:
        return undefined;
    }
  } catch {
    return undefined; // an unknown word, or no such number
  }
};

const runs = { type: 'string' } as const;
const json = { type: 'boolean', default: false } as const;

const readStart = (args: readonly string[]): Options => {
  const options = { runs, json, shell: { type: 'string' }, boot: { type: 'string' } } as const;
  const { values } = parseArgs({ args: [...args], options });
  const bootS = count(values.boot, 0, 0, 90); // the function waits 180 s at most
  return {
    benchmark: 'start',
    json: values.json,
    runs: count(values.runs, bootS > 0 ? 3 : 9, 1),
    shellRuns: count(values.shell, bootS > 0 ? 0 : 2, 0),
    bootMs: bootS * 1_000,
  };
};

const count = (word: string | undefined, unlessTold: number, min: number, max = 99): number => {
  if (word === undefined) return unlessTold;
  const value = /^\d{1,5}$/.test(word) ? Number(word) : Number.NaN;
  if (!(value >= min && value <= max)) throw new Error(`${word} is not a number from ${min} to ${max}`);
  return value;
};
