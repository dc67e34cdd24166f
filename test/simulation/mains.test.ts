import { describe, expect, it } from 'vitest';
import type { MainCall } from './world/flink/mains.ts';
import { submitByHand } from './world/people/hands.ts';
import { codeOf, foreignId, MINUTE, type QuietWorld, quietWorld } from './world/quiet-world.ts';

const id = foreignId(1);

const worldWith = async (how: MainCall['how'], version = '1.20.5'): Promise<QuietWorld> => {
  const world = quietWorld(1, { ms: 2_000, how });
  world.cluster.flink.version = version;
  await world.passes(3 * MINUTE);
  return world;
};

describe('a call of main()', () => {
  it.each<[MainCall['how'], string, string, boolean]>([
    ['starts', '1.20.5', 'accepted', true],
    ['throws', '1.20.5', 'MAIN_THREW', false],
    // Refused, and yet its job runs.
    ['starts, then throws', '1.20.5', 'MAIN_THREW', true],
    ['twice', '1.20.5', 'accepted', true],
    ['twice', '2.3.0', 'DUPLICATE_JOB', true],
  ])('that %s on Flink %s: %s, its job lives: %s (F38, F103)', async (how, version, code, lives) => {
    const world = await worldWith(how, version);
    expect(await codeOf(world.answer(world.submit(id)), 'accepted')).toBe(code);
    expect((await world.jobs()).length > 0).toBe(lives);
    const { truth } = world.stage.notes;
    expect(truth.copies.map(({ jobId }) => jobId)).toEqual(lives ? [id] : []);
    expect(truth.posts.every(({ endedMs }) => endedMs !== undefined)).toBe(true);
  });

  it('ends its JobManager, breaks off all calls there, and takes every job with it (F102)', async () => {
    const world = await worldWith('kills');
    submitByHand(world.stage, world.cluster);
    expect(world.stage.notes.truth.copies).toHaveLength(1);
    const before = world.process();
    const other = codeOf(world.submit('ffff2'.padEnd(32, '0')));
    expect(await codeOf(world.answer(world.submit(id)))).toBe('RUN_BROKEN');
    expect(await other).toBe('RUN_BROKEN');
    expect(before.endedHow).toContain('System.exit in main()');
    expect(world.stage.notes.truth.copies).toEqual([]);
    await world.passes(2 * MINUTE);
    expect(world.process().id).not.toBe(before.id);
  });

  it('goes on when its caller has left: the job appears later (F115, F121)', async () => {
    const world = await worldWith('starts');
    void codeOf(world.submit(id));
    await world.passes(1_000);
    expect(await world.jobs()).toEqual([]);
    await world.passes(2_000);
    expect(await world.jobs()).toHaveLength(1);
  });

  it('of one id twice at once starts one job (F29, F31)', async () => {
    const world = await worldWith('starts');
    const answers = await Promise.all(
      [world.submit(id), world.submit(id)].map((call) => world.answer(codeOf(call, 'accepted'))),
    );
    expect(answers.toSorted()).toEqual(['DUPLICATE_JOB', 'accepted']);
    expect(world.stage.notes.truth.copies).toHaveLength(1);
    expect(world.stage.notes.truth.posts.map(({ twins }) => twins)).toEqual([0, 1]);
  });

  it('is never called for a jar that another process has (F118, F123)', async () => {
    const world = await worldWith('starts');
    const request = { jobId: id, args: [], flinkConfiguration: {} };
    expect(await codeOf(world.answer(world.flink.run(world.at(), 'elsewhere_job.jar', request, world.soonMs())))).toBe(
      'JAR_GONE',
    );
    const baked = { ...request, process: 'flink-web-of-before' };
    expect(await codeOf(world.answer(world.flink.run(world.at(), 'baked.jar', baked, world.soonMs())))).toBe(
      'PROCESS_CHANGED',
    );
    const { posts, bounced } = world.stage.notes.truth;
    expect([posts.length, bounced.map(({ ended }) => ended)]).toEqual([0, ['JAR_GONE']]);
  });
});
