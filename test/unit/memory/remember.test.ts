import { describe, expect, it } from 'vitest';
import {
  type Attempt,
  emptyJobMemory,
  type JobMemory,
  type Observation,
  type Outcome,
} from '../../../lib/core/model.ts';
import { mayHaveRun, remember, specOf } from '../../../lib/core/remember.ts';
import {
  aCluster,
  aFlinkJob,
  aJob,
  anAttempt,
  aPost,
  aTask,
  aView,
  idOf,
  jm,
  known,
  memoryOf,
  observed,
  ranOn,
  stopped,
  t0,
  unknown,
} from '../../support/builders.ts';

type After = {
  observation?: Observation;
  outcomes?: readonly Outcome[];
  job?: ReturnType<typeof aJob>;
  nowMs?: number;
};

const remembered = (
  memory: JobMemory,
  { observation, outcomes = [], job = aJob(), nowMs = t0 }: After = {},
): JobMemory => remember(memory, job, aCluster([job]), observation ?? observed({ views: [] }), outcomes, nowMs);
const lastAfter = (attempt: Attempt, options: After = {}): Attempt | undefined =>
  remembered(memoryOf(attempt), options).attempts.at(-1);
const heard = (changes: Partial<Outcome> = {}): Outcome => ({
  job: 'orders',
  attempt: 1,
  postId: 1,
  answer: 'accepted',
  ...changes,
});
const posted = anAttempt(1, { posts: [aPost()] });

describe('what came of a submission', () => {
  it.each<[string, Outcome, object]>([
    ['accepted', heard(), { posts: [aPost({ answer: 'accepted' })], sightedOn: jm() }],
    ['not sent', heard({ answer: 'not-sent' }), { posts: [aPost({ answer: 'not-sent' })] }],
    [
      'refused, with the reason',
      heard({ answer: 'refused', refusal: { code: 'MAIN_THREW', text: 'no database' } }),
      { posts: [aPost({ answer: 'refused', refusal: { code: 'MAIN_THREW', text: 'no database' } })] },
    ],
    [
      'unanswered, with the jar that is still there',
      heard({ answer: 'unanswered', jarId: 'a.jar' }),
      { posts: [aPost({ answer: 'unanswered', jarId: 'a.jar' })] },
    ],
  ])('is kept with its POST: %s', (_, outcome, attempt) => {
    expect(remembered(memoryOf(posted), { outcomes: [outcome] })).toEqual(memoryOf({ ...posted, ...attempt }));
    expect(remembered(memoryOf(posted), { outcomes: [outcome, outcome] })).toEqual(memoryOf({ ...posted, ...attempt }));
  });

  it.each([
    ['job', { job: 'orders-1' }],
    ['attempt', { attempt: 2 }],
    ['POST', { postId: 2 }],
  ])('belongs to nothing else: another %s (F37)', (_, other) => {
    expect(remembered(memoryOf(posted), { outcomes: [heard(other)] })).toEqual(memoryOf(posted));
  });
});

describe('a job of our lineage that the memory lacks (F43, F85, F86, F125)', () => {
  it.each(['RUNNING', 'FAILED'])('becomes an attempt with the number in its id: %s', (state) => {
    const view = aView(jm(), { jobs: [aFlinkJob(idOf(7), state)] });
    const [attempt, ...others] = remembered(emptyJobMemory, { observation: observed({ views: [view] }) }).attempts;
    expect(others).toEqual([]);
    expect(attempt).toMatchObject({ n: 7, jobId: idOf(7), sightedOn: jm(), flinkName: 'orders', posts: [] });
    expect(attempt?.spec).toEqual(specOf(aJob()));
    expect(attempt?.end?.state).toBe(state === 'FAILED' ? 'FAILED' : undefined);
  });

  it('stands among those that are known in order of its number', () => {
    const view = aView(jm(), { jobs: [aFlinkJob(idOf(2)), aFlinkJob(idOf(3))] });
    const { attempts } = remembered(memoryOf(ranOn(jm(), 1), ranOn(jm(), 3)), {
      observation: observed({ views: [view] }),
    });
    expect(attempts.map(({ n }) => n)).toEqual([1, 2, 3]);
  });

  it('is one attempt, although two JobManagers list it', () => {
    const views = [aView(jm(1), { jobs: [aFlinkJob(idOf())] }), aView(jm(2), { jobs: [aFlinkJob(idOf())] })];
    expect(remembered(emptyJobMemory, { observation: observed({ views }) }).attempts).toHaveLength(1);
  });

  it('is not one of a job with a longer name (F37)', () => {
    const view = aView(jm(), { jobs: [aFlinkJob(idOf(1, 'orders-1')), aFlinkJob('f'.repeat(32))] });
    expect(remembered(emptyJobMemory, { observation: observed({ views: [view] }) })).toEqual(emptyJobMemory);
  });
});

