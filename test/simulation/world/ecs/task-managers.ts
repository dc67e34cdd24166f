import type { StoppedTask, TaskManagersView, TaskStop } from '../../../../lib/core/model.ts';
import { type FlinkCluster, processesOf } from '../flink/cluster.ts';
import { touch } from '../flink/process.ts';
import { note } from '../notes.ts';
import type { Stage } from '../stage.ts';
import { crashed } from './stops.ts';

/** The one service that all TaskManagers of a cluster are of, and how many it wants. */
export const taskManagerService = (n: number): string => `taskmanager-${n}`;
const WANTED = 2;

/** All of them end now, and are back then. */
export const endTaskManagers = (stage: Stage, cluster: FlinkCluster, untilMs: number, stop: TaskStop): void => {
  const { taskManagers, n, name } = cluster;
  const service = taskManagerService(n);
  const atMs = stage.sim.time.nowMs();
  taskManagers.away = { fromMs: atMs, untilMs: Math.max(untilMs, taskManagers.away.untilMs) };
  taskManagers.stopped = [
    ...taskManagers.stopped.filter((each) => isKept(each, atMs)),
    { service, stop },
    { service, stop },
  ];
  if (stop.code === crashed(atMs, '').code)
    for (let each = 0; each < WANTED; each += 1) note(stage.notes, 'crashes', { atMs, cluster: name, service });
  for (const process of processesOf(cluster)) touch(process);
};

/** As ECS shows them. */
export const taskManagersOf = (
  { taskManagers: { away, stopped }, n }: FlinkCluster,
  nowMs: number,
): TaskManagersView => {
  const isAway = nowMs >= away.fromMs && nowMs < away.untilMs;
  const kept = stopped.filter((each) => isKept(each, nowMs));
  const last = kept.at(-1)?.stop.atMs;
  const name = taskManagerService(n);
  const event =
    last === undefined ? {} : { event: { atMs: last, text: `(service ${name}) has stopped 2 running tasks` } };
  return {
    services: [{ name, desiredCount: WANTED, runningCount: isAway ? 0 : WANTED, ...event }],
    stopped: kept,
  };
};

const isKept = ({ stop: { atMs = 0 } }: StoppedTask, nowMs: number): boolean => nowMs - atMs < 3_600_000;
