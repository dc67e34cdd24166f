import { expect, test } from 'vitest';
import { Fault } from '../../../lib/core/errors.ts';
import type { RunRequest } from '../../../lib/ports.ts';
import { reconcile } from '../../../lib/reconcile.ts';
import { sweep } from '../../../lib/sweep.ts';
import { aCluster, aJob, jm } from '../../support/builders.ts';
import { createJobManager } from '../pass/fake-jobmanager.ts';
import { createWorld, type FakeWorld, portsOf } from '../pass/fake-ports.ts';
import { jobsOf, subjectsOf } from '../pass/passes.ts';

const MINUTE_MS = 60_000;
const cluster = aCluster(['poison', 'good'].map((name) => aJob({ name, mainClass: name })));

/** As a real Flink goes down: who is beside the one that ends it hears from its `main()` that the JobManager is gone. */
const exiting = (world: FakeWorld) => {
  const { run } = portsOf(world).flink;
  const state = { exits: 0, isGoingDown: false };
  const runOrExit = async (...call: Parameters<typeof run>): Promise<void> => {
    const { mainClass }: RunRequest = call[2];
    if (mainClass === 'poison') {
      state.isGoingDown = true;
      await Promise.resolve();
      state.exits += 1;
      world.jobManagers.set(jm().address, createJobManager(jm(1, state.exits).process));
      throw new Fault('unknown-outcome', 'RUN_BROKEN', 'socket hang up');
    }
    if (state.isGoingDown && state.exits === 0)
      throw new Fault('rejected', 'MAIN_THREW', 'java.net.ConnectException: Connection refused');
    await run(...call);
  };
  return { state, broken: { flink: { run: runOrExit } } };
};

test('a main() that ends its JobManager is held after the second time, whoever was beside it, and that alone is told (F102)', async () => {
  const world = createWorld();
  const { state, broken } = exiting(world);
  await reconcile(portsOf(world, broken), cluster, { untilMs: world.nowMs + 3 * MINUTE_MS, wait: true });
  for (let look = 0; look < 3; look += 1) {
    world.nowMs += MINUTE_MS;
    await sweep(portsOf(world, broken), [cluster], { untilMs: world.nowMs + 55_000 });
  }
  expect(state.exits).toBe(2);
  expect(subjectsOf(world)).toEqual(['OPEN SUBMISSION_KILLS_JOBMANAGER realtime/poison']);
  expect(jobsOf(world).map(({ name, state: its }) => [name, its])).toEqual([['good', 'RUNNING']]);
  expect(world.violations).toEqual([]);
});
