import { beforeEach, describe, expect, it } from 'vitest';
import { exit } from './world/ecs/service.ts';
import { endJob } from './world/flink/lives.ts';
import { codeOf, foreignId as id, MINUTE, type QuietWorld, quietWorld } from './world/quiet-world.ts';
import { roll } from './world/trouble/deployments.ts';
import { kill } from './world/trouble/jobmanagers.ts';
import { fail, hide } from './world/trouble/jobs.ts';

let world: QuietWorld;
beforeEach(async () => {
  world = quietWorld();
  await world.passes(3 * MINUTE);
});

describe('a JobManager', () => {
  it('comes up its ladder, and ECS tells of RUNNING alone', async () => {
    const fresh = quietWorld(2);
    const rungs: string[] = [];
    for (let ms = 0; ms < MINUTE; ms += 20) {
      await fresh.passes(20);
      const [task] = await fresh.tasks();
      const rest =
        task?.address === undefined
          ? ''
          : await codeOf(fresh.answer(fresh.flink.jobs({ url: `http://${task.address}:8081` }, fresh.soonMs())));
      const rung = `${task?.lastStatus} ${rest}`;
      if (rungs.at(-1) !== rung) rungs.push(rung);
    }
    expect(rungs.filter((rung) => !rung.includes('LEADER_ELECTION'))).toEqual([
      'undefined ',
      'PROVISIONING ',
      'PENDING FLINK_UNREACHABLE',
      'RUNNING FLINK_UNREACHABLE',
      'RUNNING answered',
    ]);
    expect(fresh.rung).toHaveLength(1);
  });

  it('restarts in its container under the same ARN and address, as another process without jobs (F123)', async () => {
    await world.answer(world.submit(id(1)));
    const seen: string[] = [];
    for (let n = 0; n < 20; n += 1) {
      const before = world.process();
      exit(world.stage, world.cluster, before, 'killed');
      await world.passes(2 * MINUTE);
      const { taskArn, address, id: process } = world.process();
      expect(process).not.toBe(before.id);
      seen.push(taskArn === before.taskArn && address === before.address ? 'same task' : 'another task');
      expect(await world.jobs()).toEqual([]);
    }
    expect(new Set(seen)).toEqual(new Set(['same task', 'another task']));
  });

  it('is MISSING an hour after it stopped', async () => {
    const [cluster] = world.stage.deployed.clusters();
    if (cluster === undefined) throw new Error('no cluster');
    const { taskArn } = world.process();
    for (let n = 0; n < 20 && world.process().taskArn === taskArn; n += 1) {
      kill(world.stage, world.cluster);
      await world.passes(2 * MINUTE);
    }
    const look = async () => (await world.ecs.look(cluster, [taskArn], world.soonMs())).missing;
    expect(await look()).toEqual([]);
    await world.passes(60 * MINUTE);
    expect(await look()).toEqual([taskArn]);
  });

  it('drains in a rolling deployment with its jobs still running, beside the new one (F126)', async () => {
    await world.answer(world.submit(id(1)));
    let drained = 0;
    for (let n = 0; n < 10; n += 1) {
      const old = world.process();
      roll(world.stage, world.cluster);
      for (let ms = 0; ms < 5 * MINUTE; ms += 1_000) {
        await world.passes(1_000);
        const task = world.cluster.tasks.find(({ taskArn }) => taskArn === old.taskArn);
        if (task?.desiredStatus === 'STOPPED' && task.lastStatus === 'RUNNING' && old.jobs.size > 0) drained += 1;
      }
    }
    expect(drained).toBeGreaterThan(0);
  });
});

