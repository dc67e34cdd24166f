/** What ECS says of a cluster's services and their tasks. Readonly records, bounded. */

/** A task of a JobManager service as ECS describes it. */
export type JobManagerTask = {
  readonly taskArn: string;
  readonly service: string;
  readonly address?: string;
  /** It runs without a network interface of its own (bridge or host networking): there will never be an address. */
  readonly awsvpc?: false;
  readonly desiredStatus: string;
  readonly lastStatus: string;
  /** Absent: its containers do not run yet. */
  readonly startedMs?: number;
  readonly taskDefinitionArn: string;
  /** It has ended, or is about to. */
  readonly stop?: TaskStop;
};

/** Why and when a task ended, in ECS's own words; what it does not say is absent. */
export type TaskStop = {
  /** `stopCode`: `EssentialContainerExited`, `TaskFailedToStart`, `ServiceSchedulerInitiated`, `SpotInterruption`, `UserInitiated`, …. */
  readonly code?: string;
  /** `stoppedReason`, cut. */
  readonly reason?: string;
  /** When the task was made, and when its end began, by ECS's clock. */
  readonly createdMs?: number;
  readonly atMs?: number;
  /** Of the containers that said how they ended; at most a few. */
  readonly exits: readonly ContainerExit[];
};

export type ContainerExit = {
  readonly container: string;
  readonly exitCode?: number;
  /** ECS's own, such as `OutOfMemoryError: Container killed due to memory usage`, cut. */
  readonly reason?: string;
};

export type EcsView = {
  readonly services: readonly { readonly name: string; readonly desiredCount: number }[];
  /** Both desired statuses: a draining JobManager still runs its jobs. */
  readonly tasks: readonly JobManagerTask[];
  /** Asked-for task ARNs that DescribeTasks calls MISSING and both lists lack. */
  readonly missing: readonly string[];
};

/** The TaskManager services of a cluster. */
export type TaskManagersView = {
  readonly services: readonly TaskManagerService[];
  /** Tasks that stopped within the last hour or so, of the services to which something happened lately. */
  readonly stopped: readonly StoppedTask[];
};

export type TaskManagerService = {
  readonly name: string;
  readonly desiredCount: number;
  readonly runningCount: number;
  /** The newest in the service's own list, cut. */
  readonly event?: { readonly atMs: number; readonly text: string };
  /** More tasks stopped than were looked at. */
  readonly isPartial?: true;
};

export type StoppedTask = { readonly service: string; readonly stop: TaskStop };
