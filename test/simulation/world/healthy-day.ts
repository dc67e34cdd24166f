import type { ClusterSpec, JobSpec } from '../../../lib/core/model.ts';
import { type FlinkCluster, processesOf } from './flink/cluster.ts';
import { becomes, type Phase } from './flink/job.ts';
import type { Mains } from './flink/mains.ts';
import { isLive, touch } from './flink/process.ts';
import { type Happening, later, type Stage } from './stage.ts';
import { roll } from './trouble/deployments.ts';

/** A manifest in which everything is run and nothing is odd. */
export const healthySpec = (spec: ClusterSpec): ClusterSpec => ({ ...spec, jobs: spec.jobs.map(healthyJob) });

const healthyJob = ({ mode: _, bounded: _b, ...job }: JobSpec): JobSpec => ({ ...job, enabled: true });

/** Each main() starts its job, in seconds. */
export const healthyMains = (mains: Mains, random: Stage['sim']['random']): Mains => ({
  ...mains,
  call: () => ({ ms: random.between(300, 8_000), how: 'starts' }),
});

/** What a day brings to a cluster that is well, each once, in the hours between its beginning and its end. */
export const dayOf = (stage: Stage): void => {
  for (const cluster of stage.clusters)
    for (const happens of [roll, replaceTaskManager])
      later(stage, HOUR_MS, 22 * HOUR_MS, () => {
        const what = happens(stage, cluster);
        stage.sim.trace?.('world', `${cluster.name} ${what}`);
      });
};

const HOUR_MS = 3_600_000;

/** One TaskManager goes and another one comes: Flink restarts what ran there, sometimes once more before there are slots. */
const replaceTaskManager: Happening = ({ sim }, cluster: FlinkCluster) => {
  const { random, time } = sim;
  const noticedMs = time.nowMs() + random.between(1_000, 11_000);
  const backMs = noticedMs + random.between(15_000, 60_000);
  for (const process of processesOf(cluster)) {
    for (const life of [...process.jobs.values()].filter(isLive)) {
      const again = random.chance(0.5) ? [noticedMs + random.between(2_000, 14_000)] : [];
      const restarts = [noticedMs, ...again].map((fromMs): Phase => ({ fromMs, state: 'RESTARTING', allRun: false }));
      const runs = { fromMs: backMs, state: 'RUNNING', allRun: false };
      becomes(life, ...restarts, runs, { ...runs, fromMs: backMs + random.between(500, 5_000), allRun: true });
    }
    touch(process);
  }
  return `has a TaskManager replaced until ${backMs}`;
};
