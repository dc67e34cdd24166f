import { describe, expect, it } from 'vitest';
import { defaults } from '../../../../lib/core/defaults.ts';
import { type Samples, withSamples } from '../../../../lib/core/health/samples.ts';
import type { Attempt, FlinkJob, FlinkView, Job } from '../../../../lib/core/model.ts';
import {
  aCluster,
  aFlinkJob,
  aJob,
  aView,
  idOf,
  jm,
  known,
  memoryOf,
  observed,
  ranOn,
  t0,
  unknown,
} from '../../../support/builders.ts';
import { keptOf, minute, samplesOf } from './samples.ts';

type Seen = {
  readonly before?: Samples;
  readonly job?: Partial<Job>;
  readonly attempt?: Attempt;
  readonly flinkJob?: FlinkJob;
  readonly view?: Partial<FlinkView>;
  readonly nowMs?: number;
};
const jobId = idOf();
const figures = { restarts: { [jobId]: known(2) }, checkpoints: { [jobId]: known({ completed: 3, snapshots: [] }) } };
const keptAfter = ({
  before,
  job = {},
  attempt = ranOn(jm()),
  flinkJob,
  view = figures,
  nowMs = t0 + minute,
}: Seen) => {
  const seen = { ...aView(jm(), { jobs: [flinkJob ?? aFlinkJob(jobId)] }), ...view };
  const memories = { orders: memoryOf(attempt) };
  return withSamples(before, aCluster([aJob(job)]), memories, observed({ views: [seen] }), nowMs);
};
const before = {
  orders: keptOf(
    samplesOf(2, () => ({ completed: 3 })),
    { progress: { completed: 3, sinceMs: t0 } },
  ),
};

