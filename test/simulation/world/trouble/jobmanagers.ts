import { exit, settleAll } from '../ecs/service.ts';
import { isWanted } from '../ecs/task.ts';
import { type FlinkCluster, processesOf } from '../flink/cluster.ts';
import type { Process } from '../flink/process.ts';
import { anyOf, type Happening, later, type Stage } from '../stage.ts';
import { overtakeWhenFrozen } from '../zookeeper/election.ts';

/** A JobManager ends by itself: killed, or out of memory. */
export const kill: Happening = (stage, cluster) => {
  const process = anyLiving(stage, cluster);
  if (process === undefined) return undefined;
  exit(stage, cluster, process, 'killed');
  return `kills ${process.id}`;
};

/** It is stopped for a while (SIGSTOP, a long pause), and wakes as if nothing had been. */
export const freeze: Happening = (stage, cluster) => {
  const process = anyLiving(stage, cluster);
  if (process === undefined) return undefined;
  const { random } = stage.sim;
  const forMs = random.pick(random.between(2_000, 60_000), random.between(60_000, 400_000));
  process.frozenUntilMs = Math.max(process.frozenUntilMs, stage.sim.time.nowMs() + forMs);
  overtakeWhenFrozen(stage, cluster, process);
  return `freezes ${process.id} for ${forMs} ms`;
};

/** Whatever starts ends at once. */
export const crashLoop: Happening = (stage, cluster) => {
  const process = anyLiving(stage, cluster);
  if (process === undefined) return undefined;
  cluster.crashesUntilMs = stage.sim.time.nowMs() + stage.sim.random.between(60_000, 600_000);
  exit(stage, cluster, process, 'crash loop');
  return `crash loop until ${cluster.crashesUntilMs}`;
};

/** Two wanted at once without high availability; with it a leader and a standby. */
export const twoWanted: Happening = (stage, cluster) => {
  const service = cluster.services.find(({ desiredCount }) => desiredCount === 1);
  if (service === undefined) return undefined;
  service.desiredCount = 2;
  settleAll(stage, cluster);
  later(stage, 30_000, 600_000, () => {
    service.desiredCount = Math.min(service.desiredCount, 1);
    settleAll(stage, cluster);
  });
  return `${service.name} wants 2`;
};

/** All services at 0, and back. */
export const sleep: Happening = (stage, cluster) => {
  const service = cluster.services.find(({ desiredCount }) => desiredCount > 0);
  if (service === undefined) return undefined;
  for (const each of cluster.services) each.desiredCount = 0;
  settleAll(stage, cluster);
  later(stage, 60_000, 1_200_000, () => wakeUp(stage, cluster));
  return 'is scaled to 0';
};

/** One JobManager is wanted, if there is none. */
export const wakeUp = (stage: Stage, cluster: FlinkCluster): void => {
  const [service] = cluster.services;
  if (service === undefined || cluster.services.some(({ desiredCount }) => desiredCount > 0)) return;
  service.desiredCount = wantedAtOnce(cluster);
  settleAll(stage, cluster);
};

/** With high availability one leads and one stands by. */
export const wantedAtOnce = ({ zooKeeper }: FlinkCluster): number => (zooKeeper === undefined ? 1 : 2);

const anyLiving = (stage: Stage, cluster: FlinkCluster): Process | undefined =>
  anyOf(
    stage,
    processesOf(cluster).filter(
      ({ endedMs, taskArn }) =>
        endedMs === undefined && cluster.tasks.some((task) => task.taskArn === taskArn && isWanted(task)),
    ),
  );
