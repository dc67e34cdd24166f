import { describe, expect, it } from 'vitest';
import { act } from '../../../lib/act.ts';
import { Fault } from '../../../lib/core/errors.ts';
import type { Effect, JobMemory } from '../../../lib/core/model.ts';
import type { FlinkRest } from '../../../lib/ports.ts';
import { aCluster, anAttempt, aPost, idOf, jm, memoryOf } from '../../support/builders.ts';
import { committed, runOf } from './committed.ts';
import { createJobManager } from './fake-jobmanager.ts';
import { type Broken, type FakeWorld, jobManagerAt, portsOf } from './fake-ports.ts';

const acted = async (
  effects: readonly Effect[],
  flink: (world: FakeWorld, real: FlinkRest) => Partial<FlinkRest> = () => ({}),
  memories: Readonly<Record<string, JobMemory>> = {},
  left: readonly string[] = [],
) => {
  const world = await committed(effects);
  for (const jarId of left) jobManagerAt(world).jars.add(jarId);
  const uploads: string[] = [];
  const real = portsOf(world).flink;
  const upload: FlinkRest['upload'] = (at, jar, deadlineMs) => {
    uploads.push(jar.uri);
    return real.upload(at, jar, deadlineMs);
  };
  const broken: Broken = { flink: { upload, ...flink(world, real) } };
  const outcomes = await act(portsOf(world, broken), aCluster(), effects, memories);
  return { world, uploads, outcomes, jars: [...jobManagerAt(world).jars] };
};

const throws = (code: string) => () => Promise.reject(new Fault('unknown-outcome', code, code));

describe('jobs that share a jar', () => {
  it('upload it once, all run, and it is removed', async () => {
    const { uploads, outcomes, jars, world } = await acted(['a', 'b', 'c'].map((job) => runOf(job)));
    expect(outcomes.map(({ answer }) => answer)).toEqual(['accepted', 'accepted', 'accepted']);
    expect(jobManagerAt(world).jobs.size).toBe(3);
    expect([uploads.length, jars]).toEqual([1, []]);
  });

  it.each([
    ['another jar', runOf('b', {}, { jar: 's3://jars/other.jar' })],
    ['another version', { ...runOf('b'), attempt: { ...runOf('b').attempt, jarVersion: 'v2' } }],
  ])('do not share %s', async (_, other) => {
    const { uploads, jars } = await acted([runOf('a'), other]);
    expect([uploads.length, jars]).toEqual([2, []]);
  });

  it('find it there until the last of them has ended its call', async () => {
    const seen: number[] = [];
    let end = (): void => undefined;
    const { jars } = await acted([runOf('fast'), runOf('slow', {}, { mainClass: 'Slow' })], (world, real) => ({
      run: async (at, jarId, request, deadlineMs) => {
        if (request.mainClass === 'Slow')
          await new Promise<void>((done) => {
            end = done;
          });
        seen.push(jobManagerAt(world).jars.size);
        await real.run(at, jarId, request, deadlineMs);
        if (request.mainClass !== 'Slow') setTimeout(() => end());
      },
    }));
    expect(seen).toEqual([1, 1]);
    expect(jars).toEqual([]);
  });

  it('keep it for the one whose outcome is unknown, and for no other', async () => {
    const { outcomes, jars } = await acted([runOf('a'), runOf('b', {}, { mainClass: 'Lost' })], (_, real) => ({
      run: (at, jarId, request, deadlineMs) =>
        request.mainClass === 'Lost' ? throws('RUN_UNANSWERED')() : real.run(at, jarId, request, deadlineMs),
    }));
    expect(outcomes).toMatchObject([{ answer: 'accepted' }, { answer: 'unanswered', jarId: jars[0] }]);
    expect(outcomes[0]?.jarId).toBeUndefined();
    expect(jars).toHaveLength(1);
  });

  it('hear all of an upload that fails', async () => {
    const { outcomes, jars } = await acted([runOf('a'), runOf('b')], () => ({ upload: throws('FLINK_UNREACHABLE') }));
    expect(outcomes.map(({ answer }) => answer)).toEqual(['not-sent', 'not-sent']);
    expect(jars).toEqual([]);
  });
});

