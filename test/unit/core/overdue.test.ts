import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import {
  aFlinkJob,
  aJob,
  anAttempt,
  aPost,
  aView,
  idOf,
  jar,
  jm,
  look,
  memoryOf,
  observed,
  ranOn,
  t0,
} from '../../support/builders.ts';

const settledMs = t0 + defaults.uploadCallMs + defaults.mainWithinMs;
const duplicate = { answer: 'refused', refusal: { code: 'DUPLICATE_JOB', text: 'a job of that id exists' } } as const;

/** Its JobManager does not know the job. */
const same = observed({ views: [aView(jm(), { absent: [idOf()] })] });

describe('a submission that nobody answers', () => {
  const first = aPost({ answer: 'unanswered' });

  it('is told when it is overdue, and stays told while its repeat waits (F77)', () => {
    const overdue = look({
      memory: memoryOf(anAttempt(1, { posts: [first] })),
      observation: same,
      nowMs: settledMs,
    }).decision;
    expect(overdue).toMatchObject({ verdict: 'act', problem: { code: 'SUBMISSION_UNANSWERED' } });
    for (const answer of ['none', 'unanswered', 'broken'] as const) {
      const repeat = aPost({ id: 2, sentMs: settledMs, answer });
      const memory = memoryOf(anAttempt(1, { posts: [first, repeat] }));
      const { decision } = look({ memory, nowMs: settledMs + 1_000 });
      expect(decision).toMatchObject({ verdict: 'wait', problem: { code: 'SUBMISSION_UNANSWERED' } });
    }
  });

  it('stays told while what may never have arrived is sent once more', () => {
    const memory = memoryOf(anAttempt(1, { posts: [first, aPost({ id: 2, sentMs: settledMs })] }));
    const { decision } = look({ memory, observation: same, nowMs: settledMs + defaults.repeatAfterMs });
    expect(decision).toMatchObject({ verdict: 'act', problem: { code: 'SUBMISSION_UNANSWERED' } });
  });

  it('is held when it hung twice on one process: each time it keeps a thread there', () => {
    const second = aPost({ id: 2, sentMs: settledMs, answer: 'unanswered' });
    const memory = memoryOf(anAttempt(1, { posts: [first, second] }));
    const { decision } = look({ memory, nowMs: second.settledByMs });
    expect(decision).toMatchObject({ verdict: 'hold', problem: { code: 'SUBMISSION_UNANSWERED' } });
    const changed = look({
      memory,
      nowMs: second.settledByMs,
      observation: { ...same, jars: jar('v2') },
    }).decision;
    expect(changed).toMatchObject({ verdict: 'act' });
  });

  it.each([
    ['the same jar', 'v1', 'left.jar'],
    ['a new jar under its name', 'v2', undefined],
  ])('is repeated with the uploaded jar only if that is %s', (_, version, jarId) => {
    const memory = memoryOf(anAttempt(1, { posts: [aPost({ answer: 'unanswered', jarId: 'left.jar' })] }));
    const { decision } = look({ memory, nowMs: settledMs, observation: { ...same, jars: jar(version) } });
    const effect = decision.effect?.kind === 'run' ? decision.effect : undefined;
    expect(effect?.attempt).toMatchObject({ jobId: memory.attempts[0]?.jobId, jarVersion: version });
    expect(effect?.jarId).toBe(jarId);
  });

  it('is not told before', () => {
    const { decision } = look({ memory: memoryOf(anAttempt(1, { posts: [first] })), nowMs: settledMs - 1 });
    expect(decision).toMatchObject({ verdict: 'wait' });
    expect(decision.problem).toBeUndefined();
  });
});

describe('a submission refused because its id is taken, while no list shows the job', () => {
  const memory = memoryOf(anAttempt(1, { posts: [aPost(duplicate)] }));

  it('is not sent again', () => {
    for (const nowMs of [t0, t0 + defaults.repeatAfterMs, settledMs - 1])
      expect(look({ memory, nowMs }).decision).toMatchObject({ verdict: 'wait', saw: 'unsettled' });
  });

  it('is held and told when its job did not appear in time (I10)', () => {
    const { decision } = look({ memory, nowMs: settledMs });
    expect(decision).toMatchObject({ verdict: 'hold', problem: { code: 'SUBMISSION_REFUSED' } });
  });
});

describe('a job that is switched off and still lives', () => {
  it('tells nothing of its tasks', () => {
    const memory = memoryOf(ranOn(jm(), 1));
    const [attempt] = memory.attempts;
    const observation = observed({ views: [aView(jm(), { jobs: [aFlinkJob(attempt?.jobId ?? '', 'RESTARTING')] })] });
    expect(look({ memory, observation }).decision.problem).toMatchObject({ code: 'TASKS_NOT_RUNNING' });
    expect(look({ job: aJob({ enabled: false }), memory, observation }).decision.problem).toBeUndefined();
  });
});