describe('a job', () => {
  it('is INITIALIZING, CREATED, RUNNING with no tasks, and then with all', async () => {
    void world.submit(id(1));
    const states: string[] = [];
    for (let ms = 0; ms < 5 * MINUTE && states.at(-1) !== 'RUNNING 1/1'; ms += 20) {
      await world.passes(20);
      const [job] = await world.flink.jobs(world.at(), world.soonMs());
      const state = `${job?.state} ${job?.tasksRunning}/${job?.tasksTotal}`;
      if (states.at(-1) !== state) states.push(state);
    }
    expect(states.slice(1)).toEqual(['INITIALIZING 0/1', 'CREATED 0/1', 'RUNNING 0/1', 'RUNNING 1/1']);
  });

  it('fails, is listed for an hour, and is forgotten then (F124)', async () => {
    await world.answer(world.submit(id(1)));
    await world.passes(MINUTE);
    fail(world.stage, world.cluster);
    expect(await world.jobs()).toEqual([`${id(1)} FAILING`]);
    await world.passes(MINUTE);
    expect(await world.jobs()).toEqual([`${id(1)} FAILED`]);
    await world.passes(60 * MINUTE);
    expect(await world.jobs()).toEqual([]);
    expect(await world.flink.jobState(world.at(), id(1), world.soonMs())).toBe('absent');
  });

  it('is RUNNING by its id for a moment after it is CANCELED in the list (F108)', async () => {
    await world.answer(world.submit(id(1)));
    await world.passes(MINUTE);
    await world.flink.cancel(world.at(), id(1), world.soonMs());
    expect(await world.jobs()).toEqual([`${id(1)} CANCELED`]);
    expect(await world.flink.jobState(world.at(), id(1), world.soonMs())).toBe('RUNNING');
    await world.passes(5_000);
    expect(await world.flink.jobState(world.at(), id(1), world.soonMs())).toBe('CANCELED');
  });

  it('keeps its id for ever: a second POST is refused while it lives and after its end (F42)', async () => {
    await world.answer(world.submit(id(1)));
    expect(await codeOf(world.answer(world.submit(id(1))))).toBe('DUPLICATE_JOB');
    await world.flink.cancel(world.at(), id(1), world.soonMs());
    expect(await codeOf(world.answer(world.submit(id(1))))).toBe('DUPLICATE_JOB');
  });

  it('is missing from the list of a slow JobMaster only if the product knows its id', async () => {
    await world.answer(world.submit(id(1)));
    expect(hide(world.stage, world.cluster)).toBeUndefined();
  });

  it('has tasks for ten seconds after its TaskManagers are gone, and then none (F106)', async () => {
    await world.answer(world.submit(id(1)));
    await world.passes(MINUTE);
    const nowMs = world.sim.time.nowMs();
    world.cluster.taskManagers.away = { fromMs: nowMs, untilMs: nowMs + 30_000 };
    delete world.process().told;
    const running = async () => (await world.flink.jobs(world.at(), world.soonMs()))[0]?.tasksRunning;
    const slots = async () => (await world.flink.slots(world.at(), world.soonMs())).total;
    expect([await running(), (await slots()) > 0]).toEqual([1, true]);
    await world.passes(15_000);
    expect([await running(), await slots()]).toEqual([0, 0]);
    await world.passes(20_000);
    expect([await running(), (await slots()) > 0]).toEqual([1, true]);
  });

  it('leaves its newest checkpoints behind, the one under way without its metadata', async () => {
    const lineage = world.stage.deployed.clusters()[0]?.jobs[0]?.lineage ?? '';
    const jobId = `${lineage}0000000100000000`;
    await world.answer(world.submit(jobId));
    const { truth } = world.stage.notes;
    expect(truth.snapshots(lineage)).toEqual([]);
    await world.passes(10 * MINUTE);
    expect(truth.snapshots(lineage).map(({ complete }) => complete)).toEqual([true, true, true]);
    exit(world.stage, world.cluster, world.process(), 'killed');
    expect(truth.snapshots(lineage).map(({ complete }) => complete)).toEqual([true, true, true, false]);
  });

  it('leaves nothing behind when it is FINISHED', async () => {
    const lineage = world.stage.deployed.clusters()[0]?.jobs[0]?.lineage ?? '';
    const jobId = `${lineage}0000000100000000`;
    await world.answer(world.submit(jobId));
    await world.passes(10 * MINUTE);
    const life = world.process().jobs.get(jobId);
    if (life !== undefined) endJob(world.stage, world.cluster, world.process(), life, 'FINISHED');
    expect(world.stage.notes.truth.snapshots(lineage)).toEqual([]);
  });
});
