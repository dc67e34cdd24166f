import { describe, expect, it } from 'vitest';
import { decide } from '../../../lib/core/decide.ts';
import type { Decision } from '../../../lib/core/decision.ts';
import type { Attempt, Job, JobMemory, Post } from '../../../lib/core/model.ts';
import {
  aCluster,
  aJob,
  anAttempt,
  aPost,
  aTask,
  aView,
  draining,
  idOf,
  jm,
  known,
  look,
  memoryOf,
  observed,
  ranOn,
  startedBy,
  t0,
} from '../../support/builders.ts';

const ended = (state: 'LOST' | 'CANCELED' | 'FAILED', changes: Partial<Attempt> = {}): JobMemory =>
  memoryOf(ranOn(jm(9), 1, { end: { state, atMs: t0 }, ...changes }));
const never = { answer: 'not-sent' } as const;
const stop = { how: 'cancel', order: 'restart', because: 'anna: x', sentMs: t0, to: jm(9) } as const;
const { settledByMs } = aPost();
/** The JobManager says that it has no such job. */
const without = observed({ views: [aView(jm(), { absent: [idOf()] })] });

describe('a start says why', () => {
  it.each<[string, Parameters<typeof look>[0]]>([
    ['it was never submitted', {}],
    ['attempt 1 is lost with its JobManager', { memory: ended('LOST') }],
    ['attempt 1 is FAILED and is asked for anew', { memory: ended('FAILED', { acknowledged: true }) }],
    ['restart: anna: x', { memory: ended('CANCELED', { stop }) }],
    ['attempt 1 did not start', { memory: memoryOf(anAttempt(1, { acknowledged: true })) }],
    [
      'the submission may never have arrived: the same id once more',
      { memory: memoryOf(anAttempt(1, { posts: [aPost()] })), observation: without, nowMs: t0 + 25_000 },
    ],
  ])('%s', (because, given) => {
    expect(look(given).decision).toMatchObject({ verdict: 'act', because });
  });

  it('and whether it may be on its way already', () => {
    const posted = (answer: 'none' | 'not-sent') => memoryOf(anAttempt(1, { posts: [aPost({ answer })] }));
    const saw = (memory: JobMemory) => look({ memory, observation: without, nowMs: settledByMs }).decision.saw;
    expect(saw(posted('none'))).toBe('unsettled');
    expect(saw(posted('not-sent'))).toBe('absent');
  });

  it.each<[string, Parameters<typeof look>[0], Decision['waitFor']]>([
    ['submitted; the job may still appear', {}, { kind: 'job', address: jm().address, jobId: idOf() }],
    [
      `a submission to another JobManager is not settled: ${jm(1).taskArn}`,
      { observation: observed({ tasks: [draining(jm(1)), aTask(jm(2))], views: [aView(jm(2))] }) },
      { kind: 'ecs' },
    ],
  ])('or why it is not repeated: %s', (because, given, waitFor) => {
    const memory = memoryOf(anAttempt(1, { posts: [aPost()] }));
    expect(look({ memory, ...given }).decision).toMatchObject({ verdict: 'wait', saw: 'unsettled', because, waitFor });
  });
});

describe('the id of a start', () => {
  it('is whole, also without chance', () => {
    const situation = { cluster: aCluster(), memories: {}, observation: observed(), nowMs: t0, dice: {} };
    const [decision] = decide(situation).decisions;
    expect(decision && startedBy(decision)?.jobId).toBe(`${aJob().lineage}0000000100000000`);
  });

  const changed = aJob({ revision: 'rev-2' });
  it.each<[string, number, Job, readonly Partial<Post>[]]>([
    ['is the old one while an unheard-of POST may use it, whatever changed', 1, changed, [{}, never]],
    ['is the old one where none of its POSTs left', 1, aJob(), [never]],
    ['is new where none of its POSTs left and the spec changed', 2, changed, [never]],
    ['is new where one of its POSTs went to another process', 2, aJob(), [{ to: jm(9), ...never }, never]],
  ])('%s', (_, n, job, posts) => {
    const memory = memoryOf(anAttempt(1, { posts: posts.map((changes, id) => aPost({ id, ...changes })) }));
    expect(startedBy(look({ job, memory, observation: without, nowMs: settledByMs }).decision)).toMatchObject({
      n,
      jobId: idOf(n),
    });
  });
});

describe('a jar that an earlier POST left', () => {
  it('is not used for another jar, although its version is the same', () => {
    const job = aJob({ jar: 's3://jars/new.jar', revision: 'rev-2' });
    const jars = { [job.jar]: known({ present: true, version: 'v1', sizeBytes: 1_000 } as const) };
    const memory = memoryOf(anAttempt(1, { posts: [aPost({ jarId: 'left.jar' })] }));
    const { decision } = look({ job, memory, observation: { ...without, jars }, nowMs: settledByMs });
    expect(startedBy(decision)).toMatchObject({ jobId: idOf(), spec: { jar: job.jar }, jarVersion: 'v1' });
    expect(decision.effect).not.toHaveProperty('jarId');
  });
});

describe('the revision of the manifest', () => {
  it('is on record where a lost job is started from its own', () => {
    const lost = { job: aJob({ revision: 'rev-2' }), memory: ended('LOST') };
    expect(startedBy(look(lost).decision)).toMatchObject({ revision: 'rev-1', wanted: 'rev-2' });
    const attempt = startedBy(look({ memory: ended('LOST') }).decision);
    expect(attempt).not.toHaveProperty('wanted');
  });
});
