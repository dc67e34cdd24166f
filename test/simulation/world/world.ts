import type { Cluster } from '../../../lib/core/model.ts';
import type { Alerts, EcsTasks, FlinkRest, Jars, Leaders, Secrets, SnapshotFiles } from '../../../lib/ports.ts';
import type { FakeStore } from '../../support/fake-store.ts';
import type { Truth } from './truth.ts';

/** The name of the webhook in the manifest. */
export const WEBHOOK = 'team';

/** What there is outside of the product, and what happens there. */
export type World = {
  /** The manifest as it is deployed now. */
  clusters(): readonly Cluster[];
  /** The raw ports; each call is carried out at once (the gate decides when that is) and for `sim.caller`. */
  readonly store: FakeStore;
  readonly ecs: EcsTasks;
  readonly flink: FlinkRest;
  readonly leaders: Leaders;
  readonly jars: Jars;
  readonly snapshots: SnapshotFiles;
  readonly secrets: Secrets;
  readonly alerts: Alerts;
  /** It hears of everything, too. */
  readonly webhook: Alerts;
  readonly truth: Truth;
  /** Nothing is wrong with it. */
  readonly isHealthy: boolean;
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

export type * from './truth.ts';
