import { describe, expect, it } from 'vitest';
import type { Attempt, EndState } from '../../../lib/core/model.ts';
import { driftOf, isChanged, toStart } from '../../../lib/core/recorded.ts';
import { specOf } from '../../../lib/core/remember.ts';
import {
  aFlinkJob,
  aJob,
  anAttempt,
  aPost,
  aTask,
  aView,
  idOf,
  jm,
  known,
  look,
  memoryOf,
  observed,
  ranOn,
  startedBy,
  stopped,
  t0,
} from '../../support/builders.ts';

const changed = aJob({ args: ['--new'], parallelism: 2, revision: 'rev-2' });
const ended = (state: EndState, more: Partial<Attempt> = {}): Attempt =>
  ranOn(jm(9), 1, { end: { state, atMs: t0 }, ...more });
const notSent = aPost({ answer: 'not-sent' });
const refused = aPost({ answer: 'refused', refusal: { code: 'CLASS_MISSING', text: 'x' } });
const died = aPost({ answer: 'broken', processEnded: true });

describe('what a job is started from', () => {
  it.each<[string, readonly Attempt[], 'record' | 'manifest']>([
    ['nothing', [], 'manifest'],
    ['a loss', [ended('LOST')], 'record'],
    ['a loss, then a try that never left', [ended('LOST'), anAttempt(2, { posts: [notSent] })], 'record'],
    ['a first try that never left', [anAttempt(1, { posts: [notSent] })], 'manifest'],
    ['a refusal of what stood in the manifest before', [anAttempt(1, { posts: [refused] })], 'manifest'],
    [
      'a refusal of the record, the manifest as it was then',
      [anAttempt(1, { posts: [refused], wanted: 'rev-2' })],
      'record',
    ],
    [
      'a death under it, the manifest changed since',
      [anAttempt(1, { posts: [died], end: { state: 'LOST', atMs: t0 } })],
      'manifest',
    ],
    ['a loss that a person acknowledged', [ended('LOST', { acknowledged: true })], 'manifest'],
    [
      'an acknowledged try after a loss',
      [ended('LOST'), anAttempt(2, { posts: [notSent], acknowledged: true })],
      'manifest',
    ],
    ['an end that a changed manifest answers', [ended('FAILED')], 'manifest'],
    [
      'an acknowledged try, and one more that never left',
      [ended('LOST'), anAttempt(2, { posts: [notSent], acknowledged: true }), anAttempt(3, { posts: [notSent] })],
      'record',
    ],
    [
      'a loss that a person acknowledged, and a try that never left',
      [ended('LOST', { acknowledged: true }), anAttempt(2, { posts: [notSent] })],
      'manifest',
    ],
    ['a loss, then one that was seen, whoever started it', [ended('LOST'), ranOn(jm(9), 2, { posts: [] })], 'manifest'],
    [
      'a loss, then a refusal and a try that never left',
      [ended('LOST'), anAttempt(2, { posts: [refused, notSent] })],
      'manifest',
    ],
  ])('after %s', (_, attempts, from) => {
    const next = toStart(changed, attempts);
    expect({ args: next.args, parallelism: next.parallelism, revision: next.revision }).toEqual(
      from === 'record'
        ? { args: [], parallelism: undefined, revision: 'rev-1' }
        : { args: ['--new'], parallelism: 2, revision: 'rev-2' },
    );
  });

  it('is the record in what reaches Flink, the manifest in everything else', () => {
    const job = aJob({ slots: 7, priority: 3, jar: 's3://jars/new.jar', mainClass: 'New', revision: 'rev-2' });
    const next = toStart(job, [ended('LOST')]);
    expect(next).toEqual({ ...job, revision: 'rev-1', jar: 's3://jars/orders.jar', mainClass: undefined });
  });
});

describe('the record', () => {
  const plain = { ...aJob(), flinkConfiguration: { a: '1' } };
  const full = { ...plain, mainClass: 'Main', parallelism: 3 };
  it.each([
    ['has what the manifest lost', full, plain],
    ['lacks what the manifest gained', plain, full],
  ])('%s', (_, was, is) => {
    const lost = ended('LOST', { spec: specOf(was) });
    expect(toStart({ ...is, revision: 'rev-2' }, [lost])).toStrictEqual({ ...was, revision: 'rev-1' });
  });
});

describe('a lost job whose manifest changed', () => {
  const observation = observed({ tasks: [stopped(jm(9)), aTask()], views: [aView(jm(), { absent: [idOf()] })] });

  it('comes back as it was, and says in what it differs', () => {
    const { decision } = look({ job: changed, memory: memoryOf(ranOn(jm(9))), observation });
    expect(decision.drift).toEqual(['args', 'parallelism']);
    expect(startedBy(decision)).toMatchObject({ n: 2, revision: 'rev-1', wanted: 'rev-2', spec: { args: [] } });
  });

  it('waits for the jar of its record, not for the manifest’s', () => {
    const job = aJob({ jar: 's3://jars/new.jar', revision: 'rev-2' });
    const jars = { 's3://jars/new.jar': known({ present: false } as const), ...observation.jars };
    const { decision } = look({ job, memory: memoryOf(ranOn(jm(9))), observation: { ...observation, jars } });
    expect(startedBy(decision)?.spec.jar).toBe('s3://jars/orders.jar');
  });

  it('whose next try never left is made as the manifest says that went back to the record', () => {
    const notLeft = anAttempt(2, { posts: [aPost({ answer: 'not-sent', sentMs: t0 - 60_000 })], wanted: 'rev-2' });
    const started = startedBy(look({ memory: memoryOf(ended('LOST'), notLeft) }).decision);
    expect(started).toMatchObject({ n: 2, revision: 'rev-1' });
    expect(started?.wanted).toBeUndefined();
  });

  it('whose record is refused is held until the manifest changes once more', () => {
    const lost = ended('LOST');
    const again = (revision: string) =>
      look({
        job: { ...changed, revision },
        memory: memoryOf(lost, anAttempt(2, { posts: [refused], wanted: 'rev-2' })),
      }).decision;
    expect(again('rev-2').problem?.code).toBe('SUBMISSION_REFUSED');
    expect(startedBy(again('rev-3'))).toMatchObject({ n: 3, revision: 'rev-3', spec: { args: ['--new'] } });
  });
});

describe('drift', () => {
  it('is what reaches Flink and differs; a live job shows it and is left alone (F41)', () => {
    const observation = observed({ views: [aView(jm(), { jobs: [aFlinkJob(idOf())] })] });
    const { decision } = look({ job: changed, memory: memoryOf(ranOn(jm())), observation });
    expect(decision).toMatchObject({ verdict: 'steady', drift: ['args', 'parallelism'] });
    expect(decision.effect).toBeUndefined();
  });

  it('is not in what counts at once', () => {
    const job = aJob({ slots: 9, priority: 1, after: ['x'], bounded: true, flinkName: 'y' });
    expect(driftOf(job, anAttempt())).toEqual([]);
  });

  it('does not depend on the order of keys', () => {
    const spec = { ...aJob(), flinkConfiguration: { a: '1', b: '2' } };
    expect(driftOf(aJob({ flinkConfiguration: { b: '2', a: '1' } }), { spec })).toEqual([]);
  });

  it('is no change since, when the attempt was made beside this very manifest', () => {
    expect(isChanged(changed, anAttempt())).toBe(true);
    expect(isChanged(changed, anAttempt(1, { wanted: 'rev-2' }))).toBe(false);
  });
});
