import { leadingView } from './leadership.ts';
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

/** Every live job on the cluster: once where high availability makes each JobManager answer for its leader, and also those that the leader recovers. */
export const liveJobs = (observation: Observation): readonly Copy[] => {
  const answered = new Set<string>();
  const copies: Copy[] = [];
  for (const view of viewsOf(observation)) {
    const jobs = [...jobsOf(view), ...recovering(view)].filter(
      ({ jobId, state }) => !isTerminal(state) && !answered.has(jobId),
    );
    for (const job of jobs) copies.push({ job, on: view.incarnation });
    if (view.identity.ha !== 'none') for (const { jobId } of jobs) answered.add(jobId);
  }
  return copies;
};

/** Jobs that a leader brings back and does not list (yet): a recovering cluster is not an empty one. */
export const recovering = (view: FlinkView): readonly FlinkJob[] => {
  if (view.recovers === undefined) return [];
  const listed = new Set(jobsOf(view).map(({ jobId }) => jobId));
  return view.recovers
    .filter((jobId) => !listed.has(jobId))
    .map((jobId) => ({ jobId, name: '', state: RECOVERING, tasksRunning: 0, tasksTotal: 0 }));
};

/** No word of Flink's: what stands in for one until a leader lists the job. */
export const RECOVERING = 'RECOVERING';

/** What is told of such a job: where it stands, in case it lasts. */
export const broughtBackText = (jobId: string): string =>
  `Flink is about to bring back ${jobId}, which its leader has in ZooKeeper and does not list`;

/**
 * What every JobManager says that answers; always in the same order, whichever answered first. Where one leads, it alone
 * speaks for those with high availability.
 */
export const viewsOf = (observation: Observation): readonly FlinkView[] => {
  const { flink, leader } = observation;
  const leading = leader && leadingView(observation);
  const views: FlinkView[] = [];
  for (const arn of Object.keys(flink).toSorted()) {
    const view = flink[arn];
    if (!view?.known) continue;
    const { value } = view;
    if (leader === undefined || value === leading || value.identity.ha === 'none') views.push(value);
  }
  return views;
};

/** The jobs that it lists; none where it does not say. */
export const jobsOf = ({ jobs }: FlinkView): readonly FlinkJob[] => (jobs.known ? jobs.value : []);