describe('an attempt that may have run', () => {
  it.each([
    ['was seen', true, anAttempt(1, { sightedOn: jm() })],
    ['has a POST that nobody knows of (F32)', true, anAttempt(1, { posts: [aPost()] })],
    ['has an unanswered POST', true, anAttempt(1, { posts: [aPost({ answer: 'unanswered' })] })],
    ['has a broken POST', true, anAttempt(1, { posts: [aPost({ answer: 'broken' })] })],
    ['was refused', false, anAttempt(1, { posts: [aPost({ answer: 'refused' })] })],
    ['never reached Flink', false, anAttempt(1, { posts: [aPost({ answer: 'not-sent' })] })],
    [
      'was refused after a POST that nobody knows of (F122)',
      true,
      anAttempt(1, { posts: [aPost(), aPost({ id: 2, answer: 'refused' })] }),
    ],
  ])('is one that %s: %o', (_, may, attempt) => {
    expect(mayHaveRun(attempt)).toBe(may);
    const view = aView(jm(2), { absent: [idOf()] });
    const proof = observed({ tasks: [stopped(jm(1)), aTask(jm(2))], views: [view] });
    expect(lastAfter(attempt, { observation: proof })?.end).toEqual(may ? { state: 'LOST', atMs: t0 } : undefined);
  });

  it('is not lost on a partial look (I6)', () => {
    const view = aView(jm(2), { absent: [idOf()], jobs: unknown() });
    const partial = observed({ tasks: [stopped(jm(1)), aTask(jm(2))], views: [view] });
    expect(lastAfter(ranOn(jm(1)), { observation: partial })?.end).toBeUndefined();
  });

  it('has POSTs whose process is known to have ended, from then on', () => {
    const ended = lastAfter(posted, { observation: observed({ tasks: [stopped(jm())], views: [] }) });
    expect(ended?.posts).toEqual([aPost({ processEnded: true })]);
    const later = ended && lastAfter(ended, { observation: { ...observed({ views: [] }), ecs: unknown() } });
    expect(later?.posts).toEqual([aPost({ processEnded: true })]);
    const again = anAttempt(1, { posts: [aPost({ processEnded: true }), aPost({ id: 2, to: jm(2) })] });
    const next = observed({ tasks: [stopped(jm()), stopped(jm(2))], views: [] });
    expect(lastAfter(again, { observation: next })?.posts.map(({ processEnded }) => processEnded)).toEqual([
      true,
      true,
    ]);
  });
});

describe('a job that is disabled in the manifest', () => {
  const off = { job: aJob({ enabled: false }) };
  it.each([
    ['ended', true, ranOn(jm(), 1, { end: { state: 'CANCELED', atMs: t0 } })],
    ['was refused', true, anAttempt(1, { posts: [aPost({ answer: 'refused' })] })],
    ['is live', undefined, ranOn(jm())],
    ['is unsettled', undefined, posted],
  ] as const)('has its attempt that %s acknowledged: %o', (_, acknowledged, attempt) => {
    expect(lastAfter(attempt, off)?.acknowledged).toBe(acknowledged);
    expect(lastAfter(attempt)?.acknowledged).toBeUndefined();
  });

  it('has an unheard-of attempt acknowledged from the moment it is settled', () => {
    const { settledByMs } = aPost();
    expect(lastAfter(posted, { ...off, nowMs: settledByMs - 1 })?.acknowledged).toBeUndefined();
    expect(lastAfter(posted, { ...off, nowMs: settledByMs })?.acknowledged).toBe(true);
  });
});

describe('a second look at an unchanged world (I12)', () => {
  it.each<[string, Observation]>([
    ['live', observed({ views: [aView(jm(), { jobs: [aFlinkJob(idOf())] })] })],
    ['ended', observed({ views: [aView(jm(), { jobs: [aFlinkJob(idOf(), 'FAILED')] })] })],
    ['absent', observed({ views: [aView(jm(), { absent: [idOf()] })] })],
    ['live by id only', observed({ views: [aView(jm(), { byId: { [idOf()]: known('RUNNING') } })] })],
    ['unseen', observed({ views: [], unseen: [jm()] })],
  ])('adds nothing: %s', (_, observation) => {
    const once = remembered(memoryOf(ranOn(jm())), { observation });
    expect(remembered(once, { observation, nowMs: t0 + 1_000 })).toEqual(once);
  });
});
