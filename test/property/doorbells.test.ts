import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reconcile } from '../../lib/reconcile.ts';
import { aCluster, aJob, aTask, jm } from '../support/builders.ts';
import { createJobManager } from '../unit/pass/fake-jobmanager.ts';
import { createWorld, type FakeWorld, portsOf } from '../unit/pass/fake-ports.ts';
import { runs } from './arbitraries/chances.ts';

const cluster = aCluster([aJob({ flinkName: 'orders' }), aJob({ name: 'payments', flinkName: 'payments' })]);

/** One invocation a doorbell, all at once; then the schedule looks once more. */
const rung = async (world: FakeWorld, doorbells: readonly boolean[]): Promise<void> => {
  const stay = (wait: boolean) => ({ untilMs: world.nowMs + 180_000, wait });
  await Promise.all(doorbells.map((wait) => reconcile(portsOf(world), cluster, stay(wait))));
  await reconcile(portsOf(world), cluster, stay(false));
};

/** What runs where, and under which attempt: all that a person could tell apart. */
const stateOf = (world: FakeWorld) => ({
  running: [...world.jobManagers].map(([address, { jobs }]) => [
    address,
    [...jobs.keys()].map((id) => id.slice(0, 24)).toSorted(),
  ]),
  attempts: Object.values(world.store.memory('realtime').jobs).map(({ attempts }) =>
    attempts.map(({ n, end }) => [n, end?.state]),
  ),
  alerts: world.alerts.length,
  violations: world.violations,
});

const replaced = (world: FakeWorld): void => {
  world.jobManagers.clear();
  world.jobManagers.set(jm(2).address, createJobManager(jm(2).process));
  world.tasks = [aTask(jm(2))];
};

describe('doorbells', () => {
  it('lost, repeated or at once change nothing but the delay (I5, I12, F01, F03, F04, F30)', async () => {
    const expected = createWorld();
    await rung(expected, []);
    const afterStart = stateOf(expected);
    replaced(expected);
    await rung(expected, []);
    const afterLoss = stateOf(expected);
    expect(afterLoss.running).toEqual([[jm(2).address, afterLoss.running[0]?.[1]]]);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { maxLength: 5 }),
        fc.array(fc.boolean(), { maxLength: 5 }),
        async (first, second) => {
          const world = createWorld();
          await rung(world, first);
          expect(stateOf(world)).toEqual(afterStart);
          replaced(world);
          await rung(world, second);
          expect(stateOf(world)).toEqual(afterLoss);
        },
      ),
      runs,
    );
  });
});
