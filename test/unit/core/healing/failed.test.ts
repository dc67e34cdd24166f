import { describe, expect, it } from 'vitest';
import type { Attempt, Job, Observation } from '../../../../lib/core/model.ts';
import {
  aCheckpoint,
  aFlinkJob,
  aJob,
  anOrder,
  aPost,
  aStatefulJob,
  aView,
  idOf,
  jar,
  jm,
  known,
  look,
  memoryOf,
  observed,
  ranOn,
  startedBy,
  t0,
  unknown,
} from '../../../support/builders.ts';
import { decided, distanceMs, failed, failures, restartsMax } from './failures.ts';

const never: Job['healing'] = { restarts: 0 };

describe('a job that failed', () => {
  it('is started again at once, as it was, from its newest snapshot, and told (F64)', () => {
    const job = aStatefulJob();
    const decision = decided([failed(1, { hadState: true })], job, t0, observed({ snapshots: [aCheckpoint(7)] }));
    expect(startedBy(decision)).toMatchObject({ n: 2, jobId: idOf(2), revision: 'rev-1', source: aCheckpoint(7) });
    expect(decision.because).toBe(`attempt 1 is FAILED: restart 1 of 3; from ${aCheckpoint(7).path}`);
    expect(decision.problem).toMatchObject({
      code: 'JOB_FAILED',
      graceMs: 0,
      what: `attempt 1 (${idOf(1)}) is FAILED`,
      next: 'It is started again: restart 1 of 3, from its newest state. This message ends when all its tasks have run for 5 min.',
    });
  });

  it('is told with the root cause that Flink gave, which is kept', () => {
    const jobs = [aFlinkJob(idOf(), 'FAILED')];
    const exceptions = { [idOf()]: known({ atMs: t0, cause: 'java.io.IOException: no' }) };
    const observation = observed({ views: [{ ...aView(jm(), { jobs }), exceptions }] });
    const { memory, decision } = look({ memory: memoryOf(ranOn(jm())), observation });
    expect(memory.attempts[0]?.end).toEqual({ state: 'FAILED', atMs: t0, cause: 'java.io.IOException: no' });
    expect(decision.problem?.what).toBe(`attempt 1 (${idOf()}) is FAILED: java.io.IOException: no`);
    expect(decision.because).toBe('attempt 1 is FAILED (java.io.IOException: no): restart 1 of 3');
    const later = look({ memory, observation: observed() });
    expect(later.memory.attempts[0]?.end).toEqual(memory.attempts[0]?.end);
  });

  it.each([
    ['a moment before its distance is over', distanceMs - 1, 'wait'],
    ['when it is over', distanceMs, 'act'],
  ])('is started a second time %s: %s', (_, agoMs, verdict) => {
    const decision = decided(failures(2, agoMs));
    expect(decision).toMatchObject({ verdict, problem: { code: 'JOB_FAILED' } });
    expect(startedBy(decision)?.n).toBe(verdict === 'act' ? 3 : undefined);
  });

  it('says while it waits what it waits for, in words that stay the same', () => {
    const at = (nowMs: number) => decided(failures(2, 100_000), aJob(), nowMs);
    expect(at(t0)).toMatchObject({
      saw: 'FAILED',
      because: `attempt 2 (${idOf(2)}) is FAILED; restart 2 of 3, from its newest state, not before 2026-01-02 03:07:25 UTC`,
      problem: {
        next: 'It is started again, not before 2026-01-02 03:07:25 UTC: restart 2 of 3, from its newest state. This message ends when all its tasks have run for 5 min.',
      },
    });
    expect(at(t0 + 60_000)).toEqual(at(t0));
  });

  it('is held when its restarts are spent, and says what ends that (I7)', () => {
    expect(startedBy(decided(failures(restartsMax)))?.n).toBe(restartsMax + 1);
    const decision = decided(failures(restartsMax + 1));
    expect(decision).toMatchObject({
      verdict: 'hold',
      saw: 'FAILED',
      problem: {
        code: 'JOB_FAILED',
        next: 'Held: it was started again 3 times, and failed each time.',
        fix: expect.stringContaining('`npx flink-autopilot release realtime/orders`'),
      },
    });
    expect(decision.effect).toBeUndefined();
  });

  it.each<[string, Job, string]>([
    ['no restart at all', aJob({ healing: never }), 'Held: `healing: { restarts: 0 }` in the manifest.'],
    ['one', aJob({ healing: { restarts: 1 } }), 'Held: it was started again once, and failed each time.'],
  ])('is held as its manifest says: %s', (_, job, next) => {
    const attempts = failures((job.healing?.restarts ?? 0) + 1);
    expect(decided(attempts, job)).toMatchObject({ verdict: 'hold', problem: { code: 'JOB_FAILED', next } });
  });

  it('waits as long as its manifest says', () => {
    const job = aJob({ healing: { distance: '90s' } });
    expect(decided(failures(2, 89_999), job).verdict).toBe('wait');
    expect(decided(failures(2, 90_000), job).verdict).toBe('act');
    expect(decided(failures(2, 90_000), job).problem?.next).toMatch(/ ends when all its tasks have run for 90 s\.$/);
  });

  it.each<[string, readonly Attempt[]]>([
    ['waiting for its distance', failures(2, 1_000)],
    ['held', failures(4)],
  ])('and %s is started at once from a corrected jar (with the same name), or entry', (_, attempts) => {
    const corrected = observed({ jars: jar('v2') });
    expect(startedBy(decided(attempts, aJob(), t0, corrected))).toMatchObject({ jarVersion: 'v2' });
    const changed = decided(attempts, aJob({ revision: 'rev-2' }));
    expect(startedBy(changed)).toMatchObject({ revision: 'rev-2' });
    expect(startedBy(decided(attempts, aJob(), t0, observed({ jars: jar('unknown') })))).toBeUndefined();
  });

  it('is started again from the record: a changed manifest that it did not run yet stays for `apply`', () => {
    const drifted = failed(1, { wanted: 'rev-2' });
    const decision = decided([drifted], aJob({ revision: 'rev-2', args: ['new'] }));
    expect(startedBy(decision)).toMatchObject({ revision: 'rev-1', wanted: 'rev-2' });
    expect(decision.drift).toEqual(['args']);
  });

  it('is started from the manifest where `apply` was ordered and not begun', () => {
    const stop = { how: 'cancel', order: 'apply', because: 'anna: x' } as const;
    const decision = decided([failed(1, { wanted: 'rev-2', stop })], aJob({ revision: 'rev-2', args: ['new'] }));
    expect(startedBy(decision)?.spec.args).toEqual(['new']);
  });

  it.each<[string, Attempt]>([
    ['once it was cancelled by order', failed(1, { stop: stopSent() })],
    ['because Flink refused its snapshot', failed(1, { posts: [refusedRestore()] })],
  ])('%s is no failure of its own', (_, attempt) => {
    expect(decided([attempt]).problem?.code).not.toBe('JOB_FAILED');
  });

  it('tells of what it waits for beside that', () => {
    const decision = decided([failed(1)], aJob(), t0, observed({ views: [aView(jm(), { free: 0 })] }));
    expect(decision).toMatchObject({ problem: { code: 'SLOTS_MISSING' }, further: [{ code: 'JOB_FAILED' }] });
    expect(decision.unjudged).toContain('STATE_AT_RISK');
  });

  it.each<[string, Observation['jars']]>([
    ['is gone', { 's3://jars/orders.jar': known({ present: false }) }],
    ['cannot be read', { 's3://jars/orders.jar': unknown() }],
    ['was not looked for', {}],
  ])('waits for its distance, too, when its jar %s: that is no other one', (_, jars) => {
    const decision = decided(failures(2, 1_000), aJob(), t0, observed({ jars }));
    expect(decision).toMatchObject({ verdict: 'wait', saw: 'FAILED', problem: { code: 'JOB_FAILED' } });
  });

  it('is news again when it has another root cause, and when it is held', () => {
    const gist = (count: number, cause: string) => {
      const attempts = failures(count, 1_000).map((each) => ({ ...each, end: { state: 'FAILED', atMs: t0, cause } }));
      return decided(attempts as readonly Attempt[]).problem?.gist;
    };
    const all = [gist(2, 'refused'), gist(2, 'timed out'), gist(4, 'refused'), gist(4, 'timed out')];
    expect(new Set(all).size).toBe(4);
    expect(gist(3, 'refused')).toBe(gist(2, 'refused'));
  });

  it('is told by what holds it where its state is gone, and stays told', () => {
    const decision = decided([failed(1, { hadState: true })], aStatefulJob(), t0, observed({ snapshots: [] }));
    expect(decision).toMatchObject({ verdict: 'hold', problem: { code: 'STATE_REQUIRED' } });
    expect(decision.problem?.what).toMatch(/; attempt 1 \(\w+\) is FAILED$/);
    expect(decision.further).toBeUndefined();
    expect(decision.unjudged).toContain('JOB_FAILED');
  });

  it('is never started with `mode: watch`, which its message says', () => {
    const decision = decided([failed(1)], aJob({ mode: 'watch' }));
    expect(decision).toMatchObject({ verdict: 'hold', problem: { code: 'JOB_FAILED' } });
    expect(decision.problem?.next).toBe('Held: `mode: watch`, so nothing is submitted.');
  });

  it('is not started while it is paused, nor in a dry run, and told all the same (F72)', () => {
    const memory = memoryOf(failed(1));
    const paused = look({ memory, orders: [anOrder('pause')] }).decision;
    expect(paused).toMatchObject({ verdict: 'wait', problem: { code: 'JOB_FAILED' } });
    expect(paused.effect).toBeUndefined();
    const dry = look({ memory, job: aJob({ mode: 'dry-run' }) }).decision;
    expect(dry).toMatchObject({ verdict: 'would', dryRun: true, problem: { code: 'JOB_FAILED' } });
    for (const { problem } of [paused, dry]) expect(problem?.next).toMatch(/^Nothing is done: .* Otherwise: It is/);
  });

  it('is on its way when the next tick comes: no second one (F67)', () => {
    const first = look({ memory: memoryOf(failed(1)) });
    const started = startedBy(first.decision);
    if (started === undefined) throw new Error('not started');
    const again = look({ memory: memoryOf(failed(1), started), nowMs: t0 + 20_000 }).decision;
    expect(again).toMatchObject({ verdict: 'wait', saw: 'unsettled' });
    expect(again.unjudged).toContain('JOB_FAILED');
  });
});

function stopSent(): Attempt['stop'] & object {
  return { how: 'cancel', order: 'restart', because: 'anna: x', sentMs: t0 - 2_000, to: jm() };
}

function refusedRestore() {
  return aPost({ answer: 'refused', refusal: { code: 'STATE_INCOMPATIBLE', text: 'x' } });
}
