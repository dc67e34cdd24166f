import type { Attempt, Post } from './attempt.ts';
import type { Samples } from './health/samples.ts';
import type { Incarnation, Left, Reason } from './observation.ts';

/** The nouns. Readonly records; what is unknown is said, never guessed. Times are epoch milliseconds. */

export type * from './attempt.ts';
export type * from './observation.ts';
export type * from './spec.ts';
export type * from './tasks/ecs-view.ts';

/** What is kept of a job: its attempts in order of `n`, bounded. There is no "current" one beside them, and no counter that they don't show. */
export type JobMemory = {
  readonly schema: 1;
  readonly attempts: readonly Attempt[];
  /** Its effects have to wait. */
  readonly pause?: Pause;
  /** Foreign Flink jobs that a person said are others. */
  readonly ignored?: readonly string[];
  /** What a look that is made once a day found where its snapshots are. */
  readonly check?: Check;
  /** The JobManager process that was ready last, and since when: kept where `submitAfterSeconds` asks for its age. */
  readonly ready?: { readonly process: string; readonly sinceMs: number };
  /** Where REST alone has to prove it: since when no JobManager listed the job. */
  readonly missing?: Missing;
};

/** Since when each look heard every JobManager, always these processes, and none listed a job as live (`leader: rest`). */
export type Missing = {
  readonly processes: readonly string[];
  readonly sinceMs: number;
  /** About when the last look was. */
  readonly lookedMs: number;
  /** A look since then did not hear all of them. */
  readonly unheard?: true;
  /** Jobs of other hands that were listed then. */
  readonly foreign?: readonly string[];
};

/** Found while attempt number `attempt` ran, once it had a checkpoint of its own. What could not be seen is as it was before. */
export type Check = {
  readonly attempt: number;
  readonly atMs: number;
  /** What deletes or archives snapshots behind everybody's back, in a sentence. */
  readonly expiry?: string;
  /** Why the rules of its bucket cannot be seen, where that does not pass by itself. */
  readonly rulesUnseen?: string;
  /** Why its snapshots cannot be listed, where that does not pass by itself. */
  readonly unlisted?: string;
  /** What earlier attempts left that nothing needs any more. */
  readonly left?: readonly Left[];
  /** Something of that was deleted since, or could not be seen: it is looked at again soon. */
  readonly soon?: true;
};

export const emptyJobMemory: JobMemory = { schema: 1, attempts: [] };

/** The outcome of one effect, fed into the next pass. */
export type Outcome = {
  readonly job: string;
  readonly attempt: number;
  readonly postId: number;
  readonly answer: Exclude<Post['answer'], 'none'>;
  readonly refusal?: Reason;
  readonly jarId?: string;
};

export type Effect =
  | {
      readonly kind: 'run';
      readonly job: string;
      readonly attempt: Attempt;
      readonly post: Post;
      /** A jar that an earlier POST of this attempt left on the same process. */
      readonly jarId?: string;
    }
  /** A savepoint of ours, marked as given up in the `attempt` that took it. */
  | {
      readonly kind: 'dispose';
      readonly job: string;
      readonly attempt: Attempt;
      readonly to: Incarnation;
      readonly path: string;
    }
  /** What an earlier attempt left; `attempt` is the newest. */
  | { readonly kind: 'delete-left'; readonly job: string; readonly attempt: Attempt; readonly path: string }
  | { readonly kind: 'delete-jar'; readonly job: string; readonly to: Incarnation; readonly jarId: string }
  /** The attempt's `stop`, or its `savepoint`, says why, and has the trigger. What came of it the next look tells. */
  | {
      readonly kind: 'cancel' | 'stop-with-savepoint' | 'savepoint';
      readonly job: string;
      readonly attempt: Attempt;
      readonly to: Incarnation;
    };

/** critical: a job that should run does not or may not, or its state is lost, or nobody can tell · warning: it runs, or does as a person wished. */
export type Severity = 'critical' | 'warning';

