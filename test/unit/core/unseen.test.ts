import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import type { Attempt, Observation, Post } from '../../../lib/core/model.ts';
import {
  aFlinkJob,
  anAttempt,
  aPost,
  aTask,
  aView,
  draining,
  idOf,
  jm,
  look,
  memoryOf,
  observed,
  ranOn,
  startedBy,
  t0,
  unknown,
} from '../../support/builders.ts';

const { repeatAfterMs, cancelAgainMs } = defaults;
const { settledByMs } = aPost();
const withPost = (changes: Partial<Post> = {}): Attempt => anAttempt(1, { posts: [aPost(changes)] });
const same = observed({ views: [aView(jm(), { absent: [idOf()] })] });
const both = [draining(jm(2)), aTask(jm(1))];

describe('an id that may have run is used again only where every JobManager says that it has no such job (I6, F42):', () => {
  it.each<[string, Observation]>([
    ['no answer by id', observed({ views: [aView(jm(), { byId: { [idOf()]: unknown() } })] })],
    ['not asked by id', observed()],
    [
      'a draining one gives no answer by id',
      observed({ tasks: both, views: [aView(jm(), { absent: [idOf()] }), aView(jm(2))] }),
    ],
  ])('%s', (_, observation) => {
    for (const [attempt, nowMs] of [
      [withPost(), t0 + repeatAfterMs],
      [withPost({ answer: 'unanswered' }), settledByMs],
    ] as const) {
      const { decision } = look({ memory: memoryOf(attempt), observation, nowMs });
      expect(decision).toMatchObject({
        verdict: 'wait',
        saw: 'unsettled',
        because: `not every JobManager says that it has no job ${idOf()}`,
        problem: { code: 'ABSENCE_UNPROVEN' },
        waitFor: { kind: 'job', address: jm().address, jobId: idOf() },
      });
      expect(decision.effect).toBeUndefined();
      expect(startedBy(look({ memory: memoryOf(attempt), observation: same, nowMs }).decision)?.jobId).toBe(idOf());
    }
  });

  it('a draining one that shows nothing may have it: the table may have lost that it was submitted there', () => {
    const given = { memory: memoryOf(withPost()), nowMs: t0 + repeatAfterMs };
    const view = aView(jm(), { absent: [idOf()] });
    expect(look({ ...given, observation: observed({ tasks: both, views: [view] }) }).decision).toMatchObject({
      verdict: 'wait',
      because: `another JobManager task is RUNNING and does not show its jobs: ${jm(2).taskArn}`,
    });
    const shown = observed({ tasks: both, views: [view, aView(jm(2), { absent: [idOf()] })] });
    expect(startedBy(look({ ...given, observation: shown }).decision)?.jobId).toBe(idOf());
  });

  it('nor is a new id drawn beside an earlier one that may be live (I1)', () => {
    const earlier = { ...withPost({ answer: 'unanswered' }), revision: 'rev-0' };
    const refused = anAttempt(2, { posts: [aPost({ answer: 'refused', refusal: { code: 'JAR_GONE', text: 'x' } })] });
    const given = { memory: memoryOf(earlier, refused), nowMs: settledByMs };
    expect(look({ ...given, observation: observed() }).decision.problem?.code).toBe('ABSENCE_UNPROVEN');
    expect(startedBy(look({ ...given, observation: same }).decision)?.jobId).toBe(idOf(2));
  });

  it('a refused one never ran: nobody is asked', () => {
    const refused = withPost({ answer: 'refused', refusal: { code: 'JAR_GONE', text: 'x' } });
    expect(startedBy(look({ memory: memoryOf(refused) }).decision)?.jobId).toBe(idOf());
  });
});

describe('a cancelling that brought no end', () => {
  const stop = { how: 'cancel', order: 'restart', because: 'anna: x', sentMs: t0, to: jm() } as const;
  const given = { memory: memoryOf(ranOn(jm(), 1, { stop })), nowMs: t0 + cancelAgainMs };
  const view = aView(jm(), { jobs: [aFlinkJob(idOf())] });

  it('is not made again while a JobManager is out of sight: it may have a second copy (I6)', () => {
    const hidden = look({ ...given, observation: observed({ tasks: both, views: [view], unseen: [jm(2)] }) }).decision;
    expect(hidden).toMatchObject({ verdict: 'wait', urgent: true, problem: { code: 'CANCEL_UNFINISHED' } });
    expect(hidden.effect).toBeUndefined();
    const shown = observed({ tasks: both, views: [view, aView(jm(2))] });
    expect(look({ ...given, observation: shown }).decision.effect?.kind).toBe('cancel');
  });
});
