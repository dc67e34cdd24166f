import { exit } from '../ecs/service.ts';
import { type FlinkCluster, processesOf } from '../flink/cluster.ts';
import { abandon, startJob } from '../flink/lives.ts';
import { isLive, type Process } from '../flink/process.ts';
import { note } from '../notes.ts';
import { later, type Stage } from '../stage.ts';
import type { ZooKeeper } from './zookeeper.ts';

/**
 * One of those that live leads, as soon as the node of the one before is gone: at once after one that was stopped, else when
 * its session ends. It brings the jobs back a moment after it has shown an empty list (F100).
 */
export const elect = (stage: Stage, cluster: FlinkCluster, zooKeeper: ZooKeeper): void => {
  const { time, random } = stage.sim;
  const freeMs = Math.max(zooKeeper.awayUntilMs, releasedMs(zooKeeper));
  if (freeMs === Number.POSITIVE_INFINITY) return;
  if (time.nowMs() < freeMs) return void time.at(freeMs, () => elect(stage, cluster, zooKeeper));
  delete zooKeeper.leader;
  const candidates = processesOf(cluster).filter((process) => isCandidate(process, time.nowMs()));
  const process = candidates[random.between(0, candidates.length)];
  if (process !== undefined) crown(stage, cluster, zooKeeper, process);
};

/** It leads from now on. */
export const crown = (stage: Stage, cluster: FlinkCluster, zooKeeper: ZooKeeper, process: Process): void => {
  const { time, random } = stage.sim;
  // Who leads anew begins with nothing.
  process.letsGo?.();
  const leader = { process, session: uuid(random.hex(16)) };
  zooKeeper.leader = leader;
  note(stage.notes, 'leaderships', {
    cluster: cluster.name,
    process: process.id,
    memory: zooKeeper.memory,
    atMs: time.nowMs(),
  });
  stage.sim.trace?.('zookeeper', `${process.id} leads, session ${leader.session}`);
  const [leastMs, mostMs] = random.pick<readonly [number, number]>(...RECOVERS_MS);
  later(stage, leastMs, mostMs, () => {
    if (zooKeeper.leader !== leader || process.endedMs !== undefined) return;
    if (time.nowMs() < zooKeeper.brokenUntilMs && cluster.recoverable.size > 0)
      return exit(stage, cluster, process, 'cannot recover a job');
    bringBack(stage, cluster, process);
  });
};

const uuid = (hex: string): string => hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

/** As it was seen, and now and then much longer: what is to be recovered lies in a store that may be slow. */
const RECOVERS_MS = [
  [300, 1_500],
  [300, 1_500],
  [300, 1_500],
  [1_500, 45_000],
] as const;

/** When another one may lead; never while one does. */
const releasedMs = ({ leader, sessionMs }: ZooKeeper): number => {
  if (leader === undefined) return 0;
  const { endedMs, endedHow } = leader.process;
  if (endedMs === undefined) return Number.POSITIVE_INFINITY;
  return endedMs + (endedHow === 'stopped' ? STOPPED_MS : sessionMs);
};

/** SIGTERM: it closes its session itself. */
const STOPPED_MS = 1_000;

const isCandidate = ({ identity, endedMs, dispatcherMs, frozenUntilMs }: Process, nowMs: number): boolean =>
  identity.ha !== 'none' && endedMs === undefined && nowMs >= dispatcherMs && nowMs >= frozenUntilMs;

const bringBack = (stage: Stage, cluster: FlinkCluster, leader: Process): void => {
  for (const life of [...cluster.recoverable.values()]) {
    const known = leader.jobs.get(life.jobId);
    if (known !== undefined && isLive(known)) continue;
    const { jobId, name, lineage, tasks } = life;
    startJob(stage, cluster, leader, { jobId, name, lineage, tasks, by: 'flink' });
  }
};

/** Who led lives on as a standby, without its jobs; the next one, maybe the same, brings them back. It may let go of them some seconds later. */
export const depose = (stage: Stage, cluster: FlinkCluster, zooKeeper: ZooKeeper, letsGoMs = 0): void => {
  const { leader } = zooKeeper;
  if (leader === undefined || leader.process.endedMs !== undefined) return;
  stage.sim.trace?.('zookeeper', `${leader.process.id} leads no more`);
  delete zooKeeper.leader;
  const lives = [...leader.process.jobs.values()].filter(isLive);
  const letGo = (): void => abandon(stage, leader.process, lives);
  leader.process.letsGo = letGo;
  if (letsGoMs > 0) stage.sim.time.at(stage.sim.time.nowMs() + letsGoMs, letGo);
  else letGo();
  elect(stage, cluster, zooKeeper);
};

/** Its session ends while it stands still, unless it wakes before. */
export const overtakeWhenFrozen = (stage: Stage, cluster: FlinkCluster, process: Process): void => {
  const { time } = stage.sim;
  const { zooKeeper } = cluster;
  const leader = zooKeeper?.leader;
  if (zooKeeper === undefined || leader?.process !== process) return;
  time.at(time.nowMs() + zooKeeper.sessionMs, () => {
    if (zooKeeper.leader === leader && time.nowMs() < process.frozenUntilMs) depose(stage, cluster, zooKeeper);
  });
  // One that stood still alone may lead when it wakes.
  time.at(process.frozenUntilMs, () => elect(stage, cluster, zooKeeper));
};