/** A condition that a person may have to hear of: told when it lasted `graceMs`. */
export type Problem = {
  readonly code: string;
  /** Absent: of the cluster. */
  readonly job?: string;
  /** Where one job may have several at once under the code: which one. */
  readonly about?: string;
  readonly graceMs: number;
  /** What is wrong, with the root cause's first line. */
  readonly what: string;
  /** What matters of it, as 8 hex digits: who was told of it hears of it anew when this changes. */
  readonly gist?: string;
  /** What the autopilot has done, where it has done something. */
  readonly done?: string;
  /** What the autopilot does next by itself. */
  readonly next: string;
  /** What a person can do: the exact change or command. */
  readonly fix: string;
};

/** What one channel has heard of an incident. */
export type Marks = {
  readonly openToldMs?: number;
  readonly closeToldMs?: number;
  /** The gist that it heard last. Absent where an earlier version told it, which hears of no change. */
  readonly gistTold?: string;
  /** How many changes, and how many reminders, it heard since, and when the last of them. */
  readonly updates?: number;
  readonly reminders?: number;
  readonly toldMs?: number;
  /** What it heard the opening of ended and came back before it heard of that end, which it is told first. */
  readonly ended?: { readonly firstSeenMs: number; readonly closedMs: number };
  /** Its last try failed. `isFinal`: as long as nobody changes anything. Kept of webhooks alone. */
  readonly failure?: { readonly atMs: number; readonly what: string; readonly isFinal: boolean };
};

/** The marks in it are the topic's. */
export type Incident = Problem &
  Marks & {
    readonly key: string;
    /** pending: seen, not yet told · open · closed */
    readonly state: 'pending' | 'open' | 'closed';
    readonly firstSeenMs: number;
    readonly lastSeenMs: number;
    /** How much of the time before it opened does not count, since nobody looked. */
    readonly unlookedMs?: number;
    readonly closedMs?: number;
    /** Why it is over, where the condition itself did not end. */
    readonly closedBecause?: string;
    /** When the same was told before, within the time in which it counts as coming and going. */
    readonly opened?: readonly number[];
    /** What the webhooks have heard, by name. */
    readonly channels?: Readonly<Record<string, Marks>>;
  };

/** A person's word that effects have to wait: until `untilMs`, or until it is taken back. */
export type Pause = { readonly who: string; readonly why: string; readonly sinceMs: number; readonly untilMs?: number };

/** A person's order, consumed exactly once, in the order of `id` (which sorts by time). */
export type Order = {
  readonly id: string;
  readonly kind:
    | 'release'
    | 'pause'
    | 'resume'
    | 'restart'
    | 'apply'
    | 'savepoint'
    | 'adopt'
    | 'ignore'
    | 'start-empty'
    | 'restore-from';
  /** Absent: the whole cluster (pause and resume only). */
  readonly job?: string;
  /** adopt, ignore: the Flink job id of the foreign job. */
  readonly jobId?: string;
  /** restore-from: the directory of the snapshot. */
  readonly path?: string;
  readonly who: string;
  readonly why: string;
  readonly atMs: number;
  /** Not consumed by then, it is dropped. */
  readonly expiresMs: number;
  /** pause: ends by itself then. */
  readonly untilMs?: number;
};

/** Everything the store holds of one cluster. */
export type ClusterMemory = {
  readonly jobs: Readonly<Record<string, JobMemory>>;
  readonly incidents: readonly Incident[];
  readonly orders: readonly Order[];
  /** The whole cluster is paused. */
  readonly pause?: Pause;
  /** Of its live jobs' health; absent where none is kept, or what is kept cannot be read: it begins anew. */
  readonly samples?: Samples;
};

/** A line of the audit trail: an effect with its reason, or what came of it. */
export type LogEntry = {
  readonly job: string;
  readonly attempt: number;
  readonly jobId: string;
  readonly what: string;
  readonly because: string;
  readonly atMs: number;
  /** What came of this order. */
  readonly orderId?: string;
};
