import type { CheckpointConfig, Found, Incarnation, Reason, Snapshot } from './observation.ts';
import type { JobSpec } from './spec.ts';

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
  /** The session of the leader that has answered without it since then. */
  readonly absentUnder?: string;
  /** `cause`: the first line of the root cause, where Flink said it. */
  readonly end?: { readonly state: EndState; readonly atMs: number; readonly cause?: string };
  /** All its tasks ran in each look since then: kept of what was started again after a failure. */
  readonly wellSinceMs?: number;
  /** They did for so long that its restarts before are forgiven. */
  readonly ranWell?: true;
  /** A person knows of its end or refusal (the job was disabled, or an order says so): the next start is made anew, from the manifest. */
  readonly acknowledged?: true;
  /** The revision that the manifest had when it was made, where that is another: a lost job is started again from what is on record. */
  readonly wanted?: string;
  /** It is to end, because a person ordered it, or it was ill; what comes after it is made from the record (restart) or from the manifest (apply). */
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
  /** The table lost it: all that is known of it is that files of it lie in this directory. */
  readonly leftIn?: string;
  /** A savepoint beside its work: under way, or what came of the last one as long as that is of use. */
  readonly savepoint?: Savepoint;
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
  /** heal: nobody ordered it; it was ill. */
  readonly order: 'restart' | 'apply' | 'heal';
  readonly because: string;
  /** The order's own: not sent by then, it is dropped. */
  readonly expiresMs?: number;
  readonly sentMs?: number;
  readonly to?: Incarnation;
};

/** A savepoint that leaves its job running: `sentMs` and `to` tell of the last call, which is made again where Flink does not know the trigger. */
export type Savepoint = {
  /** Given with the first call. */
  readonly triggerId?: string;
  /** It goes below this. */
  readonly directory: string;
  readonly because: string;
  /** Not sent, or not taken by Flink, by then, it is over. */
  readonly expiresMs: number;
  readonly sentMs?: number;
  readonly to?: Incarnation;
  /** Where it lies, until the ledger has it. */
  readonly path?: string;
  /** Why there is none, until there is a newer one. */
  readonly failed?: string;
};
