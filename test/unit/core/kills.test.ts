import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../lib/core/decision.ts';
import { defaults } from '../../../lib/core/defaults.ts';
import type { Attempt } from '../../../lib/core/model.ts';
import { aJob, anAttempt, aPost, idOf, jm, look, memoryOf, startedBy, t0 } from '../../support/builders.ts';

describe('a submission whose JobManager dies under it (F102)', () => {
  const killed = (n: number, changes: Partial<Attempt> = {}): Attempt =>
    anAttempt(n, {
      posts: [aPost({ to: jm(n), answer: 'broken', processEnded: true, alone: true })],
      end: { state: 'LOST', atMs: t0 },
      ...changes,
    });
  const afterKills = (...attempts: readonly Attempt[]): Decision => look({ memory: memoryOf(...attempts) }).decision;
  const kills = (count: number): readonly Attempt[] => Array.from({ length: count }, (_, index) => killed(index + 1));

  it.each([
    [defaults.killsMax - 1, 'act'],
    [defaults.killsMax, 'hold'],
    [defaults.killsMax + 1, 'hold'],
  ])('%i times in a row: %s', (count, verdict) => {
    expect(afterKills(...kills(count)).verdict).toBe(verdict);
    expect(afterKills(...kills(count)).problem?.code).toBe(
      verdict === 'hold' ? 'SUBMISSION_KILLS_JOBMANAGER' : undefined,
    );
  });

  it.each([
    ['counts not when it was seen live first', 'act', { sightedOn: jm(2) }],
    ['counts not when its process lives', 'act', { posts: [aPost({ answer: 'broken', to: jm(2) })] }],
    ['counts not after it was switched off and on', 'act', { acknowledged: true }],
    ['counts not with another spec', 'act', { revision: 'rev-0' }],
  ] as const)('%s', (_, verdict, changes) => {
    expect(afterKills(...kills(1), killed(2, changes), ...(verdict === 'act' ? [killed(3)] : [])).verdict).toBe(
      verdict,
    );
  });

  it('is counted on over a try of which nobody was there to hear', () => {
    const unheard = (processEnded: boolean) => {
      const posts = [aPost({ to: jm(2), processEnded, sentMs: t0 - 3_600_000, settledByMs: t0 - 1 })];
      return anAttempt(2, { posts, end: { state: 'LOST', atMs: t0 } });
    };
    expect(afterKills(killed(1), unheard(true)).verdict).toBe('act');
    expect(afterKills(killed(1), unheard(true), killed(3)).verdict).toBe('hold');
    expect(afterKills(killed(1), unheard(false), killed(3)).verdict).toBe('act');
  });

  it('is counted on over a try that never reached Flink, unless a person released it', () => {
    const unsent = { posts: [aPost({ to: jm(), answer: 'not-sent', sentMs: t0 - 60_000 })] } as const;
    expect(afterKills(...kills(defaults.killsMax), anAttempt(3, unsent)).verdict).toBe('hold');
    expect(afterKills(...kills(defaults.killsMax), anAttempt(3, { ...unsent, acknowledged: true })).verdict).toBe(
      'act',
    );
  });

  it.each(['NOT_A_JAR', 'JAR_GONE'])('is counted on over a try whose main() never began: %s', (code) => {
    const refused = { posts: [aPost({ to: jm(2), answer: 'refused', refusal: { code, text: code } })] } as const;
    expect(afterKills(killed(1), anAttempt(2, refused), killed(3)).verdict).toBe('hold');
  });

  it('counts not when our wait had ended before: a slow main() may meet an ordinary end', () => {
    const slow = killed(2, { posts: [aPost({ answer: 'unanswered', processEnded: true, to: jm(2), alone: true })] });
    expect(afterKills(...kills(1), slow).verdict).toBe('act');
    expect(afterKills(...kills(1), slow, killed(3)).verdict).toBe('hold');
  });

  it.each([
    [defaults.slowKillsMax - 1, true, 'act'],
    [defaults.slowKillsMax, true, 'hold'],
    [defaults.slowKillsMax, false, 'act'],
  ])('%i times in a row after our wait had ended, alone there: %s: %s', (count, isAlone, verdict) => {
    const alone = isAlone ? { alone: true as const } : {};
    const slow = Array.from({ length: count }, (_, index) =>
      killed(index + 1, { posts: [aPost({ answer: 'unanswered', processEnded: true, to: jm(index + 1), ...alone })] }),
    );
    expect(afterKills(...slow).verdict).toBe(verdict);
  });

  it('is tried again with a new spec', () => {
    const { decision } = look({ job: aJob({ revision: 'rev-2' }), memory: memoryOf(...kills(2)) });
    expect(startedBy(decision)).toMatchObject({ n: 3, jobId: idOf(3) });
  });
});
