import type { Attempt, FlinkJob, FlinkView, Incarnation, Observation, Post } from './model.ts';

const terminal: ReadonlySet<string> = new Set(['FINISHED', 'CANCELED', 'FAILED']);

/** Every other state is live, also one that we don't know. */
export const isTerminal = (state: string): state is 'FINISHED' | 'CANCELED' | 'FAILED' => terminal.has(state);

/** Nobody heard what this POST came to. */
export const isUnheard = ({ answer }: Post): boolean =>
  answer === 'none' || answer === 'unanswered' || answer === 'broken';

/** Its job may run all the same: Flink says so of a second execute() in `main()`, and nothing of it when that threw. */
export const mayRunAlthoughRefused = ({ refusal, nothingRuns }: Post): boolean =>
  (refusal?.code === 'MAIN_THREW' || refusal?.code === 'DUPLICATE_JOB') && nothingRuns !== true;

/** It may have started a job that nobody saw: also one that was refused, as long as its process was not seen without the job. */
export const mayHaveStarted = (post: Post): boolean => isUnheard(post) || mayRunAlthoughRefused(post);

/**
 * Nobody can say yet whether this POST makes its job appear. One that was refused as a duplicate is waited for, so that
 * nobody is told of a refusal while the job that has the id is about to be listed. That nothing starts beside that one
 * does not rest on it: the POST before it is open by itself, and on its process the id stays the same.
 */
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
  const answered = new Set<string>();
  return viewsOf(observation).flatMap((view) => {
    const jobs = jobsOf(view).filter(({ jobId, state }) => !isTerminal(state) && !answered.has(jobId));
    if (view.identity.ha !== 'none') for (const { jobId } of jobs) answered.add(jobId);
    return jobs.map((job) => ({ job, on: view.incarnation }));
  });
};

/** What every JobManager says that answers; always in the same order, whichever answered first. */
export const viewsOf = ({ flink }: Observation): readonly FlinkView[] =>
  Object.keys(flink)
    .toSorted()
    .flatMap((arn) => {
      const view = flink[arn];
      return view?.known ? [view.value] : [];
    });

/** The jobs that it lists; none where it does not say. */
export const jobsOf = ({ jobs }: FlinkView): readonly FlinkJob[] => (jobs.known ? jobs.value : []);
