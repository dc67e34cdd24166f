import { describe, expect, it } from 'vitest';
import { defaults } from '../../../../lib/core/defaults.ts';
import { HEALTH_CODES, healthOf } from '../../../../lib/core/health/judge.ts';
import type { JobSamples } from '../../../../lib/core/health/samples.ts';
import { keyOf } from '../../../../lib/core/incidents.ts';
import type { Attempt, Job } from '../../../../lib/core/model.ts';
import { aJob, jm, ranOn, t0 } from '../../../support/builders.ts';
import { CHECKPOINT_CONFIG } from '../../pass/fake-jobmanager.ts';
import { keptOf, minute, samplesOf } from './samples.ts';

type Given = { readonly job?: Partial<Job>; readonly attempt?: Partial<Attempt> };
const judged = (kept: JobSamples | undefined, { job = {}, attempt = {} }: Given = {}) => {
  const runs = ranOn(jm(), 1, { checkpointing: CHECKPOINT_CONFIG, ...attempt });
  const { problems, ...rest } = healthOf(aJob(job), runs, kept, t0);
  return { told: problems.map(({ code }) => code), what: problems[0]?.what, ...rest };
};
/** Told only where the manifest asks for it. */
const UNASKED = ['CHECKPOINT_OLD', 'OUTPUT_STALLED', 'OUTPUT_UNSEEN', 'EXCEPTION_NEW'];
/** Nearly an hour of looks that all see this. */
const flowOf = (percent: number) => ({
  atMs: t0,
  flinkMs: t0,
  pressuredMs: [],
  shares: Array.from({ length: 10 }, (_, n) => ({
    fromMs: t0 - (10 - n) * 5 * minute,
    atMs: t0 - (9 - n) * 5 * minute,
    percent,
  })),
  words: '"a" waits',
});
const loops = samplesOf(3, (n) => ({ restarts: n * 5 }));
const fails = samplesOf(16, (n) => ({ completed: 1, failed: n }));
const both = samplesOf(3, (n) => ({ restarts: n * 5, completed: 1, failed: n + 3 }));
const exception = (seenMs = t0, more = {}) => ({
  exception: { atMs: 1, cause: 'java.io.IOException: no', seenMs, ...more },
});

