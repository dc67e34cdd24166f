import type { Machine } from '../machine.ts';
import { median } from '../median.ts';

/** One process through which one jar went; MB are 2²⁰ bytes, as Lambda counts. */
export type MemorySample = { readonly peakMb: number; readonly tookMs: number };

export type MemoryPair = { readonly small: MemorySample; readonly large: MemorySample };

export const JARS = { smallMb: 20, largeMb: 200 } as const;

/** By so much the peak of the large jar may lie above that of the small one; none may exceed the memory setting. */
export const MEMORY_TARGETS = { growthMb: 16 } as const;

/** Medians over all pairs, and the verdict. */
export const summarizeMemory = ({ at, machine, node, memoryMb, pairs }: MemorySamples): MemoryReport => {
  const of = (pick: (pair: MemoryPair) => number) => median(pairs.map(pick));
  const medianGrowthMb = of(({ small, large }) => large.peakMb - small.peakMb);
  const largestPeakMb = Math.max(...pairs.flatMap(({ small, large }) => [small.peakMb, large.peakMb]));
  return {
    benchmark: 'memory',
    at,
    machine,
    node,
    memoryMb,
    jars: JARS,
    runs: pairs.length,
    medianPeakMb: { small: of(({ small }) => small.peakMb), large: of(({ large }) => large.peakMb) },
    medianGrowthMb,
    largestPeakMb,
    targets: MEMORY_TARGETS,
    met: medianGrowthMb <= MEMORY_TARGETS.growthMb && largestPeakMb <= memoryMb,
    pairs,
  };
};

export type MemorySamples = Pick<MemoryReport, 'at' | 'machine' | 'node' | 'memoryMb' | 'pairs'>;

export type MemoryReport = {
  readonly benchmark: 'memory';
  readonly at: string;
  readonly machine: Machine;
  readonly node: string;
  /** The setting of the function that its heap was limited for. */
  readonly memoryMb: number;
  readonly jars: typeof JARS;
  readonly runs: number;
  readonly medianPeakMb: { readonly small: number; readonly large: number };
  /** Median of the differences of the pairs. */
  readonly medianGrowthMb: number;
  readonly largestPeakMb: number;
  readonly targets: typeof MEMORY_TARGETS;
  readonly met: boolean;
  readonly pairs: readonly MemoryPair[];
};
