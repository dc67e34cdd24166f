import type { CheckpointConfig, Found, Incarnation, Reason, Snapshot } from './observation.ts';
import type { JobSpec } from './spec.ts';

/** The nouns. Readonly records; what is unknown is said, never guessed. Times are epoch milliseconds. */

export type * from './observation.ts';
export type * from './spec.ts';

/**
 * One POST /jars/:id/run: the intent that is committed before the call, and what came of it.
 * none: nothing heard (we may have died before or after sending) · accepted · refused (by Flink) ·
 * not-sent (surely never reached Flink) · unanswered (our wait ended) · broken (the connection ended without an answer)
 */
export type Post = {
  readonly id: number;
  readonly to: Incarnation;
  readonly sentMs: number;
  /** From here on an unheard-of POST counts as never having happened. */
  readonly settledByMs: number;
  readonly answer: 'none' | 'accepted' | 'refused' | 'not-sent' | 'unanswered' | 'broken';
  readonly refusal?: Reason;
  /** The process that took it is known to have ended. */
  readonly processEnded: boolean;
  /** Its main() threw, or Flink knew its id, and afterwards the process that ran it was seen without the job: none runs. */
  readonly nothingRuns?: true;
  /** No other submission was under way on its process, or all others had their answer: if that ended under it, this one is to blame. */
  readonly alone?: true;
  /** An uploaded jar that is still on the JobManager because the outcome was unknown. */
  readonly jarId?: string;
};

export type EndState = 'FINISHED' | 'CANCELED' | 'FAILED' | 'LOST' | 'GONE';

/** One try to run a job, under a Flink job id that is never used for another. */
export type Attempt = {
  readonly n: number;
  readonly jobId: string;
  readonly revision: string;
  /** The whole spec it was made from. */
  readonly spec: JobSpec;
  readonly jarVersion: string;
  readonly jarSizeBytes: number;
  readonly taskDefinitionArn: string;
  readonly flinkVersion: string;
  readonly posts: readonly Post[];
  /** Where it was last seen live (or accepted). */
  readonly sightedOn?: Incarnation;
  /** The name it has on Flink, learned when it was seen. */
  readonly flinkName?: string;
  /** Since when its own process answers without it. */
  readonly absentSinceMs?: number;
  readonly end?: { readonly state: EndState; readonly atMs: number };
  /** A person knows of its end or refusal (the job was disabled, or an order says so): the next start is made anew, from the manifest. */
  readonly acknowledged?: true;
  /** The revision that the manifest had when it was made, where that is another: a lost job is started again from what is on record. */
  readonly wanted?: string;
  /** It is to end, because a person ordered it; what comes after it is made from the record (restart) or from the manifest (apply). */
  readonly stop?: Stop;
  /** The snapshot it starts from, chosen with its intent; absent: it starts empty. */
  readonly source?: Found;
  /** What Flink said it began from. */
  readonly restored?: { readonly path?: string; readonly id: number };
  /** The ledger: its newest complete snapshots, newest first. */
  readonly snapshots?: readonly Snapshot[];
  /** It completed a snapshot, if only in its JobManager's memory. */
  readonly hadState?: true;
  readonly checkpointing?: CheckpointConfig;
  /** Why the savepoint of an ordered end came to nothing: the job runs on. */
  readonly savepointFailed?: string;
  /** A person ordered that the next one starts empty, or from this path. */
  readonly nextFrom?: NextFrom;
};

export type NextFrom = { readonly kind: 'empty' } | { readonly kind: 'snapshot'; readonly path: string };

/** An ordered end: `sentMs` and `to` tell of the last call, which is made again until the end is seen. */
export type Stop = {
  /** savepoint: ends with a savepoint below `directory`, under `triggerId`. */
  readonly how: 'savepoint' | 'cancel';
  readonly triggerId?: string;
  readonly directory?: string;

  readonly order: 'restart' | 'apply';
  readonly because: string;
  /** The order's own: not sent by then, it is dropped. */
  readonly expiresMs?: number;
  readonly sentMs?: number;
  readonly to?: Incarnation;
};

/** What is kept of a job: its attempts in order of `n`, bounded. There is no "current" one beside them, and no counter that they don't show. */
export type JobMemory = {
  readonly schema: 1;
  readonly attempts: readonly Attempt[];
  /** Its effects have to wait. */
  readonly pause?: Pause;
  /** Foreign Flink jobs that a person said are others. */
  readonly ignored?: readonly string[];
  /** The JobManager process that was ready last, and since when: kept where `submitAfterSeconds` asks for its age. */
  readonly ready?: { readonly process: string; readonly sinceMs: number };
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
  | { readonly kind: 'delete-jar'; readonly job: string; readonly to: Incarnation; readonly jarId: string }
  /** The attempt's `stop` says why, and has the trigger. Whether it came to an end the next look tells. */
  | {
      readonly kind: 'cancel' | 'stop-with-savepoint';
      readonly job: string;
      readonly attempt: Attempt;
      readonly to: Incarnation;
    };

/** A condition that a person may have to hear of: told when it lasted `graceMs`. */
export type Problem = {
  readonly code: string;
  /** Absent: of the cluster. */
  readonly job?: string;
  readonly graceMs: number;
  /** What is wrong, with the root cause's first line. */
  readonly what: string;
  /** What the autopilot does next by itself. */
  readonly next: string;
  /** What a person can do: the exact change or command. */
  readonly fix: string;
};

export type Incident = Problem & {
  readonly key: string;
  /** pending: seen, not yet told · open · closed */
  readonly state: 'pending' | 'open' | 'closed';
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  readonly closedMs?: number;
  /** Why it is over, where the condition itself did not end. */
  readonly closedBecause?: string;
  readonly openToldMs?: number;
  readonly closeToldMs?: number;
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