describe('a jar that was left', () => {
  const tidy: Effect = { kind: 'delete-jar', job: 'a', to: jm(), jarId: 'left.jar' };
  const holder = memoryOf(anAttempt(1, { posts: [aPost({ answer: 'unanswered', jarId: 'left.jar' })] }));
  const onAnother = memoryOf(anAttempt(1, { posts: [aPost({ to: jm(2), answer: 'broken', jarId: 'left.jar' })] }));

  it.each<[string, readonly Effect[], Readonly<Record<string, JobMemory>>, number]>([
    ['is removed when nobody needs it', [tidy], {}, 0],
    ['is removed whatever the job itself remembers of it', [tidy], { a: holder }, 0],
    ['stays while another job may need it', [tidy], { a: holder, b: holder }, 1],
    ['is removed when that need was on another process', [tidy], { b: onAnother }, 0],
    [
      'stays after a repeat that was accepted, while another job may need it',
      [runOf('a', { jarId: 'left.jar' })],
      { b: holder },
      1,
    ],
    ['is removed after a repeat that was accepted', [runOf('a', { jarId: 'left.jar' })], { a: holder }, 0],
    [
      'is removed after one job has tidied and another has run with it',
      [tidy, runOf('b', { jarId: 'left.jar' })],
      { a: holder, b: holder },
      0,
    ],
  ])('%s', async (_, effects, memories, count) => {
    const { jars, uploads } = await acted(effects, undefined, memories, ['left.jar']);
    expect([jars.length, uploads.length]).toEqual([count, 0]);
  });

  it('is not pulled from under the one that runs with it', async () => {
    const { outcomes } = await acted([tidy, runOf('b', { jarId: 'left.jar' })], undefined, {}, ['left.jar']);
    expect(outcomes).toMatchObject([{ job: 'b', answer: 'accepted' }]);
  });
});

describe('a jar that is baked into the image', () => {
  const baked = runOf('a', {}, { jar: 'image:pipeline.jar' });

  it('is run by its name, never uploaded and never removed', async () => {
    const { outcomes, uploads, jars } = await acted([baked], undefined, {}, ['pipeline.jar']);
    expect(outcomes).toEqual([{ job: 'a', attempt: 1, postId: 1, answer: 'accepted' }]);
    expect([uploads, jars]).toEqual([[], ['pipeline.jar']]);
  });

  it.each([
    ['of the image is meant for its process only: no jar of its own would stop a late call', baked, jm().process],
    ['that is uploaded is its own fence', runOf('a'), undefined],
  ])('or one %s', async (_, effect, process) => {
    const meantFor: unknown[] = [];
    await acted([effect], () => ({ run: async (_at, _jarId, request) => void meantFor.push(request.process) }));
    expect(meantFor).toEqual([process]);
  });

  it('that is not there is refused with the place where it has to lie', async () => {
    const { outcomes } = await acted([baked]);
    expect(outcomes).toMatchObject([
      {
        answer: 'refused',
        refusal: { code: 'JAR_GONE', text: expect.stringContaining('/flink-web-upload/pipeline.jar') },
      },
    ]);
  });

  it('is no left jar when the outcome is unknown', async () => {
    const { outcomes, jars } = await acted([baked], () => ({ run: throws('RUN_BROKEN') }), {}, ['pipeline.jar']);
    expect(outcomes).toEqual([
      { job: 'a', attempt: 1, postId: 1, answer: 'broken', refusal: { code: 'RUN_BROKEN', text: 'RUN_BROKEN' } },
    ]);
    expect(jars).toEqual(['pipeline.jar']);
  });
});

describe('a cancel', () => {
  const effect: Effect = { kind: 'cancel', job: 'a', attempt: anAttempt(), to: jm() };
  const cancelled = async (change: (world: FakeWorld) => void, broken: Partial<FlinkRest> = {}) => {
    const world = await committed([runOf('a')]);
    await act(portsOf(world), aCluster(), [runOf('a')]);
    change(world);
    const outcomes = await act(portsOf(world, { flink: broken }), aCluster(), [
      { ...effect, attempt: { ...effect.attempt, jobId: idOf(1, 'a') } },
    ]);
    return { outcomes, states: [...jobManagerAt(world).jobs.values()].map(({ state }) => state), lines: world.lines };
  };

  it('ends the attempt by its id, and waits for no answer of the job', async () => {
    expect(await cancelled(() => {})).toMatchObject({ outcomes: [], states: ['CANCELED'] });
  });

  it('is not sent to another process than the one it was decided for', async () => {
    const asked: string[] = [];
    const { outcomes, lines } = await cancelled(
      (world) => world.jobManagers.set(jm().address, createJobManager(jm(1, 1).process)),
      { cancel: async (_, jobId) => void asked.push(jobId) },
    );
    expect([outcomes, asked]).toEqual([[], []]);
    expect(lines.at(-1)).toMatchObject({ message: 'not cancelled' });
  });

  it.each(['FLINK_UNREACHABLE', 'HTTP_BROKEN'])(
    'that fails with %s is told by the next look, not thrown',
    async (code) => {
      expect(await cancelled(() => {}, { cancel: throws(code) })).toMatchObject({ outcomes: [], states: ['RUNNING'] });
    },
  );
});
