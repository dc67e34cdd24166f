/** One JobManager process, as the agent told of it: a container that restarts in its task is another process. */
export type WatchedProcess = {
  readonly taskArn: string;
  readonly address: string;
  readonly pid: number;
};

/** What one process said, asked once for its jobs. Times are epoch milliseconds. */
export type Sample = { readonly askedAtMs: number; readonly answeredAtMs: number; readonly answer: Answer };

export type Answer =
  /** The list of jobs: the state is known. */
  | { readonly kind: 'jobs'; readonly jobs: readonly JobSeen[] }
  /** HTTP, but no list yet: a dispatcher does not lead, so there is no job. */
  | { readonly kind: 'no-leader' }
  /** Nobody listens. */
  | { readonly kind: 'refused' }
  /** The connection was closed without an answer, as REST does to whoever asks a JobManager that shuts down. */
  | { readonly kind: 'hung-up' }
  /** No answer: the state is not known. */
  | { readonly kind: 'none'; readonly why: string };

export type JobSeen = { readonly jobId: string; readonly name: string; readonly state: string };

/** Everything that is known of one process. */
export type ProcessRecord = {
  readonly process: WatchedProcess;
  /** In the order of the answers. */
  readonly samples: readonly Sample[];
  /** When it was found dead. */
  readonly endedAtMs?: number;
};

/** The whole history, as it stood at one moment. */
export type Watched = {
  readonly records: readonly ProcessRecord[];
  readonly untilMs: number;
  /** Times in which the watch itself did not get to look, although it was due. */
  readonly late: readonly Late[];
};

export type Late = { readonly fromMs: number; readonly untilMs: number };

const TERMINAL: ReadonlySet<string> = new Set(['FINISHED', 'CANCELED', 'FAILED']);

/** Every state but the three ends is live, also one that nobody knows. */
export const isLive = ({ state }: JobSeen): boolean => !TERMINAL.has(state);

/** The state of the process was known when this sample was answered. */
export const isKnown = ({ answer }: Sample): boolean => answer.kind !== 'none' && answer.kind !== 'hung-up';