describe('the health of a live job', () => {
  it('is judged by nothing while nothing was looked at', () => {
    expect(judged(undefined)).toMatchObject({ told: [], well: UNASKED, unjudged: [] });
    const health = { checkpointAge: '1h', exceptions: 'tell', output: { prefix: 's3://b', within: '1h' } } as const;
    expect(judged(undefined, { job: { health } })).toMatchObject({ told: [], well: [], unjudged: [] });
  });

  it('is well of each, where each is well', () => {
    expect(judged(keptOf(samplesOf(16), { flow: flowOf(0) }))).toMatchObject({ told: [], well: HEALTH_CODES });
  });

  it('a restart loop is told with its root cause, and leaves the smaller one alone that it explains', () => {
    expect(judged(keptOf(loops, exception()))).toMatchObject({
      told: ['RESTART_LOOP'],
      what: expect.stringMatching(
        /^[0-9a-f]{32}: Flink restarted it 10 times within 15 min; the newest exception: java/,
      ),
      unjudged: ['TASKS_NOT_RUNNING'],
    });
  });

  it('an exception from before the window is no root cause', () => {
    const { restartsWithinMs } = defaults.health;
    expect(judged(keptOf(loops, exception(t0 - restartsWithinMs))).cause).not.toBe('');
    expect(judged(keptOf(loops, exception(t0 - restartsWithinMs - 1))).cause).toBe('');
  });

  it('failing checkpoints are told with Flink’s reason', () => {
    expect(judged(keptOf(fails, { failure: 'denied' }))).toMatchObject({
      told: ['CHECKPOINTS_FAILING'],
      what: expect.stringContaining('15 checkpoints in a row failed: denied'),
      well: ['RESTART_LOOP', ...UNASKED],
    });
  });

  it('none that completes is told under the same code: it is one cause', () => {
    const progress = { completed: 1, sinceMs: t0 - 60 * minute };
    const hangs = keptOf(
      samplesOf(16, () => ({ completed: 1 })),
      { progress },
    );
    expect(judged(hangs)).toMatchObject({ told: ['CHECKPOINTS_FAILING'] });
    const failing = keptOf(fails, { progress });
    expect(judged(failing).what).toContain('15 checkpoints in a row failed');
  });

  it('checkpoints that fail because the job does are the loop’s', () => {
    expect(judged(keptOf(both))).toMatchObject({ told: ['RESTART_LOOP'], well: UNASKED });
    expect(judged(keptOf(both, exception()))).toMatchObject({ told: ['RESTART_LOOP'], well: UNASKED });
  });

  it('checkpoints fail with a job that threw lately, also before its restarts are counted', () => {
    const calmMs = defaults.health.restartsWithinMs / defaults.health.calmShare;
    expect(judged(keptOf(fails, exception(t0 - calmMs + 1))).told).toEqual([]);
    expect(judged(keptOf(fails, exception(t0 - calmMs))).told).toEqual(['CHECKPOINTS_FAILING']);
  });

  it('a loop whose root cause is its checkpoints is theirs', () => {
    const byCheckpoints = exception(t0, { byCheckpoints: true });
    expect(judged(keptOf(both, byCheckpoints))).toMatchObject({
      told: ['CHECKPOINTS_FAILING'],
      well: UNASKED,
      unjudged: [],
    });
    const mended = samplesOf(4, (n) => ({ restarts: n * 5, failed: n < 2 ? 3 : 0 }));
    expect(judged(keptOf(mended, byCheckpoints))).toMatchObject({
      told: [],
      well: ['CHECKPOINTS_FAILING', ...UNASKED],
    });
  });

  it('a loop is theirs, too, where none completes and none is said to fail', () => {
    const hangs = samplesOf(3, (n) => ({ restarts: n * 5, completed: 1 }));
    const progress = { completed: 1, sinceMs: t0 - 60 * minute };
    const kept = keptOf(hangs, { progress, ...exception(t0, { byCheckpoints: true }) });
    expect(judged(kept).told).toEqual(['CHECKPOINTS_FAILING']);
  });

  it('what is well is well, whatever was thrown', () => {
    const byCheckpoints = exception(t0, { byCheckpoints: true });
    expect(judged(keptOf(fails, byCheckpoints)).well).toEqual(['RESTART_LOOP', ...UNASKED]);
    expect(judged(keptOf(samplesOf(16), exception())).well).toContain('CHECKPOINTS_FAILING');
  });

  it('checkpoints are well when both checks say so', () => {
    const stopped = samplesOf(16, () => ({ allRun: false }));
    expect(judged(keptOf(stopped)).well).toEqual(['RESTART_LOOP', ...UNASKED]);
  });

  it('a loop by checkpoints that complete in between is a loop', () => {
    const now = samplesOf(4, (n) => ({ restarts: n * 5, failed: n % 2 }));
    expect(judged(keptOf(now, exception(t0, { byCheckpoints: true }))).told).toEqual(['RESTART_LOOP']);
  });

  it('a job that takes no checkpoints by itself is well of them; of one that did not say it nobody knows', () => {
    const { intervalMs: _, ...off } = CHECKPOINT_CONFIG;
    const { checkpointing: _c, ...unasked } = ranOn(jm());
    expect(judged(keptOf(fails), { attempt: { checkpointing: off } }).told).toEqual([]);
    expect(judged(keptOf(fails), { attempt: { checkpointing: off } }).well).toContain('CHECKPOINTS_FAILING');
    expect(healthOf(aJob(), unasked, keptOf(fails), t0)).toMatchObject({
      problems: [],
      well: ['RESTART_LOOP', ...UNASKED],
    });
  });

  it.each<[string, NonNullable<Job['health']>, readonly string[]]>([
    ['restarts', { restarts: 11 }, []],
    ['restarts', { restarts: 10 }, ['RESTART_LOOP']],
    ['restartsWithin', { restarts: 10, restartsWithin: '2m' }, ['RESTART_LOOP']],
    ['restartsWithin', { restarts: 11, restartsWithin: '2m' }, []],
  ])('the manifest may say otherwise: %s %j', (_, health, told) => {
    expect(judged(keptOf(loops), { job: { health } }).told).toEqual(told);
  });

  it.each<[NonNullable<Job['health']>, readonly string[]]>([
    [{ checkpointFailures: 9 }, ['CHECKPOINTS_FAILING']],
    [{ checkpointFailures: 15 }, []],
    [{ checkpointFailures: 15, checkpointWithin: '30m' }, ['CHECKPOINTS_FAILING']],
  ])('also of checkpoints: %j', (health, told) => {
    const kept = keptOf(fails, { progress: { completed: 1, sinceMs: t0 - 30 * minute } });
    const { intervalMs = 0 } = CHECKPOINT_CONFIG;
    const attempt = { checkpointing: { ...CHECKPOINT_CONFIG, intervalMs, timeoutMs: 3_600_000 } };
    expect(judged(kept, { job: { health }, attempt }).told).toEqual(told);
  });
});

