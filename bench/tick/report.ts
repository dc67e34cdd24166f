import type { Machine } from '../machine.ts';
import { median } from '../median.ts';
import { ARMS, type ArmName } from './arms.ts';

/** One invocation. MB are 2²⁰ bytes, as Lambda counts. */
export type TickSample = {
  /** From the start of its process until the function was imported, and from there until its handler had ended. */
  readonly importedMs: number;
  readonly handlerMs: number;
  readonly cpuMs: number;
  readonly peakMb: number;
  /** At its end. */
  readonly heapMb: number;
  /** Calls of the table for the one cluster that made most. */
  readonly storeCallsMax: number;
  /** For each cluster, on average. */
  readonly readUnits: number;
  readonly writeUnits: number;
  readonly ecsCalls: number;
  readonly ecsThrottled: number;
  readonly flinkCalls: number;
  /** What it wrote into its log, and how many jobs it left alone because nothing was to be done. */
  readonly logBytes: number;
  readonly steadyJobs: number;
};

/** One invocation of each, one after the other. */
export type TickRound = Readonly<Record<ArmName, TickSample>>;

export const TICK_TARGETS = { durationMs: 10_000, memoryMb: 256, storeCalls: 4 } as const;

/** Medians, the growth from half to the whole, and the verdict. */
export const summarizeTicks = ({ at, machine, node, rounds }: TickSamples): TickReport => {
  const whole = rounds.map((round) => round.whole);
  const all = rounds.flatMap((round) => Object.values(round));
  const growthTo = (half: ArmName): Growth => ({
    duration: median(rounds.map((round) => round.whole.handlerMs / round[half].handlerMs)),
    jobs: jobsOf('whole') / jobsOf(half),
  });
  const summary = {
    durationMs: median(whole.map(({ importedMs, handlerMs }) => importedMs + handlerMs)),
    peakMb: Math.max(...whole.map(({ peakMb }) => peakMb)),
    storeCalls: Math.max(...all.map(({ storeCallsMax }) => storeCallsMax)),
    growth: { byClusters: growthTo('halfClusters'), byJobs: growthTo('halfJobs') },
    unsteady: rounds.flatMap((round) => names.map((name) => jobsOf(name) - round[name].steadyJobs)).filter((n) => n > 0)
      .length,
  };
  return { benchmark: 'tick', at, machine, node, targets: TICK_TARGETS, ...summary, met: isMet(summary), rounds };
};

const names = Object.keys(ARMS) as readonly ArmName[];

export const jobsOf = (name: ArmName): number => ARMS[name].clusters * ARMS[name].jobs;

export type TickSamples = Pick<TickReport, 'at' | 'machine' | 'node' | 'rounds'>;

/** How many times as long, for how many times as many jobs. */
export type Growth = { readonly duration: number; readonly jobs: number };

export type TickReport = {
  readonly benchmark: 'tick';
  readonly at: string;
  readonly machine: Machine;
  readonly node: string;
  readonly targets: typeof TICK_TARGETS;
  /** Of the whole: a cold invocation, median. */
  readonly durationMs: number;
  /** Of the whole, the highest. */
  readonly peakMb: number;
  /** For one cluster, the most of all. */
  readonly storeCalls: number;
  readonly growth: { readonly byClusters: Growth; readonly byJobs: Growth };
  /** Invocations that had something to do with a job, or could not see it: they measure something else. */
  readonly unsteady: number;
  readonly met: boolean;
  readonly rounds: readonly TickRound[];
};

const isMet = ({
  durationMs,
  peakMb,
  storeCalls,
  growth,
  unsteady,
}: Pick<TickReport, 'durationMs' | 'peakMb' | 'storeCalls' | 'growth' | 'unsteady'>): boolean =>
  durationMs <= TICK_TARGETS.durationMs &&
  peakMb <= TICK_TARGETS.memoryMb &&
  storeCalls <= TICK_TARGETS.storeCalls &&
  Object.values(growth).every(({ duration, jobs }) => duration <= jobs) &&
  unsteady === 0;
