import { describe, expect, it } from 'vitest';
import { act } from '../../../lib/act.ts';
import { defaults } from '../../../lib/core/defaults.ts';
import { Fault, type FaultKind } from '../../../lib/core/errors.ts';
import { withIntent } from '../../../lib/core/intent.ts';
import { type Effect, emptyJobMemory } from '../../../lib/core/model.ts';
import { aCluster, aFlinkJob, anAttempt, aPost, idOf, jm, t0 } from '../../support/builders.ts';
import { createJobManager } from './fake-jobmanager.ts';
import { type Broken, createWorld, type FakeWorld, jobManagerAt, portsOf } from './fake-ports.ts';

const post = aPost();
const run: Effect = { kind: 'run', job: 'orders', attempt: anAttempt(1, { posts: [post] }), post };

/** A world whose store knows the intent, as after a commit. */
const committed = async (effect: Effect = run): Promise<FakeWorld> => {
  const world = createWorld();
  const lease = await world.store.acquire('realtime', { owner: 'me', nowMs: t0, untilMs: t0 + 60_000 }, t0);
  if (lease === undefined) throw new Error('no lease');
  const jobs = { orders: withIntent(emptyJobMemory, effect) };
  await world.store.commit(lease, { jobs, incidents: [], log: [] }, t0 + 60_000, t0, t0);
  return world;
};
const acted = (world: FakeWorld, broken: Broken = {}, effects: readonly Effect[] = [run]) =>
  act(portsOf(world, broken), aCluster(), effects);
const fails = (kind: FaultKind, code: string) => async (): Promise<never> => {
  throw new Fault(kind, code, `${code} happened`);
};