describe('what is told where the manifest asks for it', () => {
  const health = { checkpointAge: '30m', exceptions: 'tell' } as const;
  const old = { newestMs: t0 - 120 * minute };
  const causes = [
    { id: 'one', text: 'java.io.IOException: no', firstMs: t0, lastMs: t0 },
    { id: 'two', text: 'java.lang.Error', firstMs: t0, lastMs: t0 },
  ];
  const told = (samples = samplesOf(16), more: Partial<JobSamples> = {}) =>
    healthOf(aJob({ health }), ranOn(jm(), 1, { checkpointing: CHECKPOINT_CONFIG }), keptOf(samples, more), t0);
  const codesOf = ({ problems }: ReturnType<typeof told>) => problems.map(({ code }) => code);

  it('is each root cause, as an incident of its own that names nothing else', () => {
    const { problems, well } = told(samplesOf(16), { causes, ...exception() });
    expect(problems.map(keyOf)).toEqual(['EXCEPTION_NEW#orders#one', 'EXCEPTION_NEW#orders#two']);
    expect(problems.map(({ what }) => what.slice(34))).toEqual([
      'it threw java.io.IOException: no',
      'it threw java.lang.Error',
    ]);
    expect(well).not.toContain('EXCEPTION_NEW');
  });

  it('is the age of its newest snapshot', () => {
    expect(codesOf(told(samplesOf(16), old))).toEqual(['CHECKPOINT_OLD']);
  });

  it('is neither in a restart loop, nor the age where checkpoints are told to fail: one cause', () => {
    expect(codesOf(told(loops, { ...old, causes }))).toEqual(['RESTART_LOOP']);
    expect(told(loops, { ...old, causes }).well).not.toContain('EXCEPTION_NEW');
    expect(codesOf(told(fails, old))).toEqual(['CHECKPOINTS_FAILING']);
    expect(told(fails, old).well).not.toContain('CHECKPOINT_OLD');
  });

  it('the time in which a checkpoint has to complete is not longer than the age', () => {
    const progress = { completed: 1, sinceMs: t0 - 30 * minute };
    const config = { ...CHECKPOINT_CONFIG, timeoutMs: 60 * minute };
    const hangs = keptOf(
      samplesOf(3, () => ({ completed: 1 })),
      { progress },
    );
    const attempt = ranOn(jm(), 1, { checkpointing: config });
    expect(healthOf(aJob({ health }), attempt, hangs, t0).problems.map(({ code }) => code)).toEqual([
      'CHECKPOINTS_FAILING',
    ]);
    expect(healthOf(aJob(), attempt, hangs, t0).problems).toEqual([]);
  });
});

describe('a job that waits for its slowest part', () => {
  const flow = flowOf(95);
  it('is told, and not beside what is bigger: checkpoints that fail for it say so', () => {
    expect(judged(keptOf(samplesOf(16), { flow })).told).toEqual(['BACK_PRESSURE']);
    expect(judged(keptOf(loops, { flow })).told).toEqual(['RESTART_LOOP']);
    expect(judged(keptOf(fails, { flow }))).toMatchObject({
      told: ['CHECKPOINTS_FAILING'],
      what: expect.stringMatching(/15 checkpoints in a row failed; for 30 min its work waits: "a" waits$/),
    });
    expect(judged(keptOf(fails, { flow })).well).not.toContain('BACK_PRESSURE');
  });
});

describe('output that does not grow', () => {
  const health = { output: { prefix: 's3://b/o', within: '30m' } };
  const output = { atMs: t0, records: 9, readSinceMs: t0 - 60 * minute, readMs: t0 };
  const told = (kept: JobSamples) => judged(kept, { job: { health } }).told;
  it('is told, and not beside what is bigger: files are finished by checkpoints', () => {
    expect(told(keptOf(samplesOf(16), { output }))).toEqual(['OUTPUT_STALLED']);
    expect(told(keptOf(loops, { output }))).toEqual(['RESTART_LOOP']);
    expect(told(keptOf(fails, { output }))).toEqual(['CHECKPOINTS_FAILING']);
  });

  it('that nobody may see is told as that, whatever else is wrong', () => {
    expect(told(keptOf(samplesOf(16), { output: { ...output, unseen: 'denied' } }))).toEqual(['OUTPUT_UNSEEN']);
    expect(told(keptOf(loops, { output: { ...output, unseen: 'denied' } }))).toEqual(['RESTART_LOOP', 'OUTPUT_UNSEEN']);
  });
});
