import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { aCluster, aJob, jm, t0 } from '../../support/builders.ts';
import { createJobManager, setState } from './fake-jobmanager.ts';
import { createWorld, type FakeWorld, jobManagerAt } from './fake-ports.ts';
import { attemptsOf, minutesOf, passes, subjectsOf } from './passes.ts';

const { restartsMax } = defaults.healing;
const idOf = (world: FakeWorld): string => attemptsOf(world).at(-1)?.jobId ?? '';
const fail = (world: FakeWorld, cause = 'java.io.IOException: no'): void => {
  jobManagerAt(world).exceptions.set(idOf(world), { atMs: world.nowMs, cause });
  setState(jobManagerAt(world), idOf(world), 'FAILED');
};
const running = async (): Promise<FakeWorld> => {
  const world = createWorld();
  await passes(world, 2);
  return world;
};
/** It fails shortly after each start. */
const failingFor = async (world: FakeWorld, minutes: number): Promise<void> => {
  for (let minute = 0; minute < minutes; minute += 1) {
    if (jobManagerAt(world).jobs.get(idOf(world))?.state === 'RUNNING') fail(world);
    await minutesOf(world, 1);
  }
};
/** It runs, and completes a checkpoint a minute. */
const wellFor = async (world: FakeWorld, minutes: number): Promise<void> => {
  for (let minute = 0; minute < minutes; minute += 1) {
    jobManagerAt(world).checkpoints.set(idOf(world), { completed: minute + 1, snapshots: [] });
    await minutesOf(world, 1);
  }
};
/** What is told of its failures. */
const toldTo = (world: FakeWorld): readonly string[] =>
  subjectsOf(world).filter((subject) => subject.includes('JOB_FAILED'));
const opened = 'OPEN JOB_FAILED realtime/orders';
/** It is held now. */
const changed = 'OPEN, CHANGED: JOB_FAILED realtime/orders';
const closed = 'CLOSED JOB_FAILED realtime/orders';

describe('a job that fails', () => {
  it('is started again in the look that sees it, told once with its root cause, and once when it has run well', async () => {
    const world = await running();
    fail(world);
    await minutesOf(world, 1);
    expect(attemptsOf(world)).toMatchObject([{ end: { state: 'FAILED', cause: 'java.io.IOException: no' } }, { n: 2 }]);
    expect(toldTo(world)).toEqual([opened]);
    expect(world.alerts[0]?.text).toContain('java.io.IOException: no');
    await minutesOf(world, 4);
    expect(toldTo(world)).toEqual([opened]);
    await minutesOf(world, 2);
    expect(toldTo(world)).toEqual([opened, closed]);
  });

  it('and fails again and again is one incident through all its restarts, and told once more when it is held (F64, F71)', async () => {
    const world = await running();
    await failingFor(world, 240);
    expect(attemptsOf(world)).toHaveLength(1 + restartsMax);
    expect(toldTo(world)).toEqual([opened, changed]);
    expect(world.alerts.at(-1)?.text).toContain('\nNext: Held: it was started again 3 times');
    const [incident] = world.store.memory('realtime').incidents;
    expect(incident).toMatchObject({
      state: 'open',
      next: expect.stringMatching(/^Held: it was started again 3 times/),
    });
    expect(world.violations).toEqual([]);
  });

  it('keeps five minutes from one restart to the next', async () => {
    const world = await running();
    await failingFor(world, 60);
    const sent = attemptsOf(world).map(({ posts }) => posts[0]?.sentMs ?? 0);
    const [, first = 0, second = 0, third = 0] = sent;
    expect(second - first).toBeGreaterThanOrEqual(defaults.healing.distanceMs);
    expect(third - second).toBeGreaterThanOrEqual(defaults.healing.distanceMs);
  });

  it('is started again as often as at first once it has run well for half an hour', async () => {
    const world = await running();
    await failingFor(world, 10);
    await wellFor(world, 40);
    expect(toldTo(world)).toEqual([opened, closed]);
    const before = attemptsOf(world).length;
    await failingFor(world, 60);
    expect(attemptsOf(world)).toHaveLength(before + restartsMax);
    expect(toldTo(world)).toEqual([opened, closed, opened, changed]);
  });

  it('and is corrected is started at once, and told to be over when it has run well', async () => {
    const world = await running();
    await failingFor(world, 60);
    world.jars.set('s3://jars/orders.jar', { present: true, version: 'v2', sizeBytes: 1_000 });
    await minutesOf(world, 1);
    expect(attemptsOf(world).at(-1)).toMatchObject({ n: 2 + restartsMax, jarVersion: 'v2' });
    await minutesOf(world, 7);
    expect(toldTo(world)).toEqual([opened, changed, closed]);
  });

  it('while nobody looked for a day is started once, with its neighbours untouched (F99)', async () => {
    const cluster = aCluster([aJob(), aJob({ name: 'other', flinkName: 'other' })]);
    const world = createWorld();
    await passes(world, 2, { cluster });
    const [orders = '', other = ''] = [...jobManagerAt(world).jobs.keys()];
    setState(jobManagerAt(world), orders, 'FAILED');
    world.nowMs += 24 * 3_600_000;
    await minutesOf(world, 1, {}, cluster);
    expect(attemptsOf(world)).toHaveLength(2);
    expect(jobManagerAt(world).jobs.get(other)?.state).toBe('RUNNING');
  });

  it('is lost with its JobManager while it is on trial: that is no failure, and its message stays until it has run well', async () => {
    const world = await running();
    fail(world);
    await minutesOf(world, 2);
    world.jobManagers.set(jm().address, createJobManager(jm(1, 1).process));
    await minutesOf(world, 3);
    expect(attemptsOf(world)).toMatchObject([{}, { end: { state: 'LOST' } }, { sightedOn: jm(1, 1) }]);
    expect(toldTo(world)).toEqual([opened]);
    await minutesOf(world, 7);
    expect(toldTo(world)).toEqual([opened, closed]);
  });

  it.each(['CANCELED', 'FINISHED'])('and is %s later is over, and stays so', async (state) => {
    const world = await running();
    fail(world);
    await minutesOf(world, 2);
    setState(jobManagerAt(world), idOf(world), state);
    await minutesOf(world, 30);
    expect(attemptsOf(world)).toHaveLength(2);
    expect(toldTo(world)).toContain(opened);
    expect(toldTo(world)).toContain(closed);
  });

  it('is asked for its cause once, and does without where Flink says nothing', async () => {
    const world = await running();
    setState(jobManagerAt(world), idOf(world), 'FAILED');
    await minutesOf(world, 1);
    expect(attemptsOf(world)[0]?.end).toEqual({ state: 'FAILED', atMs: expect.any(Number) });
    expect(world.nowMs).toBeGreaterThan(t0);
    expect(world.alerts[0]?.text).toContain('is FAILED');
  });
});
