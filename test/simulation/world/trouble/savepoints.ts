import { exit } from '../ecs/service.ts';
import { processesOf } from '../flink/cluster.ts';
import { anyOf, type Happening } from '../stage.ts';

/** Flink may write nothing where savepoints go, for a while: each that is due then is COMPLETED, with a failure as its cause. */
export const refuseSavepoints: Happening = ({ sim }, cluster) => {
  cluster.savepointsRefusedUntilMs = sim.time.nowMs() + sim.random.between(30_000, 400_000);
  return `no savepoint is written until ${cluster.savepointsRefusedUntilMs}`;
};

/** A JobManager ends in the middle of a savepoint. */
export const killSaving: Happening = (stage, cluster) => {
  const process = anyOf(
    stage,
    processesOf(cluster).filter(
      ({ endedMs, triggers }) =>
        endedMs === undefined && [...triggers.values()].some(({ overMs }) => overMs === undefined),
    ),
  );
  if (process === undefined) return undefined;
  exit(stage, cluster, process, 'out of memory in a savepoint');
  return `ends ${process.id} in the middle of a savepoint`;
};
