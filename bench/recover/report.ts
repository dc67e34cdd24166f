import type { Machine } from '../machine.ts';
import { median } from '../median.ts';

/** Milliseconds since the JobManager was killed. */
export type Sample = {
  readonly jobId: string;
  /** The process of the next JobManager was started. */
  readonly startedMs: number;
  /** The watcher's first ready answer: `/jobs/overview` 200 and enough free slots. */
  readonly readyMs: number;
  /** The request that starts the job reached Flink, by Flink's own log. */
  readonly postMs: number;
  /** The watcher saw all tasks of the job running; that it began from the newest checkpoint and counts on was proven after that. */
  readonly runningMs: number;
};

/** The autopilot's own steps on the way. */
export type AutopilotSample = Sample & {
  readonly eventMs: number;
  readonly passMs: number;
  readonly committedMs: number;
};

/** One sample of each. */
export type Round = { readonly script: Sample; readonly autopilot: AutopilotSample };

/** The autopilot's median from kill to running may be at most so many times that of the bare script. */
export const TARGETS = { ratio: 1.15 } as const;

/** All that was measured. */
export type Samples = Pick<Report, 'at' | 'machine' | 'rounds'>;

/** Medians over all rounds, and the verdict. */
export const summarize = ({ at, machine, rounds }: Samples): Report => {
  const script = (pick: (sample: Sample) => number) => median(rounds.map((round) => pick(round.script)));
  const autopilot = (pick: (sample: AutopilotSample) => number) => median(rounds.map((round) => pick(round.autopilot)));
  const runningMs = ({ runningMs: ms }: Sample) => ms;
  const medianRunningMs = { script: script(runningMs), autopilot: autopilot(runningMs) };
  const ratio = medianRunningMs.autopilot / medianRunningMs.script;
  return {
    benchmark: 'recover',
    at,
    machine,
    runs: rounds.length,
    medianRunningMs,
    ratio,
    medianSteps: { script: stepsOf(script), autopilot: { ...stepsOf(autopilot), ...ownStepsOf(autopilot) } },
    targets: TARGETS,
    met: ratio <= TARGETS.ratio,
    rounds,
  };
};

/** Where the time goes, one step after the other. */
const stepsOf = (of: (pick: (sample: Sample) => number) => number) => ({
  killToStartMs: of(({ startedMs }) => startedMs),
  startToReadyMs: of(({ startedMs, readyMs }) => readyMs - startedMs),
  readyToPostMs: of(({ readyMs, postMs }) => postMs - readyMs),
  postToRunningMs: of(({ postMs, runningMs }) => runningMs - postMs),
});

/** What lies between ready and the submission of the autopilot, and when it heard of the end. */
const ownStepsOf = (of: (pick: (sample: AutopilotSample) => number) => number) => ({
  killToEventMs: of(({ eventMs }) => eventMs),
  readyToPassMs: of(({ readyMs, passMs }) => passMs - readyMs),
  passToCommittedMs: of(({ passMs, committedMs }) => committedMs - passMs),
  committedToPostMs: of(({ committedMs, postMs }) => postMs - committedMs),
});

export type Report = {
  readonly benchmark: 'recover';
  readonly at: string;
  readonly machine: Machine;
  readonly runs: number;
  readonly medianRunningMs: Readonly<Record<'script' | 'autopilot', number>>;
  /** Of the medians. */
  readonly ratio: number;
  readonly medianSteps: Readonly<Record<'script' | 'autopilot', Readonly<Record<string, number>>>>;
  readonly targets: typeof TARGETS;
  readonly met: boolean;
  readonly rounds: readonly Round[];
};
