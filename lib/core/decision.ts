import type { Progress } from './after.ts';
import type { HealthCode } from './health/judge.ts';
import type { Samples } from './health/samples.ts';
import type { Copy } from './liveness.ts';
import type { Restraint } from './mode.ts';
import type { Cluster, Effect, Job, Observation, Problem } from './model.ts';
import { problem, type ToldCode } from './problems.ts';
import type { Readiness } from './readiness.ts';

/** What is to be done about one job now, and why. At most one effect. */
export type Decision = {
  readonly job: string;
  /** What the job was seen as, in a few words. */
  readonly saw: string;
  readonly verdict: Verdict;
  readonly because: string;
  /** Carried out when the verdict is `act`; a dry run's is for show. */
  readonly effect?: Effect;
  readonly problem?: Problem;
  /** What else is wrong with it, which hides nothing; absent: it cannot be judged now. */
  readonly further?: readonly Problem[];
  /** What a waiting pass may watch for. */
  readonly waitFor?: WaitFor;
  /** It can be decided on only when its snapshots were looked for, which costs some requests and is done for no other. */
  readonly wantsSnapshots?: true;
  /** Its daily check is due: a few requests, made when nothing else is to be done, or now, since it waited for that for long. */
  readonly wantsCheck?: 'idle' | 'now';
  /** It is down by our own hand: also a look that only passes by stays for what it waits for. */
  readonly urgent?: true;
  /** Nothing is known of the job now: its incidents stay as they are. */
  readonly blind?: true;
  /** Incidents of the job that this decision cannot say are over. */
  readonly unjudged?: readonly ToldCode[];
  /** Of the job's health: codes that are over where they are no problem. */
  readonly well?: readonly HealthCode[];
  /** It is live, and wanted: how it looks. */
  readonly health?: 'well' | 'ill';
  /** Nothing of it is written but incidents and what was seen. */
  readonly dryRun?: true;
  /** The keys in which the manifest differs from what runs, or from what a lost job is started from again. */
  readonly drift?: readonly string[];
};

/** watch: nothing would be done here, only watched · would: a dry run would do it. */
export type Verdict = 'steady' | 'off' | 'done' | 'wait' | 'hold' | 'act' | 'watch' | 'would';

export type WaitFor =
  /** The JobManager tasks as ECS lists them change. */
  | { readonly kind: 'ecs' }
  /** ZooKeeper names another leader, or one at all. */
  | { readonly kind: 'leader' }
  /** The JobManager lists its jobs. */
  | { readonly kind: 'jobs'; readonly address: string }
  /** The count of free slots changes. */
  | { readonly kind: 'slots'; readonly address: string; readonly free: number }
  /** The job is listed. */
  | { readonly kind: 'job'; readonly address: string; readonly jobId: string }
  /** The job is live no more. */
  | { readonly kind: 'end'; readonly address: string; readonly jobId: string };

/** What all jobs of a cluster are decided on; `freeSlots` shrinks by what was promised to earlier jobs. */
export type Context = {
  readonly cluster: Cluster;
  readonly observation: Observation;
  readonly readiness: Readiness;
  /** Why nothing may be done for this job now, whatever is decided. */
  readonly restraint?: Restraint | undefined;
  readonly freeSlots: number | undefined;
  /** A job of a higher priority that waits for slots, for which some are kept. */
  readonly keptFor: string | undefined;
  readonly nowMs: number;
  /** Four random bytes in hex for a job's next attempt. */
  readonly dice: Readonly<Record<string, string>>;
  /** Every live job on the cluster. */
  readonly live: readonly Copy[];
  /** Those of them that no attempt of this cluster's jobs is. */
  readonly foreign: readonly Copy[];
  /** Of the live jobs' health. */
  readonly samples?: Samples | undefined;
  /** What the other jobs have come to, for `after`. */
  readonly progress: Progress;
};

/** `gist`: as of `problem`. */
type Words = { readonly saw?: string; readonly waitFor?: WaitFor; readonly gist?: string };

type Held = Decision & { readonly problem: Problem };

/** Nothing is done until a person changes something: told at once. */
export const held = (job: Job, code: ToldCode, because: string, { saw = 'absent', gist }: Words = {}): Held => ({
  job: job.name,
  saw,
  verdict: 'hold',
  because,
  problem: problem(code, because, job.name, gist),
});

/** Nothing is done now; a code makes a person hear of it when it lasts. */
export const waiting = (
  job: Job,
  because: string,
  code?: ToldCode,
  { saw = 'absent', waitFor, gist }: Words = {},
): Decision => ({
  job: job.name,
  saw,
  verdict: 'wait',
  because,
  ...(code === undefined ? {} : { problem: problem(code, because, job.name, gist) }),
  ...(waitFor === undefined ? {} : { waitFor }),
});

/** The same, which leaves these incidents as they are. */
export const withUnjudged = (decision: Decision, ...codes: readonly ToldCode[]): Decision =>
  codes.length === 0 ? decision : { ...decision, unjudged: [...(decision.unjudged ?? []), ...codes] };

/** The same, where the manifest wants something else than what is on record. */
export const withDrift = (decision: Decision, drift: readonly string[]): Decision =>
  drift.length === 0 ? decision : { ...decision, drift };
