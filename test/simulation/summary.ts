import type { Result } from './simulate.ts';

/** What a set of runs came to. */
export type Summary = {
  readonly seeds: number;
  readonly from: number;
  /** In how many runs each invariant was broken. */
  readonly violations: Readonly<Record<string, number>>;
  /** In how many runs each state was reached. */
  readonly sometimes: Readonly<Record<string, number>>;
  readonly medians: Readonly<Record<'virtualHours' | 'jobs' | 'portCalls' | 'faults', number>>;
  readonly seedsPerSecond: number;
  readonly firstRedSeed: number | null;
  /** How many runs broke anything. */
  readonly redSeeds: number;
};

export type Judges = { readonly invariants: readonly string[]; readonly states: readonly string[] };

export const summarize = (results: readonly Result[], judges: Judges, from: number, ms: number): Summary => {
  const red = results.filter(({ broken }) => Object.keys(broken).length > 0).map(({ seed }) => seed);
  return {
    seeds: results.length,
    from,
    violations: countOf(judges.invariants, results, ({ broken }) => Object.keys(broken)),
    sometimes: countOf(judges.states, results, ({ sometimes }) => sometimes),
    medians: {
      virtualHours: Math.round(median(results.map(({ virtualMs }) => virtualMs)) / 36_000) / 100,
      jobs: median(results.map(({ jobs }) => jobs)),
      portCalls: median(results.map(({ portCalls }) => portCalls)),
      faults: median(results.map(({ faults }) => faults)),
    },
    seedsPerSecond: Math.round((results.length * 1_000) / Math.max(ms, 1)),
    firstRedSeed: red.length === 0 ? null : red.reduce((first, seed) => Math.min(first, seed)),
    redSeeds: red.length,
  };
};

/** States that were never reached, which proves nothing of what they stand for; few runs prove nothing anyway. */
export const unreached = ({ seeds, sometimes }: Summary): readonly string[] =>
  seeds < SEEDS_TO_REACH_ALL ? [] : Object.keys(sometimes).filter((state) => sometimes[state] === 0);

const SEEDS_TO_REACH_ALL = 500;

const countOf = (
  names: readonly string[],
  results: readonly Result[],
  namesIn: (result: Result) => readonly string[],
): Readonly<Record<string, number>> => {
  const counts = new Map(names.map((name) => [name, 0]));
  for (const result of results) for (const name of namesIn(result)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries(counts);
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
