import type { Metric } from './core/metrics.ts';
import type {
  AlertsSpec,
  Cluster,
  EcsView,
  Incident,
  JarSeen,
  SecretText,
  Severity,
  TaskManagersView,
} from './core/model.ts';
import type { ToldState } from './core/telling/marks.ts';
import { durationMs } from './core/times.ts';
import type { FlinkRest } from './ports/flink.ts';
import type { Leaders } from './ports/leaders.ts';
import type { SnapshotFiles } from './ports/snapshots.ts';
import type { Store } from './ports/store.ts';

export type * from './ports/flink.ts';
export { endpointOf } from './ports/flink.ts';
export type * from './ports/leaders.ts';
export type * from './ports/snapshots.ts';
export type * from './ports/store.ts';

/**
 * One interface for each outside world, in our own words. Methods take and return plain frozen data, settle by
 * `deadlineMs` (epoch) themselves and throw nothing but `Fault`.
 */
export type Ports = {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly ecs: EcsTasks;
  readonly flink: FlinkRest;
  readonly leaders: Leaders;
  readonly jars: Jars;
  readonly snapshots: SnapshotFiles;
  readonly secrets: Secrets;
  readonly store: Store;
  readonly alerts: Alerts;
  /** Further places that hear of everything, by name; absent: none. */
  readonly webhooks?: Readonly<Record<string, Alerts>>;
  /** What the manifest says of messages; absent: nothing. */
  readonly telling?: AlertsSpec;
  readonly metrics: Metrics;
  readonly log: Log;
};

export type Clock = {
  nowMs(): number;
  /** The only timer of `lib/` outside adapters and wiring. */
  sleep(ms: number): Promise<void>;
};

export type Chance = {
  /** `bytes` random bytes in lower-case hex. */
  hex(bytes: number): string;
};

export type EcsTasks = {
  /**
   * ListTasks of both desired statuses for each JobManager service, DescribeTasks of these and of `alsoTasks`,
   * DescribeServices. All or nothing: a partial answer is a Fault (`transient`, `rejected` ECS_DENIED, ECS_CLUSTER_MISSING, ECS_SERVICE_MISSING).
   */
  look(cluster: Cluster, alsoTasks: readonly string[], deadlineMs: number): Promise<EcsView>;
  /**
   * The TaskManager services: DescribeServices; and where something happened to a service within `tasks.crashesWithinMs`, a
   * page of ListTasks of its stopped tasks and DescribeTasks. All or nothing; the same Faults.
   */
  taskManagers(cluster: Cluster, deadlineMs: number): Promise<TaskManagersView>;
};

/** Values of `${ssm:/path}` and `${secret:name#key}` in a text. Faults name the reference, never a value: `rejected` SECRET_MISSING, SECRET_DENIED, `transient`. */
export type Secrets = { resolve(text: SecretText, deadlineMs: number): Promise<string> };

export type Jars = {
  /** Faults: `rejected` JAR_DENIED, `transient`. */
  look(uri: string, deadlineMs: number): Promise<JarSeen>;
};

/** A message to people and machines. */
export type Alert = {
  readonly subject: string;
  /** What it says, part by part, and as one text. */
  readonly parts: readonly (readonly [name: string, text: string])[];
  readonly text: string;
  readonly incident: Incident;
  readonly cluster: string;
  readonly state: ToldState;
  /** Which update, or reminder, of this incident it is. */
  readonly count?: number;
  readonly severity: Severity;
  /** Where its page is: a URL where the manifest says it, else the path in this repository. */
  readonly runbook: string;
};

/** The names of the webhooks. */
export const webhooksOf = ({ webhooks = {} }: Pick<Ports, 'webhooks'>): readonly string[] => Object.keys(webhooks);

/** How often what is open is said again; undefined: never. */
export const remindEveryMsOf = ({ telling }: Pick<Ports, 'telling'>): number | undefined =>
  durationMs(telling?.remindEvery);

export type Alerts = { publish(alert: Alert, deadlineMs: number): Promise<void> };

/** What one pass measured of a cluster. Nothing waits for it, and it is lost with its process. */
export type Metrics = { put(cluster: string, metrics: readonly Metric[]): Promise<void> };

export type Log = {
  info(message: string, fields: Readonly<Record<string, unknown>>): void;
  error(message: string, fields: Readonly<Record<string, unknown>>): void;
};
