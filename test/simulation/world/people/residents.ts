import type { FlinkCluster } from '../flink/cluster.ts';
import { startJob } from '../flink/lives.ts';
import type { Process } from '../flink/process.ts';
import { anyOf, type Stage } from '../stage.ts';

/**
 * Who ran there before the autopilot came (F35, F127): jobs that people started, of the manifest's names or others. They are
 * there when the first JobManager answers. With high availability that is how jobs come to run at all.
 */
export const moveIn = (stage: Stage, cluster: FlinkCluster, process: Process): void => {
  const { sim, deployed } = stage;
  const { random } = sim;
  const jobs = deployed.clusters().find(({ name }) => name === cluster.name)?.jobs ?? [];
  for (let n = 0; n < cluster.residents; n += 1) {
    const job = random.chance(0.7)
      ? anyOf(
          stage,
          jobs.filter(({ lineage }) => !isThere(process, lineage)),
        )
      : undefined;
    const name = (job && deployed.knownAs(job.lineage)?.name) ?? `Resident ${n}`;
    const jobId = `${FOREIGN}${random.hex(14)}`;
    startJob(stage, cluster, process, { jobId, name, lineage: job?.lineage, by: 'person', tasks: 1 });
  }
};

const isThere = ({ jobs }: Process, lineage: string): boolean =>
  [...jobs.values()].some((life) => life.lineage === lineage);

/** No lineage begins so. */
export const FOREIGN = 'ffff';
