/**
 * What ECS's service scheduler would do now: which tasks to stop and which services to start one more task of.
 * Pure. Starts wait for room under maximumPercent, stops of an older deployment for minimumHealthyPercent.
 */
export const schedule = (wishes: readonly Wish[], tasks: readonly Standing[]): Step[] => {
  const wanted = new Set(wishes.map((wish) => wish.service));
  const abandoned = tasks.filter((task) => task.desiredStatus === 'RUNNING' && !wanted.has(task.service));
  return [
    ...abandoned.map((task) => stop(task, task.deploymentId)),
    ...wishes.flatMap((wish) =>
      scheduleService(
        wish,
        tasks.filter((task) => task.service === wish.service),
      ),
    ),
  ];
};

/** One service as it should be; `service` is unique over all clusters. */
export type Wish = {
  readonly service: string;
  readonly deploymentId: string;
  readonly desiredCount: number;
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
};

/** One task as it stands. */
export type Standing = {
  readonly taskArn: string;
  readonly service: string;
  readonly deploymentId: string;
  readonly desiredStatus: 'RUNNING' | 'STOPPED';
  readonly lastStatus: string;
};

/** One thing to do. */
export type Step =
  | { readonly kind: 'start'; readonly service: string }
  | { readonly kind: 'stop'; readonly taskArn: string; readonly reason: string };

const scheduleService = (wish: Wish, tasks: readonly Standing[]): Step[] => {
  const wanted = tasks.filter((task) => task.desiredStatus === 'RUNNING');
  const current = wanted.filter((task) => task.deploymentId === wish.deploymentId);
  const older = wanted.filter((task) => task.deploymentId !== wish.deploymentId);
  const drainingOlder = tasks.filter(
    (task) => task.desiredStatus === 'STOPPED' && task.deploymentId !== wish.deploymentId && occupies(task),
  );
  const missing = Math.max(0, wish.desiredCount - current.length);
  const most = Math.floor((wish.desiredCount * wish.maximumPercent) / 100);
  // A task that somebody stopped, or that died, is replaced at once, beside the old one that still drains, as ECS does.
  // A deployment waits until the older tasks are gone: that is what 0/100 promises.
  const room = Math.max(0, most - current.length - older.length - drainingOlder.length);
  return [
    ...current.slice(wish.desiredCount).map((task) => stop(task, wish.deploymentId)),
    ...olderToStop(wish, current, older, missing - room).map((task) => stop(task, wish.deploymentId)),
    ...Array.from({ length: Math.min(missing, room) }, (): Step => ({ kind: 'start', service: wish.service })),
  ];
};

/** Older tasks go when a running one of the new deployment stands for them, or to make room, never below the healthy minimum. */
const olderToStop = (wish: Wish, current: readonly Standing[], older: readonly Standing[], roomLacking: number) => {
  const replaced = current.filter((task) => task.lastStatus === 'RUNNING').length;
  const needless = older.length - Math.max(0, wish.desiredCount - replaced);
  const least = Math.ceil((wish.desiredCount * wish.minimumHealthyPercent) / 100);
  const running = (task: Standing) => task.lastStatus === 'RUNNING';
  const spare = Math.max(0, replaced + older.filter(running).length - least);
  const toStop = Math.max(needless, Math.min(roomLacking, older.length), 0);
  // One that never came up is no loss of health.
  const idle = older.filter((task) => !running(task));
  return [...idle, ...older.filter(running).slice(0, spare)].slice(0, toStop);
};

const occupies = (task: Standing) => task.lastStatus !== 'STOPPED' && task.lastStatus !== 'DEPROVISIONING';

const stop = (task: Standing, deploymentId: string): Step => ({
  kind: 'stop',
  taskArn: task.taskArn,
  reason: `Scaling activity initiated by (deployment ${deploymentId})`,
});
