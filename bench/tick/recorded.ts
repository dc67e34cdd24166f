import { readRecording } from '../../test/contract/recording/recording.ts';

/** What a real Flink answered to each question of a look, out of the recordings of the contract. */
export type Recorded = Readonly<Record<keyof typeof CASES, string>>;

const CHECKPOINTS = 'a job with checkpoints names those that are left, the newest first, and how it takes them';
const RESTARTS = 'a job that runs was never restarted and threw nothing; of one that is unknown there is no figure';
const PROCESS = 'the process of a JobManager is named by a UUID of its own';
const JOBS = 'a job that was run is listed at once and comes to run with all its tasks';
const FLOW =
  'what a source gives on is counted, and nothing waits in a job that keeps up; a job that is unknown has no flow';
const SLOTS = 'free slots are counted';

/** By question: the case whose last such answer it is, its path with `:id` for a job, and what it has to hold. */
const CASES = {
  config: [PROCESS, '/config'],
  jobManagerConfig: [PROCESS, '/jobmanager/config'],
  slots: [SLOTS, '/overview'],
  jobs: [JOBS, '/jobs/overview', /"state":"RUNNING"[^}]*"running":(\d+),[^}]*"total":\1,/],
  job: [FLOW, '/jobs/:id'],
  checkpoints: [CHECKPOINTS, '/jobs/:id/checkpoints'],
  checkpointConfig: [CHECKPOINTS, '/jobs/:id/checkpoints/config'],
  restarts: [RESTARTS, '/jobs/:id/metrics?get=numRestarts', /numRestarts/],
  exceptions: [RESTARTS, '/jobs/:id/exceptions?maxExceptions=1'],
} as const;

export const recordedAnswers = (): Recorded =>
  Object.fromEntries(
    Object.entries(CASES).map(([question, [name, path, holds = /./]]) => [question, lastAnswer(name, path, holds)]),
  ) as Recorded;

const lastAnswer = (name: string, path: string, holds: RegExp): string => {
  const texts = readRecording('2.3.0', name).exchanges.flatMap((exchange) =>
    exchange.path.replace(/[0-9a-f]{32}/, ':id') === path &&
    typeof exchange.answer === 'object' &&
    exchange.answer.status === 200 &&
    holds.test(exchange.answer.text)
      ? [exchange.answer.text]
      : [],
  );
  const last = texts.at(-1);
  if (last === undefined) throw new Error(`the recording of "${name}" has no answer to ${path}`);
  return last;
};
