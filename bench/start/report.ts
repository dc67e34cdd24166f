import type { Machine } from '../machine.ts';
import { median } from '../median.ts';

/** Milliseconds since the agent started the JobManager's process. */
export type Sample = {
  readonly jobId: string;
  /** The watcher's first ready answer: `/jobs/overview` 200 and enough free slots. */
  readonly readyMs: number;
  /** The request that starts the job reached Flink, by Flink's own log. */
  readonly postMs: number;
  /** The watcher saw all tasks of the job running. */
  readonly runningMs: number;
};

/** The autopilot's own steps on the way. */
export type AutopilotSample = Sample & {
  readonly eventMs: number;
  readonly passMs: number;
  readonly committedMs: number;
  readonly uploadMs: number;
};

/** One sample of each; `ratio` = autopilot over bare loop, start to running. */
export type Pair = { readonly floor: Sample; readonly autopilot: AutopilotSample; readonly ratio: number };

/** How many times as long as the bare loop the autopilot took. */
export const ratioOf = (floor: Sample, autopilot: Sample): number => autopilot.runningMs / floor.runningMs;

/**
 * `ratio` and `readyToPostMs` may be at most, `timesFaster` than the shell method has to be at least. Of a boot that is
 * held only what comes after it counts: when the TaskManager tries again is chance by then, up to 10 s of it.
 */
export const TARGETS = { ratio: 1.1, readyToPostMs: 250, timesFaster: 10 } as const;

/** Medians over all pairs, and the verdict. */
export const summarize = ({ at, machine, bootMs, pairs, shellRuns }: Samples): Report => {
  const of = (pick: (pair: Pair) => number) => median(pairs.map(pick));
  const medianRatio = of(({ ratio }) => ratio);
  const medianReadyToPostMs = of(({ autopilot }) => autopilot.postMs - autopilot.readyMs);
  const shell = beside(pairs, shellRuns);
  return {
    benchmark: 'start',
    at,
    machine,
    bootMs,
    runs: pairs.length,
    medianRatio,
    medianReadyToPostMs,
    medianRunningMs: {
      floor: of(({ floor }) => floor.runningMs),
      autopilot: of(({ autopilot }) => autopilot.runningMs),
    },
    medianSteps: stepsOf(pairs),
    ...(shell === undefined ? {} : { shell }),
    targets: TARGETS,
    met:
      medianReadyToPostMs <= TARGETS.readyToPostMs &&
      (bootMs > 0 || medianRatio <= TARGETS.ratio) &&
      (shell === undefined || isFaster(shell, bootMs)),
    pairs,
    shellRuns,
  };
};

/** All that was measured. */
export type Samples = Pick<Report, 'at' | 'machine' | 'bootMs' | 'pairs' | 'shellRuns'>;

/** Where the time goes, median of each step. */
const stepsOf = (pairs: readonly Pair[]): Report['medianSteps'] => {
  const floor = (pick: (sample: Sample) => number) => median(pairs.map((pair) => pick(pair.floor)));
  const autopilot = (pick: (sample: AutopilotSample) => number) => median(pairs.map((pair) => pick(pair.autopilot)));
  return {
    floor: {
      readyToPostMs: floor(({ readyMs, postMs }) => postMs - readyMs),
      postToRunningMs: floor(({ postMs, runningMs }) => runningMs - postMs),
    },
    autopilot: {
      startToEventMs: autopilot(({ eventMs }) => eventMs),
      readyToPassMs: autopilot(({ readyMs, passMs }) => passMs - readyMs),
      passToCommittedMs: autopilot(({ passMs, committedMs }) => committedMs - passMs),
      committedToUploadMs: autopilot(({ committedMs, uploadMs }) => uploadMs - committedMs),
      uploadToPostMs: autopilot(({ uploadMs, postMs }) => postMs - uploadMs),
      postToRunningMs: autopilot(({ postMs, runningMs }) => runningMs - postMs),
    },
  };
};

const beside = (pairs: readonly Pair[], shellRuns: readonly Sample[]): ShellReport | undefined => {
  if (shellRuns.length === 0) return undefined;
  const readyToPost = ({ readyMs, postMs }: Sample) => postMs - readyMs;
  const running = ({ runningMs }: Sample) => runningMs;
  const ofShell = (pick: (sample: Sample) => number) => median(shellRuns.map(pick));
  const times = (pick: (sample: Sample) => number) => ofShell(pick) / median(pairs.map((pair) => pick(pair.autopilot)));
  return {
    runs: shellRuns.length,
    medianReadyToPostMs: ofShell(readyToPost),
    medianRunningMs: ofShell(running),
    timesFaster: { readyToPost: times(readyToPost), running: times(running) },
  };
};

const isFaster = ({ timesFaster }: ShellReport, bootMs: number): boolean =>
  timesFaster.readyToPost >= TARGETS.timesFaster && (bootMs > 0 || timesFaster.running >= TARGETS.timesFaster);

export type Report = {
  readonly benchmark: 'start';
  readonly at: string;
  readonly machine: Machine;
  /** So long each JobManager was held after its start. */
  readonly bootMs: number;
  readonly runs: number;
  readonly medianRatio: number;
  readonly medianReadyToPostMs: number;
  readonly medianRunningMs: Readonly<Record<'floor' | 'autopilot', number>>;
  readonly medianSteps: Readonly<Record<'floor' | 'autopilot', Readonly<Record<string, number>>>>;
  /** Absent without a sample of it. */
  readonly shell?: ShellReport;
  readonly targets: typeof TARGETS;
  readonly met: boolean;
  readonly pairs: readonly Pair[];
  readonly shellRuns: readonly Sample[];
};

/** The shell method, and how many times faster the median of the autopilot is than its. */
export type ShellReport = {
  readonly runs: number;
  readonly medianReadyToPostMs: number;
  readonly medianRunningMs: number;
  readonly timesFaster: { readonly readyToPost: number; readonly running: number };
};