describe('a submission', () => {
  it('runs the job under the id of its intent, and leaves no jar (F25)', async () => {
    const world = await committed();
    const spec = { ...run.attempt.spec, mainClass: 'com.Main', parallelism: 3 };
    const outcomes = await acted(world, {}, [{ ...run, attempt: { ...run.attempt, spec } }]);
    expect(outcomes).toEqual([{ job: 'orders', attempt: 1, postId: 1, answer: 'accepted' }]);
    expect([...jobManagerAt(world).jobs.values()]).toMatchObject([{ jobId: idOf(), name: 'com.Main', tasksTotal: 3 }]);
    expect(jobManagerAt(world).jars.size).toBe(0);
    expect(world.violations).toEqual([]);
  });

  it.each<[FaultKind, string, string]>([
    ['transient', 'UNREACHABLE', 'not-sent'],
    ['rejected', 'SUBMISSION_DISABLED', 'not-sent'],
    ['rejected', 'MAIN_THREW', 'refused'],
    ['rejected', 'DUPLICATE_JOB', 'refused'],
    ['rejected', 'JAR_GONE', 'refused'],
    ['invalid', 'BAD_REQUEST', 'refused'],
    ['unknown-outcome', 'RUN_UNANSWERED', 'unanswered'],
    ['unknown-outcome', 'RUN_UNCLEAR', 'unanswered'],
    ['unknown-outcome', 'RUN_BROKEN', 'broken'],
    ['bug', 'UNEXPECTED', 'unanswered'],
  ])(
    'that ends in %s %s is "%s"; its jar stays only while the outcome is unknown (F27)',
    async (kind, code, answer) => {
      const world = await committed();
      const [outcome, ...more] = await acted(world, { flink: { run: fails(kind, code) } });
      const jars = [...jobManagerAt(world).jars];
      const isUnknown = answer === 'unanswered' || answer === 'broken';
      expect(more).toEqual([]);
      expect(outcome).toMatchObject({ answer, refusal: { code, text: `${code} happened` } });
      expect(jars).toHaveLength(isUnknown ? 1 : 0);
      expect(outcome?.jarId).toBe(isUnknown ? jars[0] : undefined);
    },
  );

  it.each<[string, Broken, string, string]>([
    ['the upload fails', { flink: { upload: fails('transient', 'UNREACHABLE') } }, 'not-sent', 'UNREACHABLE'],
    ['the upload is not answered', { flink: { upload: fails('unknown-outcome', 'X') } }, 'not-sent', 'X'],
    [
      'the jar is missing by now (F44)',
      { flink: { upload: fails('rejected', 'JAR_MISSING') } },
      'not-sent',
      'JAR_MISSING',
    ],
    ['the jar changed by now', { flink: { upload: fails('rejected', 'JAR_CHANGED') } }, 'not-sent', 'JAR_CHANGED'],
    ['the jar is none', { flink: { upload: fails('rejected', 'NOT_A_JAR') } }, 'refused', 'NOT_A_JAR'],
    [
      'the process cannot be asked',
      { flink: { identity: fails('transient', 'UNREACHABLE') } },
      'not-sent',
      'UNREACHABLE',
    ],
  ])('is not made when %s', async (_, broken, answer, code) => {
    const world = await committed();
    expect(await acted(world, broken)).toMatchObject([{ answer, refusal: { code } }]);
    expect(jobManagerAt(world).jobs.size).toBe(0);
    expect(jobManagerAt(world).jars.size).toBe(0);
  });

  it('is not made to another process than that of its intent (F123)', async () => {
    const world = await committed();
    world.jobManagers.set(jm().address, createJobManager(jm(1, 1).process));
    expect(await acted(world)).toMatchObject([{ answer: 'not-sent', refusal: { code: 'PROCESS_CHANGED' } }]);
    expect(jobManagerAt(world).jobs.size).toBe(0);
    expect(jobManagerAt(world).jars.size).toBe(0);
  });

  it('of an id that is live already is refused and changes nothing (F29)', async () => {
    const world = await committed();
    jobManagerAt(world).jobs.set(idOf(), aFlinkJob(idOf()));
    expect(await acted(world)).toMatchObject([{ answer: 'refused', refusal: { code: 'DUPLICATE_JOB' } }]);
    expect(jobManagerAt(world).jobs.size).toBe(1);
  });

  it('once more uses the jar that was left, without an upload', async () => {
    const world = await committed();
    jobManagerAt(world).jars.add('left.jar');
    const upload = fails('bug', 'UPLOADED_AGAIN');
    expect(await acted(world, { flink: { upload } }, [{ ...run, jarId: 'left.jar' }])).toMatchObject([
      { answer: 'accepted' },
    ]);
  });

  it('counts as made, although its jar could not be removed', async () => {
    const world = await committed();
    expect(await acted(world, { flink: { deleteJar: fails('transient', 'X') } })).toMatchObject([
      { answer: 'accepted' },
    ]);
  });

  it('waits for its upload and its answer so long and no longer (I9)', async () => {
    const world = await committed();
    const deadlines: number[] = [];
    await acted(world, {
      flink: {
        upload: async (_, __, deadlineMs) => {
          deadlines.push(deadlineMs);
          return 'a.jar';
        },
        run: async (_, __, ___, deadlineMs) => {
          deadlines.push(deadlineMs);
        },
      },
    });
    expect(deadlines).toEqual([t0 + defaults.uploadCallMs, t0 + defaults.submitCallMs]);
  });
});

describe('effects of several jobs', () => {
  it('go on side by side: a slow main() holds up no other (F130)', async () => {
    const world = await committed();
    let end = (): void => undefined;
    jobManagerAt(world).mains.set(
      'Slow',
      () =>
        new Promise((done) => {
          end = done;
        }),
    );
    const slow = { ...run, attempt: { ...run.attempt, spec: { ...run.attempt.spec, mainClass: 'Slow' } } };
    const other = { ...run, job: 'other', attempt: anAttempt(1, { jobId: idOf(1, 'other') }) };
    const all = acted(world, {}, [slow, other]);
    await expect.poll(() => [...jobManagerAt(world).jobs.keys()], { interval: 1 }).toEqual([idOf(1, 'other')]);
    end();
    expect(await all).toMatchObject([
      { job: 'orders', answer: 'accepted' },
      { job: 'other', answer: 'accepted' },
    ]);
  });

  it('end in one outcome each, whatever becomes of the others', async () => {
    const world = await committed();
    const broken = { flink: { upload: fails('bug', 'UNEXPECTED') } };
    const tidy: Effect = { kind: 'delete-jar', job: 'orders', to: jm(), jarId: 'left.jar' };
    jobManagerAt(world).jars.add('left.jar');
    expect(await acted(world, broken, [run, tidy])).toMatchObject([{ answer: 'not-sent' }]);
    expect(jobManagerAt(world).jars.size).toBe(0);
  });
});
