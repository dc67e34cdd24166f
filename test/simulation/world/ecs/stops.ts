import type { ContainerExit, TaskStop } from '../../../../lib/core/model.ts';
import type { Task } from './task.ts';

/** By a deployment, a change of the desired count or a person; how its container ends shows later. */
export const asked = (atMs: number): TaskStop => ({
  code: 'ServiceSchedulerInitiated',
  reason: 'Scaling activity initiated by (deployment ecs-svc/1)',
  atMs,
  exits: [],
});

/** Its instance was taken back. */
export const interrupted = (atMs: number): TaskStop => ({
  code: 'SpotInterruption',
  reason: 'Your Spot Task was interrupted.',
  atMs,
  exits: [{ container: 'flink', exitCode: 143 }],
});

/** By itself. */
export const crashed = (atMs: number, how: string): TaskStop => ({
  code: 'EssentialContainerExited',
  reason: 'Essential container in task exited',
  atMs,
  exits: [{ container: 'flink', exitCode: EXIT_CODES[how] ?? 239 }],
});

const EXIT_CODES: Readonly<Record<string, number>> = {
  killed: 137,
  'killed with its ZooKeeper': 137,
  'crash loop': 1,
};

/** Who is asked to end takes longer than Flink's 5 s where a trigger was never polled (F111). */
export const exitsOf = ({ taskArn }: Task): readonly ContainerExit[] => [
  { container: 'flink', exitCode: /[02468]$/.test(taskArn) ? 239 : 143 },
];
