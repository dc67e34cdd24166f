import type { Machine } from '../machine.ts';
import { median } from '../median.ts';

/** One process. */
export type ColdSample = {
  /** From before the process was started until the module was imported. */
  readonly importedMs: number;
  /** What it took of all CPUs until then. */
  readonly cpuMs: number;
};

/** One of each, one after the other. */
export type ColdPair = { readonly empty: ColdSample; readonly loaded: ColdSample };

export type FunctionPairs = { readonly name: string; readonly pairs: readonly ColdPair[] };

/** So many times as long as an empty handler a function may take at most. */
export const COLD_TARGETS = { ratio: 6 } as const;

/** Medians for each function, and the verdict over all. */
export const summarizeCold = ({ at, machine, node, functions }: ColdSamples): ColdReport => {
  const summaries = functions.map(summarizeFunction);
  return {
    benchmark: 'cold',
    at,
    machine,
    node,
    targets: COLD_TARGETS,
    met: summaries.every(({ met }) => met),
    functions: summaries,
  };
};

export type ColdSamples = Pick<ColdReport, 'at' | 'machine' | 'node'> & {
  readonly functions: readonly FunctionPairs[];
};

export type ColdReport = {
  readonly benchmark: 'cold';
  readonly at: string;
  readonly machine: Machine;
  readonly node: string;
  readonly targets: typeof COLD_TARGETS;
  readonly met: boolean;
  readonly functions: readonly FunctionReport[];
};

export type FunctionReport = FunctionPairs & {
  readonly median: ColdPair;
  /** Median of the ratios of the pairs, and the ends between which they lie. */
  readonly medianRatio: number;
  readonly ratios: { readonly min: number; readonly max: number };
  readonly met: boolean;
};

const summarizeFunction = ({ name, pairs }: FunctionPairs): FunctionReport => {
  const of = (pick: (pair: ColdPair) => number) => median(pairs.map(pick));
  const ratios = pairs.map(({ empty, loaded }) => loaded.importedMs / empty.importedMs);
  const medianRatio = median(ratios);
  return {
    name,
    median: {
      empty: { importedMs: of(({ empty }) => empty.importedMs), cpuMs: of(({ empty }) => empty.cpuMs) },
      loaded: { importedMs: of(({ loaded }) => loaded.importedMs), cpuMs: of(({ loaded }) => loaded.cpuMs) },
    },
    medianRatio,
    ratios: { min: Math.min(...ratios), max: Math.max(...ratios) },
    met: medianRatio <= COLD_TARGETS.ratio,
    pairs,
  };
};
