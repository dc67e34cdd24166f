import { launch, settleAll, stop, wantedOf } from '../ecs/service.ts';
import type { FlinkCluster, Service } from '../flink/cluster.ts';
import { type Happening, later, type Stage } from '../stage.ts';
import { wantedAtOnce } from './jobmanagers.ts';

/** A new task definition: the new task first and then the old one's end (100/200), or the other way round (0/100). */
export const roll: Happening = (stage, cluster) => {
  const service = cluster.services.find(({ desiredCount, isRolling }) => desiredCount > 0 && !isRolling);
  if (service === undefined) return undefined;
  service.revision += 1;
  if (stage.sim.random.chance(0.4)) {
    for (const task of wantedOf(cluster, service)) stop(stage, cluster, task);
    settleAll(stage, cluster);
    return `${service.name} is deployed, the old one ends first`;
  }
  overlap(stage, cluster, service);
  return `${service.name} is deployed, both run for a while`;
};

const overlap = (stage: Stage, cluster: FlinkCluster, service: Service): void => {
  const old = wantedOf(cluster, service);
  service.isRolling = true;
  launch(stage, cluster, service);
  later(stage, 8_000, 30_000, () => {
    service.isRolling = false;
    for (const task of old) stop(stage, cluster, task);
    settleAll(stage, cluster);
  });
};

/** The product asks for 1.18. */
export const TOO_OLD = '1.17.2';

/** What a deployment may change of the cluster itself; only its next process knows. */
export const reconfigure: Happening = (stage, cluster) => {
  const { random } = stage.sim;
  const { flink } = cluster;
  const before = JSON.stringify(flink);
  if (flink.ha !== 'none') {
    flink.ha = 'none';
  } else
    Object.assign(
      flink,
      random.pick<Partial<typeof flink>>(
        { ha: 'zookeeper' },
        { submission: !flink.submission },
        { version: random.pick('1.20.5', '2.3.0', TOO_OLD) },
      ),
    );
  return `${before} becomes ${JSON.stringify(flink)}; ${roll(stage, cluster)}`;
};

/** The cluster moves to its other service: the new one first, or the old one's end first. */
export const moveService: Happening = (stage, cluster) => {
  const from = cluster.services.find(({ desiredCount }) => desiredCount > 0);
  const to = cluster.services.find(({ desiredCount }) => desiredCount === 0);
  if (from === undefined || to === undefined) return undefined;
  const isOverlapping = stage.sim.random.chance(0.5);
  (isOverlapping ? to : from).desiredCount = isOverlapping ? 1 : 0;
  settleAll(stage, cluster);
  later(stage, 5_000, 60_000, () => {
    from.desiredCount = 0;
    to.desiredCount = wantedAtOnce(cluster);
    settleAll(stage, cluster);
  });
  return `moves from ${from.name} to ${to.name}`;
};
