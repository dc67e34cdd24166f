import type { Decision } from '../core/decision.ts';
import type { Budget } from '../core/healing/budget.ts';
import type { EndState, Incident, JobSpec, Left, LogEntry, Mode, Order, Pause } from '../core/model.ts';
import type { Rung } from '../core/readiness.ts';
import type { Holder } from '../ports.ts';

/** What a person is answered. Plain data; times are epoch milliseconds. */
export type Answer = StatusAnswer | PlanAnswer | HistoryAnswer | OrdersAnswer | OrderAnswer | Refusal;

/** invalid: the request is wrong · refused: the order cannot be carried out · unavailable: what is needed cannot be reached */
export type Refusal = {
  readonly ok: false;
  readonly why: 'invalid' | 'refused' | 'unavailable';
  readonly problems: readonly string[];
};

/** `cut`: so many entries were left out, because an answer has a largest size. */
type Listed = { readonly ok: true; readonly atMs: number; readonly cut?: number };

export type StatusAnswer = Listed & { readonly op: 'status'; readonly clusters: readonly ClusterStatus[] };
export type PlanAnswer = Listed & { readonly op: 'plan'; readonly clusters: readonly ClusterPlan[] };
export type OrdersAnswer = Listed & { readonly op: 'orders'; readonly orders: readonly OpenOrder[] };
export type HistoryAnswer = {
  readonly ok: true;
  readonly op: 'history';
  readonly atMs: number;
  /** Newest first. */
  readonly entries: readonly HistoryEntry[];
  /** There are older ones: what `beforeMs` has to be to read on. */
  readonly olderThanMs?: number;
};

export type HistoryEntry = LogEntry & { readonly cluster: string };
export type OpenOrder = Order & { readonly cluster: string };

export type OrderAnswer = {
  readonly ok: true;
  readonly op: 'order';
  readonly atMs: number;
  readonly order: OpenOrder;
  /** taken: a pass has consumed it · dropped: it came to nothing, and why · open: it waits for a pass, and why · unknown: it is written, and why no more is known */
  readonly came: 'taken' | 'dropped' | 'open' | 'unknown';
  readonly because?: string;
  /** What was done or decided on the job since, as the audit trail has it. */
  readonly entries: readonly LogEntry[];
  /** How it looks afterwards, where it could be looked at. */
  readonly status?: ClusterStatus;
};

/** A mode, and who set it where it is not `run`. */
export type ModeSeen = { readonly mode: Mode; readonly because?: string };

/** What is common to a status and a plan of a cluster. */
export type ClusterView = {
  readonly cluster: string;
  readonly mode: ModeSeen;
  /** How far it has come: `ready`, the missing rung, or `unknown` when its memory cannot be read. */
  readonly rung: Rung | 'ready' | 'unknown';
  readonly because: string;
  readonly pause?: Pause;
};

export type ClusterStatus = ClusterView & {
  /** A pass is under way: it is behind, and its results are not seen yet. */
  readonly busy?: Holder;
  /** Of the cluster itself. */
  readonly incidents: readonly Incident[];
  readonly orders: readonly Order[];
  readonly jobs: readonly JobStatus[];
  /** Live on it and no job of the manifest: what `adopt` and `ignore` speak of. */
  readonly foreign: readonly { readonly jobId: string; readonly name: string; readonly state: string }[];
  /** Remembered, but no longer in the manifest. */
  readonly left: readonly string[];
};

export type JobStatus = {
  readonly job: string;
  readonly enabled: boolean;
  readonly mode: ModeSeen;
  readonly pause?: Pause;
  readonly remembered?: Remembered;
  readonly seen: string;
  readonly verdict: Decision['verdict'];
  readonly because: string;
  readonly drift?: Drift;
  /** Its restarts after failures, where there were some. */
  readonly healing?: Budget;
  /** What earlier attempts left that nothing needs, as last counted. */
  readonly left?: readonly Left[];
  /** Flink job ids that a person said are others. */
  readonly ignored?: readonly string[];
  readonly incidents: readonly Incident[];
  readonly orders: readonly Order[];
};

/** The newest attempt. */
export type Remembered = {
  readonly attempt: number;
  readonly jobId: string;
  /** Its first submission, where it is known. */
  readonly sinceMs?: number;
  readonly end?: { readonly state: EndState; readonly atMs: number };
  readonly flinkName?: string;
  readonly jarVersion: string;
  readonly revision: string;
  readonly spec: JobSpec;
};

/** What runs, or is started again after a loss, was made from another entry than the manifest has now. */
export type Drift = { readonly keys: readonly string[]; readonly runs: JobSpec; readonly wanted: JobSpec };

export type ClusterPlan = ClusterView & { readonly jobs: readonly JobPlan[] };

export type JobPlan = {
  readonly job: string;
  readonly enabled: boolean;
  readonly mode: ModeSeen;
  readonly seen: string;
  /** What the first pass in mode `run` decides. */
  readonly verdict: Decision['verdict'];
  readonly because: string;
  /** What it then does. */
  readonly would?: Would;
};

/** An effect, without what chance has still to decide. */
export type Would = {
  readonly kind: string;
  readonly attempt?: number;
  readonly to?: string;
  readonly jarVersion?: string;
  readonly spec?: JobSpec;
  /** One transaction does not hold it, or other jars are uploaded first: it comes with the pass after. */
  readonly nextPass?: true;
};
