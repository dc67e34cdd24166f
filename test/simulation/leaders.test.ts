import { describe, expect, it, test } from 'vitest';
import { leaderPath } from '../../lib/core/leadership.ts';
import { leaderCases } from '../contract/suites/leaders.ts';
import { profileOf } from './profiles.ts';
import { simulate } from './simulate.ts';
import { codeOf, MINUTE, type QuietWorld, quietWorld } from './world/quiet-world.ts';
import {
  cutOff,
  hideZooKeeper,
  killLeader,
  loseZooKeeper,
  spoilGraph,
  wipeZooKeeper,
} from './world/trouble/leaders.ts';
import { crown } from './world/zookeeper/election.ts';
import { createLeaders } from './world/zookeeper/port.ts';
import { clusterIdOf } from './world/zookeeper/zookeeper.ts';

const JOB = 'aaaa'.padEnd(32, '0');

/** A world with a leader and a standby, of which one leads and the other answers. */
const ledWorld = async (seed = 1) => {
  const world = quietWorld(seed, { ms: 500, how: 'starts' }, true);
  await world.passes(MINUTE);
  const leaders = createLeaders(world.stage);
  const path = leaderPath({ clusterId: clusterIdOf(world.cluster.name) });
  const look = () => leaders.look({ quorum: 'zookeeper:2181', path }, world.soonMs());
  const leaderAt = () => ({ url: `http://${world.cluster.zooKeeper?.leader?.process.address}:8081` });
  const jobs = async (at: ReturnType<QuietWorld['at']>) =>
    (await world.answer(world.flink.jobs(at, world.soonMs()))).map(({ jobId }) => jobId);
  const start = async (jobId = JOB): Promise<string> => {
    const jarId = await world.flink.upload(leaderAt(), { uri: JAR, version: '"1"', sizeBytes: 1 }, world.soonMs());
    await world.answer(world.flink.run(leaderAt(), jarId, { jobId, args: [], flinkConfiguration: {} }, world.soonMs()));
    return jobId;
  };
  const standbyAt = () => {
    const other = world.living().find((process) => process !== world.cluster.zooKeeper?.leader?.process);
    return { url: `http://${other?.address}:8081` };
  };
  return { ...world, leaders, path, look, leaderAt, standbyAt, jobs, start };
};

const JAR = 's3://jars/shared.jar';

describe('the ZooKeeper of the simulation', () => {
  it('answers as the real one does', async () => {
    const { leaders, path, start } = await ledWorld();
    for (const { run } of leaderCases) await run({ leaders, quorum: 'zookeeper:2181', path, start });
  });
});

describe('a standby', () => {
  it('answers what the leader knows', async () => {
    const { start, jobs, standbyAt } = await ledWorld();
    await start();
    expect(await jobs(standbyAt())).toEqual([JOB]);
  });
});

describe('a failover', () => {
  test('of a leader that is killed waits for its session, and brings the job back under its id', async () => {
    const world = await ledWorld();
    await world.start();
    const before = (await world.look()).leader?.session;
    const at = world.standbyAt();
    killLeader(world.stage, world.cluster);
    expect((await world.look()).leader?.session).toBe(before);
    expect(await codeOf(world.flink.jobs(at, world.soonMs()))).toBe('FLINK_FAILED');
    await world.passes(2 * MINUTE);
    expect((await world.look()).leader?.session).not.toBe(before);
    expect(await world.jobs(world.leaderAt())).toEqual([JOB]);
  });

  test('shows an empty list while the job is there to recover (F100)', async () => {
    const world = await ledWorld();
    await world.start();
    loseZooKeeper(world.stage, world.cluster);
    expect(await codeOf(world.look())).toBe('LEADER_UNREACHABLE');
    for (let ms = 0; ms < 10 * MINUTE && (await codeOf(world.look())) !== 'answered'; ms += 100)
      await world.passes(100);
    for (let ms = 0; ms < 10 * MINUTE && (await world.look()).leader === undefined; ms += 100) await world.passes(100);
    expect(await world.look()).toMatchObject({ jobs: [JOB] });
    expect(await world.jobs(world.leaderAt())).toEqual([]);
    await world.passes(MINUTE);
    expect(await world.jobs(world.leaderAt())).toEqual([JOB]);
  });

  test('to a ZooKeeper that began anew brings nothing back', async () => {
    const world = await ledWorld();
    await world.start();
    const before = (await world.look()).leader?.memory;
    wipeZooKeeper(world.stage, world.cluster);
    await world.passes(3 * MINUTE);
    const { leader, jobs } = await world.look();
    expect([jobs, leader?.memory === before]).toEqual([[], false]);
    expect(await world.jobs(world.leaderAt())).toEqual([]);
  });

  test('to one, back to who led before and still holds a job, ends that', async () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      const { stage, cluster, start } = await ledWorld(seed);
      await start();
      const led = cluster.zooKeeper?.leader?.process;
      wipeZooKeeper(stage, cluster);
      if (led === undefined || led.endedMs !== undefined || cluster.zooKeeper === undefined) continue;
      crown(stage, cluster, cluster.zooKeeper, led);
      expect(stage.notes.truth.copies).toEqual([]);
    }
  });

  test('to one, from a leader whose job nobody has on record, ends it at once', async () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      const world = await ledWorld(seed);
      const [job] = world.stage.deployed.clusters()[0]?.jobs ?? [];
      await world.start(`${job?.lineage}00000001${'d'.repeat(8)}`);
      expect(world.stage.notes.truth.copies).toHaveLength(1);
      wipeZooKeeper(world.stage, world.cluster);
      expect(world.stage.notes.truth.copies).toEqual([]);
    }
  });

  test('with a job that cannot be recovered ends each leader until it can (F117)', async () => {
    const world = await ledWorld();
    await world.start();
    spoilGraph(world.stage, world.cluster);
    await world.passes(20 * MINUTE);
    const ended = world.stage.notes.truth.processes.filter(({ endedHow }) => endedHow === 'cannot recover a job');
    expect(ended.length).toBeGreaterThan(1);
    expect(await world.jobs(world.leaderAt())).toEqual([JOB]);
  });
});

describe('a network that is cut', () => {
  it('between the autopilot and ZooKeeper, or the leader, changes nothing for Flink', async () => {
    const world = await ledWorld();
    const { leader } = await world.look();
    hideZooKeeper(world.stage, world.cluster);
    cutOff(world.stage, world.cluster);
    expect(await codeOf(world.look())).toBe('LEADER_UNREACHABLE');
    expect(await codeOf(world.answer(world.flink.jobs(world.leaderAt(), world.soonMs())))).toBe('FLINK_UNREACHABLE');
    await world.passes(10 * MINUTE);
    expect((await world.look()).leader).toEqual(leader);
  });
});

describe('a run of a profile that says nothing', () => {
  it('has a leader in every fourth seed', async () => {
    const isLed = async (seed: number) =>
      (await simulate(seed, profileOf())).sometimes.includes('a job is submitted to a leader');
    const seeds = Array.from({ length: 16 }, (_, n) => n + 1);
    const led: number[] = [];
    for (const seed of seeds) if (await isLed(seed)) led.push(seed % 4);
    // Not each of them comes to a submission.
    expect(new Set(led)).toEqual(new Set([0]));
  });
});
