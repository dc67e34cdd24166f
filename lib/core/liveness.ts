import type { Attempt, FlinkJob, Incarnation, Observation, Post } from './model.ts';

const terminal: ReadonlySet<string> = new Set(['FINISHED', 'CANCELED', 'FAILED']);

/** Every other state is live, also one that we don't know. */
export const isTerminal = (state: string): state is 'FINISHED' | 'CANCELED' | 'FAILED' => terminal.has(state);

/** Nobody heard what this POST came to. */
export const isUnheard = ({ answer }: Post): boolean =>
  answer === 'none' || answer === 'unanswered' || answer === 'broken';

/** It may have started a job that nobody saw: also a `main()` that threw, as long as its process was not seen without the job. */
export const mayHaveStarted = (post: Post): boolean =>
  isUnheard(post) || (post.refusal?.code === 'MAIN_THREW' && post.nothingRuns !== true);

/** Nobody can say yet whether this POST makes its job appear. */
export const isOpen = (post: Post, nowMs: number): boolean =>
  !post.processEnded && nowMs < post.settledByMs && (isUnheard(post) || post.refusal?.code === 'DUPLICATE_JOB');

/** An attempt that counts as live although no list shows it: a POST of it is not settled. */
export const isUnsettled = (attempt: Attempt, nowMs: number): boolean =>
  attempt.sightedOn === undefined && attempt.end === undefined && attempt.posts.some((post) => isOpen(post, nowMs));

export type Copy = { readonly job: FlinkJob; readonly on: Incarnation };

/** Every live copy that any JobManager, a draining one too, lists under one of these ids. */
export const liveCopies = (jobIds: readonly string[], observation: Observation): readonly Copy[] =>
  liveJobs(observation).filter(({ job }) => jobIds.includes(job.jobId));

/** Every live job on the cluster: once where high availability makes each JobManager answer for its leader. */
export const liveJobs = (observation: Observation): readonly Copy[] => {
  const listed = Object.values(observation.flink).flatMap((view) =>
    view.known && view.value.jobs.known
      ? view.value.jobs.value
          .filter((job) => !isTerminal(job.state))
          .map((job) => ({ job, on: view.value.incarnation, isHa: view.value.identity.ha !== 'none' }))
      : [],
  );
  const answered = new Set<string>();
  return listed.flatMap(({ job, on, isHa }) => {
    if (isHa && answered.has(job.jobId)) return [];
    if (isHa) answered.add(job.jobId);
    return [{ job, on }];
  });
};
