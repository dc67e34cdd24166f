import { describe, expect, it } from 'vitest';
import { decide } from '../../../lib/core/decide.ts';
import type { Decision } from '../../../lib/core/decision.ts';
import { defaults } from '../../../lib/core/defaults.ts';
import { type Attempt, emptyJobMemory, type JobMemory, type Post } from '../../../lib/core/model.ts';
import { oneSuspectAtATime, withBlame } from '../../../lib/core/suspects.ts';
import {
  aCluster,
  aJob,
  anAttempt,
  aPost,
  aTask,
  aView,
  jm,
  memoryOf,
  observed,
  stopped,
  t0,
} from '../../support/builders.ts';

const names = ['poison', 'innocent', 'bystander'];
const on = jm(9);
const observation = observed({ tasks: [aTask(on), stopped(jm(1))], views: [aView(on, { free: 9 })] });

/** One decision for each job: its verdict, and whether its submission goes alone. */
const decided = (memories: Readonly<Record<string, JobMemory>>, nowMs = t0) => {
  const cluster = aCluster(names.map((name) => aJob({ name })));
  const dice = Object.fromEntries(names.map((name) => [name, 'd1ced1ce']));
  const { decisions } = decide({ cluster, memories, observation, nowMs, dice });
  return Object.fromEntries(
    decisions.map(({ job, verdict, effect }) => [job, effect?.kind === 'run' && effect.post.alone ? 'alone' : verdict]),
  );
};
const died = (n: number, changes: Partial<Post> = {}): Attempt =>
  anAttempt(n, {
    posts: [aPost({ to: jm(1), answer: 'broken', processEnded: true, ...changes })],
    end: { state: 'LOST', atMs: t0 },
  });

describe('jobs under whose submission a JobManager died (F102)', () => {
  it('go together at first', () => {
    expect(decided({})).toEqual({ poison: 'act', innocent: 'act', bystander: 'act' });
  });

  it('go one at a time afterwards, the least suspect first, and no other beside them', () => {
    const shared = memoryOf(died(1));
    expect(decided({ poison: shared, innocent: shared })).toEqual({
      poison: 'alone',
      innocent: 'wait',
      bystander: 'wait',
    });
    const guilty = memoryOf(died(1), died(2, { alone: true }));
    expect(decided({ poison: guilty, innocent: shared })).toEqual({
      poison: 'wait',
      innocent: 'alone',
      bystander: 'wait',
    });
  });

  it('are asked for nothing by a job that is not decided on with them, and without them nobody waits', () => {
    const run = (job: string): Decision => {
      const post = aPost({ to: on });
      const effect = { kind: 'run', job, attempt: anAttempt(2, { posts: [post] }), post } as const;
      return { job, saw: 'absent', verdict: 'act', because: 'x', effect };
    };
    const cluster = aCluster(names.map((name) => aJob({ name })));
    const memories = { poison: memoryOf(died(1)), bystander: memoryOf(anAttempt(1, { posts: [aPost({ to: on })] })) };
    const effect = { post: { alone: true }, attempt: { posts: [{ alone: true }] } };
    expect(oneSuspectAtATime([run('poison')], cluster, memories, t0)).toMatchObject([{ verdict: 'act', effect }]);
    const both = [run('poison'), run('innocent')];
    expect(oneSuspectAtATime(both, cluster, {}, t0)).toEqual(both);
  });

  it('go one at a time also where we died before we heard of it', () => {
    const unheard = memoryOf(died(1, { answer: 'none' }));
    expect(decided({ poison: unheard })).toEqual({ poison: 'alone', innocent: 'wait', bystander: 'wait' });
  });

  it('go one at a time also after a try that never reached Flink', () => {
    const unsent = anAttempt(2, { posts: [aPost({ to: on, answer: 'not-sent', sentMs: t0 - 60_000 })] });
    const shared = memoryOf(died(1), unsent);
    expect(decided({ poison: shared, innocent: shared })).toEqual({
      poison: 'alone',
      innocent: 'wait',
      bystander: 'wait',
    });
  });

  it('wait with these words, and go on when a JobManager comes or goes', () => {
    const cluster = aCluster(names.map((name) => aJob({ name })));
    const memories = { poison: memoryOf(died(1)) };
    expect(decide({ cluster, memories, observation, nowMs: t0, dice: {} }).decisions[1]).toEqual({
      job: 'innocent',
      saw: 'absent',
      verdict: 'wait',
      because: 'jobs under which a JobManager died are submitted one at a time',
      waitFor: { kind: 'ecs' },
    });
  });

  it('are no suspects any more once a later attempt of them ran', () => {
    const ran = anAttempt(2, { sightedOn: jm(1), end: { state: 'LOST', atMs: t0 } });
    expect(decided({ poison: memoryOf(died(1), ran) })).toEqual({
      poison: 'act',
      innocent: 'act',
      bystander: 'act',
    });
  });

  it('wait while another submission is not settled', () => {
    const open = memoryOf(anAttempt(1, { posts: [aPost({ to: on, answer: 'unanswered' })] }));
    expect(decided({ poison: memoryOf(died(1)), innocent: open })).toEqual({
      poison: 'wait',
      innocent: 'wait',
      bystander: 'act',
    });
  });

  it('are held only for the deaths that they had alone', () => {
    const shared = memoryOf(died(1), died(2), died(3));
    const guilty = memoryOf(died(1), died(2, { alone: true }), died(3, { alone: true }));
    expect(decided({ poison: guilty, innocent: shared })).toEqual({
      poison: 'hold',
      innocent: 'alone',
      bystander: 'wait',
    });
  });
});