describe('what is kept of a live job', () => {
  it('is one sample more for each look that asked', () => {
    const sample = { atMs: t0 + minute, allRun: true, restarts: 2, completed: 3, failed: 0 };
    expect(keptAfter({})?.orders).toStrictEqual({
      jobId,
      samples: [sample],
      progress: { completed: 3, sinceMs: t0 + minute },
    });
    expect(keptAfter({ before })?.orders?.samples).toEqual([...before.orders.samples, sample]);
  });

  it('is the very same where nothing was asked, or nothing could be seen: nothing is written', () => {
    expect(keptAfter({ before, view: {} })).toBe(before);
    expect(keptAfter({ before, view: { restarts: { [jobId]: unknown() } } })).toBe(before);
    expect(keptAfter({ before, view: { ...figures, jobs: unknown() } })).toBe(before);
  });

  it('is what could be seen: a figure that was not to be had is absent', () => {
    const view = { ...figures, restarts: { [jobId]: unknown() } };
    expect(keptAfter({ before, view })?.orders?.samples.at(-1)).toStrictEqual({
      atMs: t0 + minute,
      allRun: true,
      completed: 3,
      failed: 0,
    });
    const blind = keptAfter({ before, view: { restarts: { [jobId]: known(9) } } })?.orders;
    expect(blind?.samples.at(-1)).toEqual({ atMs: t0 + minute, allRun: true, restarts: 9 });
    expect(blind?.progress).toEqual(before.orders.progress);
  });

  it('is of this job, whatever else is listed', () => {
    const jobs = known([aFlinkJob(idOf(9), 'RESTARTING'), aFlinkJob(jobId)]);
    expect(keptAfter({ before, view: { ...figures, jobs } })?.orders?.samples.at(-1)?.allRun).toBe(true);
  });

  it('of a job of which nothing could be seen yet is nothing', () => {
    expect(keptAfter({ view: {} })).toBeUndefined();
  });

  it('begins anew with each attempt', () => {
    const other = { orders: { ...before.orders, jobId: idOf(7) } };
    expect(keptAfter({ before: other })?.orders?.samples).toHaveLength(1);
  });

  it.each<[string, Seen]>([
    ['has ended', { attempt: ranOn(jm(), 1, { end: { state: 'FINISHED', atMs: t0 } }) }],
    ['is switched off', { job: { enabled: false } }],
    ['has left the manifest', { job: { name: 'another' } }],
  ])('goes with a job that %s', (_, changes) => {
    expect(keptAfter({ before, ...changes })).toEqual({});
  });

  it('is bounded by its window and by a number', () => {
    const full = { orders: keptOf(samplesOf(200)) };
    const { restartsWithinMs, sampleEveryMs, samplesMax } = defaults.health;
    const kept = keptAfter({ before: full })?.orders?.samples ?? [];
    expect(kept.every(({ atMs }) => t0 + minute - atMs <= restartsWithinMs + sampleEveryMs)).toBe(true);
    expect(kept).toHaveLength(1 + Math.floor((restartsWithinMs + sampleEveryMs) / minute));
    const dense = { orders: keptOf(samplesOf(200, (n) => ({ atMs: t0 - 200 + n }))) };
    expect(keptAfter({ before: dense })?.orders?.samples).toHaveLength(samplesMax);
  });

  it('progress counts from the last checkpoint, from a counter that began again, and from when all tasks ran', () => {
    const sinceMs = (completed: number, tasksRunning = 2) =>
      keptAfter({
        before,
        flinkJob: aFlinkJob(jobId, 'RUNNING', { tasksRunning }),
        view: { ...figures, checkpoints: { [jobId]: known({ completed, snapshots: [] }) } },
      })?.orders?.progress?.sinceMs;
    expect(sinceMs(3)).toBe(t0);
    expect(sinceMs(4)).toBe(t0 + minute);
    expect(sinceMs(0)).toBe(t0 + minute);
    expect(sinceMs(3, 1)).toBe(t0 + minute);
  });

  it('keeps why the newest checkpoint failed, and which one is under way, as long as that is so', () => {
    const underWay = { id: 4, sinceMs: t0 };
    const bad = { completed: 3, snapshots: [], failing: { inRow: 2, because: 'denied' }, underWay };
    const ill = keptAfter({ before, view: { ...figures, checkpoints: { [jobId]: known(bad) } } });
    expect(ill?.orders).toMatchObject({ failure: 'denied', underWay });
    expect(ill?.orders?.samples.at(-1)).toMatchObject({ failed: 2 });
    const blind = keptAfter({ ...(ill && { before: ill }), view: { restarts: figures.restarts } })?.orders;
    expect(blind).toMatchObject({ failure: 'denied', underWay });
    const mended = keptAfter({ ...(ill && { before: ill }) })?.orders;
    expect([mended?.failure, mended?.underWay]).toEqual([undefined, undefined]);
  });

  it('has the time of the newest snapshot that Flink named, also when it names it no more', () => {
    const named = (...times: readonly number[]) => ({
      [jobId]: known({
        completed: 3,
        snapshots: times.map((atMs) => ({ kind: 'checkpoint' as const, path: `s3://b/${atMs}`, id: 1, atMs })),
      }),
    });
    const first = keptAfter({ view: { ...figures, checkpoints: named(5, 9, 7) } });
    expect(first?.orders?.newestMs).toBe(9);
    expect(keptAfter({ ...(first && { before: first }) })?.orders?.newestMs).toBe(9);
    expect(keptAfter({})?.orders).not.toHaveProperty('newestMs');
  });

  it('has root causes where its manifest wants them told: not what was thrown long before, nor what checkpoints made it throw', () => {
    const thrown = (ageMs: number, more: object = {}, health: Job['health'] = { exceptions: 'tell' }) => {
      const exceptions = { [jobId]: known({ atMs: t0 + minute - ageMs, cause: 'x', ...more }) };
      return keptAfter({ job: { health: health ?? {} }, view: { ...figures, exceptions } })?.orders?.causes;
    };
    const { causeWithinMs } = defaults.health;
    expect(thrown(1)).toMatchObject([{ text: 'x', firstMs: t0 + minute }]);
    expect(thrown(1, {}, {})).toBeUndefined();
    expect(thrown(causeWithinMs - 1)).toHaveLength(1);
    expect(thrown(causeWithinMs)).toBeUndefined();
    expect(thrown(1, { byCheckpoints: true })).toBeUndefined();
  });

  it('a root cause stays while it is the newest exception, and is no newer for being seen again', () => {
    const job = { health: { exceptions: 'tell' } } as const;
    const exceptions = { [jobId]: known({ atMs: t0, cause: 'x' }) };
    const first = keptAfter({ job, view: { ...figures, exceptions } });
    const again = keptAfter({
      job,
      ...(first && { before: first }),
      view: { ...figures, exceptions },
      nowMs: t0 + 3 * minute,
    });
    expect(again?.orders?.causes).toEqual(first?.orders?.causes);
    const quiet = keptAfter({ job, ...(first && { before: first }), nowMs: t0 + 3 * minute });
    expect(quiet?.orders?.causes).toEqual(first?.orders?.causes);
  });

  it('an exception is new when Flink’s time of it is another one; when it was seen is by our own clock', () => {
    const withException = (atMs: number, seenBefore?: Samples, nowMs = t0 + minute) => {
      const exceptions = { [jobId]: known({ atMs, cause: 'x' }) };
      return keptAfter({ ...(seenBefore && { before: seenBefore }), view: { ...figures, exceptions }, nowMs });
    };
    const first = withException(1);
    expect(first?.orders?.exception).toEqual({ atMs: 1, cause: 'x', seenMs: t0 + minute });
    expect(withException(1, first, t0 + 2 * minute)?.orders?.exception?.seenMs).toBe(t0 + minute);
    expect(withException(2, first, t0 + 2 * minute)?.orders?.exception?.seenMs).toBe(t0 + 2 * minute);
    expect(keptAfter({ ...(first && { before: first }) })?.orders?.exception).toEqual(first?.orders?.exception);
  });
});
