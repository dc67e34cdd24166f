import type { Cluster } from '../../../lib/core/model.ts';
import type { Alerts, EcsTasks, FlinkRest, Jars, Secrets } from '../../../lib/ports.ts';
import type { FakeStore } from '../../support/fake-store.ts';

/** What there is outside of the product, and what happens there. */
export type World = {
  /** The manifest as it is deployed now. */
  clusters(): readonly Cluster[];
  /** The raw ports; each call is carried out at once (the gate decides when that is) and for `sim.caller`. */
  readonly store: FakeStore;
  readonly ecs: EcsTasks;
  readonly flink: FlinkRest;
  readonly jars: Jars;
  readonly secrets: Secrets;
  readonly alerts: Alerts;
  readonly truth: Truth;
  /** Grows with each change of the truth or the store; nobody needs to check again what did not change. */
  version(): number;
  /** From now on things happen by themselves, as long as `sim.phase` is trouble. */
  start(): void;
  /** Something breaks at this very moment; trouble seldom comes alone. Nothing in the calm. */
  strike(): void;
  /** Trouble stops: what is broken may heal, nothing new breaks. */
  calm(): void;
  /** Who hears of what ECS would send an event of: the name of the cluster. */
  onChange(ring: (cluster: string) => void): void;
};

/** What is really so, for those who judge. */
export type Truth = {
  /** Every job that lives (in any non-terminal state) on any process, wanted, draining or foreign. */
  readonly copies: readonly JobCopy[];
  /** Every POST that reached a process, in this order. */
  readonly posts: readonly ReachedPost[];
  readonly cancels: readonly ReachedCancel[];
  /** Every alert that was published. */
  readonly alerts: readonly PublishedAlert[];
  /** By lineage, oldest first. */
  readonly snapshots: Readonly<Record<string, readonly TrueSnapshot[]>>;
};

export type JobCopy = {
  readonly jobId: string;
  /** Of the manifest's job that it is a copy of, also under a foreign id; its own id if it is none. */
  readonly lineage: string;
  /** Its name on Flink. */
  readonly name: string;
  readonly cluster: string;
  readonly process: string;
  readonly state: string;
  readonly sinceMs: number;
};

export type ReachedPost = {
  readonly jobId: string;
  readonly cluster: string;
  readonly process: string;
  /** The name of the invocation that sent it. */
  readonly invocation: string;
  readonly atMs: number;
  /** When its main() ended, whatever came of it; absent: it runs. */
  endedMs?: number;
};

export type ReachedCancel = Omit<ReachedPost, 'endedMs'>;

export type PublishedAlert = {
  readonly key: string;
  readonly cluster: string;
  readonly state: 'open' | 'closed';
  readonly atMs: number;
};

export type TrueSnapshot = { readonly path: string; readonly complete: boolean; readonly atMs: number };
