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

/** What may be at most. */
export const TARGETS = { ratio: 1.1, readyToPostMs: 250 } as const;

/** Medians over all pairs, and the verdict. */
export const summarize = ({ at, machine, pairs }: Pick<Report, 'at' | 'machine' | 'pairs'>): Report => {
  const of = (pick: (pair: Pair) => number) => median(pairs.map(pick));
  const medianRatio = of(({ ratio }) => ratio);
  const medianReadyToPostMs = of(({ autopilot }) => autopilot.postMs - autopilot.readyMs);
  return {
    benchmark: 'start',
    at,
    machine,
    runs: pairs.length,
    medianRatio,
    medianReadyToPostMs,
    medianRunningMs: {
      floor: of(({ floor }) => floor.runningMs),
      autopilot: of(({ autopilot }) => autopilot.runningMs),
    },
    medianSteps: {
      floor: {
        readyToPostMs: of(({ floor }) => floor.postMs - floor.readyMs),
        postToRunningMs: of(({ floor }) => floor.runningMs - floor.postMs),
      },
      autopilot: {
        startToEventMs: of(({ autopilot }) => autopilot.eventMs),
        readyToPassMs: of(({ autopilot }) => autopilot.passMs - autopilot.readyMs),
        passToCommittedMs: of(({ autopilot }) => autopilot.committedMs - autopilot.passMs),
        committedToUploadMs: of(({ autopilot }) => autopilot.uploadMs - autopilot.committedMs),
        uploadToPostMs: of(({ autopilot }) => autopilot.postMs - autopilot.uploadMs),
        postToRunningMs: of(({ autopilot }) => autopilot.runningMs - autopilot.postMs),
      },
    },
    targets: TARGETS,
    met: medianRatio <= TARGETS.ratio && medianReadyToPostMs <= TARGETS.readyToPostMs,
    pairs,
  };
};

export type Report = {
  readonly benchmark: 'start';
  readonly at: string;
  /** `load`: processes that wanted to run in the minute before; more than a half for each CPU, and the figures tell of these. */
  readonly machine: { readonly cpus: number; readonly memoryGb: number; readonly load: number };
  readonly runs: number;
  readonly medianRatio: number;
  readonly medianReadyToPostMs: number;
  readonly medianRunningMs: Readonly<Record<'floor' | 'autopilot', number>>;
  readonly medianSteps: Readonly<Record<'floor' | 'autopilot', Readonly<Record<string, number>>>>;
  readonly targets: typeof TARGETS;
  readonly met: boolean;
  readonly pairs: readonly Pair[];
};

/** The middle one, or the mean of the two in the middle. Throws for none. */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  if (low === undefined || high === undefined) throw new Error('there is no median of nothing');
  return (low + high) / 2;
};
