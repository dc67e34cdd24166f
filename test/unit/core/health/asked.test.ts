import { describe, expect, it } from 'vitest';
import { defaults } from '../../../../lib/core/defaults.ts';
import { dueForSample, isExplained, type Samples } from '../../../../lib/core/health/samples.ts';
import type { Job } from '../../../../lib/core/model.ts';
import { aCluster, aFlinkJob, aJob, anAttempt, idOf, known, memoryOf, t0, unknown } from '../../../support/builders.ts';
import { keptOf, minute, samplesOf } from './samples.ts';

const jobId = idOf();
const before = { orders: keptOf(samplesOf(2)) };

describe('a look asks for the figures', () => {
  const due = (samples: Samples | undefined, state = 'RUNNING', nowMs = t0, job: Partial<Job> = {}) =>
    dueForSample(aCluster([aJob(job)]), { orders: memoryOf(anAttempt()) }, samples, [aFlinkJob(jobId, state)], nowMs);

  it('of a live job, once in a while', () => {
    expect(due(undefined)).toEqual([jobId]);
    expect(due(before, 'RESTARTING', t0 + defaults.health.sampleEveryMs)).toEqual([jobId]);
    expect(due(before, 'RUNNING', t0 + defaults.health.sampleEveryMs - 1)).toEqual([]);
    expect(due({ orders: { ...before.orders, jobId: idOf(2) } })).toEqual([jobId]);
  });

  it.each(['FINISHED', 'CANCELED', 'FAILED'])('never of one that is %s', (state) => {
    expect(due(undefined, state)).toEqual([]);
  });

  it('nor of one that is switched off', () => {
    expect(due(undefined, 'RUNNING', t0, { enabled: false })).toEqual([]);
  });

  it('of many: so many at once, those first that were looked at longest ago', () => {
    const names = Array.from({ length: defaults.health.samplesAtOnceMax + 2 }, (_, n) => `job-${n}`);
    const jobs = names.map((name) => aJob({ name }));
    const memories = Object.fromEntries(names.map((name) => [name, memoryOf(anAttempt(1, { jobId: idOf(1, name) }))]));
    const listed = names.map((name) => aFlinkJob(idOf(1, name)));
    const [first = '', second = ''] = names;
    const samples = {
      [first]: { ...keptOf(samplesOf(1)), jobId: idOf(1, first) },
      [second]: { ...keptOf(samplesOf(1, () => ({ atMs: t0 - 1 }))), jobId: idOf(1, second) },
    };
    const asked = dueForSample(aCluster(jobs), memories, samples, listed, t0 + minute);
    expect(asked).toEqual(names.slice(2).map((name) => idOf(1, name)));
    const fewer = dueForSample(aCluster(jobs.slice(0, 3)), memories, samples, listed, t0 + minute);
    expect(fewer).toEqual([names[2], second, first].map((name) => idOf(1, name)));
  });
});

describe('exceptions are asked for', () => {
  const checkpoints = known({ completed: 1, snapshots: [] });
  const failing = known({ completed: 1, snapshots: [], failing: { inRow: 1, because: 'x' } });
  const kept = keptOf(samplesOf(2, () => ({ restarts: 3 })));
  const gap = { ...kept, samples: [...kept.samples, { atMs: t0, allRun: true }] };
  it.each<[string, boolean, Parameters<typeof isExplained>]>([
    ['not of a job that is well', false, [kept, aFlinkJob(jobId), known(3), checkpoints]],
    ['where it was restarted since', true, [kept, aFlinkJob(jobId), known(4), checkpoints]],
    ['where it was restarted before the first look', true, [undefined, aFlinkJob(jobId), known(1), checkpoints]],
    ['where a checkpoint failed', true, [kept, aFlinkJob(jobId), known(3), failing]],
    ['where not all tasks run', true, [kept, aFlinkJob(jobId, 'RESTARTING'), known(3), checkpoints]],
    ['not where nothing else is known', false, [kept, aFlinkJob(jobId), unknown(), unknown()]],
    ['not where nothing was asked', false, [kept, aFlinkJob(jobId), undefined, undefined]],
    ['not of a job that nobody lists', false, [kept, undefined, known(3), checkpoints]],
    [
      'not where the count of before is older than the last look',
      false,
      [gap, aFlinkJob(jobId), known(3), checkpoints],
    ],
  ])('%s', (_, expected, given) => {
    expect(isExplained(...given)).toBe(expected);
  });
});
