import { processesOf } from '../flink/cluster.ts';
import { endJob, startJob } from '../flink/lives.ts';
import { leaderOf } from '../flink/recovery.ts';
import { SAVEPOINTS } from '../snapshot-runs.ts';
import { anyOf, type Happening, type Stage } from '../stage.ts';
import { anyJob } from '../trouble/jobs.ts';
import { isSettled } from '../trouble/store-losses.ts';
import { FOREIGN } from './residents.ts';

/** A person cancels a job in Flink. */
export const cancelByHand: Happening = (stage, cluster) => {
  const found = anyJob(stage, cluster);
  if (found === undefined) return undefined;
  endJob(stage, cluster, found.process, found.life, 'CANCELED');
  return `cancels ${found.life.jobId}`;
};

/** `flink stop`: the job is FINISHED, and a savepoint is what is left of it. */
export const stopByHand: Happening = (stage, cluster) => {
  const found = anyJob(stage, cluster);
  if (found === undefined) return undefined;
  const { jobId } = found.life;
  const path = pathByHand(stage, jobId);
  stage.snapshots.stop(jobId, path, stage.sim.time.nowMs());
  endJob(stage, cluster, found.process, found.life, 'FINISHED');
  return `stops ${jobId} with ${path}`;
};

/** `flink savepoint`: it lies where people's own do, and is nobody's to delete. */
export const saveByHand: Happening = (stage, cluster) => {
  const found = anyJob(stage, cluster);
  if (found === undefined) return undefined;
  const { jobId } = found.life;
  const path = pathByHand(stage, jobId);
  return stage.snapshots.save(jobId, path, stage.sim.time.nowMs()) ? `saves ${jobId} in ${path}` : undefined;
};

const pathByHand = ({ sim }: Stage, jobId: string): string =>
  `${SAVEPOINTS}/savepoint-${jobId.slice(0, 6)}-${sim.random.hex(6)}`;

/**
 * A person starts a job by hand, under an id that is not ours: one of the manifest's by its name, or another one. A race
 * with the autopilot's own start, or with an order that says which job is which, is an honest limit: it is done only while
 * there is neither a copy nor anybody under way.
 */
export const submitByHand: Happening = (stage, cluster) => {
  const { deployed, notes, sim, store } = stage;
  const nowMs = sim.time.nowMs();
  const asked = anyOf(
    stage,
    processesOf(cluster).filter(
      ({ endedMs, dispatcherMs, frozenUntilMs }) =>
        endedMs === undefined && nowMs >= dispatcherMs && nowMs >= frozenUntilMs,
    ),
  );
  const process = asked === undefined || asked.identity.ha === 'none' ? asked : leaderOf(cluster);
  if (process === undefined || !isSettled(stage, cluster) || store.memory(cluster.name).orders.length > 0)
    return undefined;
  const jobs = deployed.clusters().find(({ name }) => name === cluster.name)?.jobs ?? [];
  const kept = [...cluster.recoverable.values()].map(({ lineage }) => lineage);
  const isLive = (lineage: string): boolean =>
    kept.includes(lineage) || notes.truth.copies.some((copy) => copy.lineage === lineage);
  const job = sim.random.chance(0.7)
    ? anyOf(
        stage,
        jobs.filter(({ lineage }) => !isLive(lineage)),
      )
    : undefined;
  const known = job === undefined ? undefined : deployed.knownAs(job.lineage);
  const name = known?.name ?? `Other job ${sim.random.hex(1)}`;
  const jobId = `${FOREIGN}${sim.random.hex(14)}`;
  startJob(stage, cluster, process, { jobId, name, lineage: job?.lineage, by: 'person', tasks: 1 });
  return `starts ${name} by hand as ${jobId}`;
};
