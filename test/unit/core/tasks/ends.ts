import type { JobManagerTask, TaskStop } from '../../../../lib/core/model.ts';
import { jm, stopped, t0 } from '../../../support/builders.ts';

export const minute = 60_000;

/** How ECS says that the essential container ended. */
export const exited = (atMs: number, changes: Partial<TaskStop> = {}): TaskStop => ({
  code: 'EssentialContainerExited',
  reason: 'Essential container in task exited',
  atMs,
  exits: [{ container: 'jobmanager', exitCode: 137 }],
  ...changes,
});

/** Stopped JobManager tasks, one for each of these ends. */
export const ended = (...stops: readonly TaskStop[]): readonly JobManagerTask[] =>
  stops.map((stop, index) => ({ ...stopped(jm(index + 10)), stop }));

/** The same, that many minutes ago, by a crash. */
export const crashed = (...minutesAgo: readonly number[]): readonly JobManagerTask[] =>
  ended(...minutesAgo.map((ago) => exited(t0 - ago * minute)));