describe('a submission that broke with its JobManager, another beside it', () => {
  const on1 = (changes: Partial<Post>): Attempt => anAttempt(1, { posts: [aPost({ to: jm(1), ...changes })] });
  const ended = { processEnded: true } as const;
  const refused = { answer: 'refused', refusal: { code: 'MAIN_THREW', text: 'Connection refused' } } as const;
  const blamed = (beside: Attempt, mine: Partial<Post> = { answer: 'broken', ...ended }): boolean => {
    const memories = withBlame({ poison: memoryOf(on1(mine)), beside: memoryOf(beside) });
    expect(memories.beside).toEqual(memoryOf(beside));
    return memories.poison?.attempts[0]?.posts[0]?.alone === true;
  };

  it.each([
    ['was accepted', on1({ answer: 'accepted', ...ended })],
    ['was refused', on1({ ...refused, ...ended })],
    ['was never sent', on1({ answer: 'not-sent', ...ended })],
    ['had no answer, and its job was seen there', { ...on1({ answer: 'unanswered', ...ended }), sightedOn: jm(1) }],
    ['went to another process', anAttempt(1, { posts: [aPost({ to: jm(2), answer: 'unanswered' })] })],
  ])('is to blame where the other %s', (_, beside) => {
    expect(blamed(beside)).toBe(true);
  });

  it('is to blame also after a POST that was not sent, and after an attempt that ended otherwise', () => {
    const broken = aPost({ id: 2, to: jm(1), answer: 'broken', ...ended });
    const unsent = aPost({ to: jm(1), answer: 'not-sent' });
    const attempts = [on1({ answer: 'accepted' }), anAttempt(2, { posts: [unsent, broken] })];
    const { poison } = withBlame({ poison: memoryOf(...attempts) });
    expect(poison).toEqual(
      memoryOf(attempts[0] ?? anAttempt(), anAttempt(2, { posts: [unsent, { ...broken, alone: true }] })),
    );
  });

  it.each([
    ['had no answer either', on1({ answer: 'unanswered', ...ended }), {}],
    ['was under way, for all we know', on1({ answer: 'none', ...ended }), {}],
    ['was refused and the process lives', on1(refused), { answer: 'broken', processEnded: false }],
    ['was refused, and our own wait had ended', on1({ ...refused, ...ended }), { answer: 'unanswered', ...ended }],
  ] as const)('is not where the other %s', (_, beside, mine) => {
    expect(blamed(beside, 'answer' in mine ? mine : undefined)).toBe(false);
  });
});

describe('a job that is lost with its JobManager again and again (F08)', () => {
  const lostAt = (...times: readonly number[]): JobMemory =>
    memoryOf(...times.map((atMs, index) => anAttempt(index + 1, { sightedOn: jm(1), end: { state: 'LOST', atMs } })));
  const told = (memory: JobMemory, nowMs: number, enabled = true): readonly string[] => {
    const cluster = aCluster([aJob({ enabled })]);
    const memories = { orders: memory };
    return decide({ cluster, memories, observation, nowMs, dice: { orders: 'd1ced1ce' } }).problems.map(
      ({ code }) => code,
    );
  };

  it.each([
    ['fewer losses than the limit', [t0, t0], t0, []],
    ['as many as the limit', [t0, t0, t0], t0, ['JOB_LOST_REPEATEDLY']],
    ['as many, to the end of the window', [t0, t0, t0], t0 + defaults.lossWindowMs - 1, ['JOB_LOST_REPEATEDLY']],
    ['as many, one of them out of the window', [t0, t0 + 1, t0 + 1], t0 + defaults.lossWindowMs, []],
  ] as const)('with %s', (_, times, nowMs, codes) => {
    expect(told(lostAt(...times), nowMs)).toEqual(codes);
  });

  it('because its own submission ends it is told for that alone', () => {
    expect(told(memoryOf(died(1), died(2, { alone: true }), died(3, { alone: true })), t0)).toEqual([
      'SUBMISSION_KILLS_JOBMANAGER',
    ]);
  });

  it('because another one’s submission ends it is told for its losses', () => {
    const memories = {
      orders: memoryOf(died(1), died(2, { alone: true }), died(3, { alone: true })),
      other: lostAt(t0, t0, t0),
    };
    const cluster = aCluster([aJob(), aJob({ name: 'other' })]);
    const { problems } = decide({ cluster, memories, observation, nowMs: t0, dice: {} });
    expect(problems).toMatchObject([
      { code: 'JOB_LOST_REPEATEDLY', job: 'other' },
      { code: 'SUBMISSION_KILLS_JOBMANAGER', job: 'orders' },
    ]);
  });

  it('tells nothing when it is switched off', () => {
    expect(told(lostAt(t0, t0, t0), t0, false)).toEqual([]);
    expect(told(emptyJobMemory, t0)).toEqual([]);
  });
});
