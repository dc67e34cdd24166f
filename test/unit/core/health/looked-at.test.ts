import { describe, expect, it } from 'vitest';
import { defaults } from '../../../../lib/core/defaults.ts';
import { limitsOf } from '../../../../lib/core/health/limits.ts';
import { sampled } from '../../../../lib/core/health/sampled.ts';
import type { JobSamples, Sample } from '../../../../lib/core/health/samples.ts';
import { stillOf } from '../../../../lib/core/health/still.ts';
import type { FlinkView, Observation } from '../../../../lib/core/model.ts';
import { aFlinkJob, aView, idOf, jm, known, observed, ranOn, t0, unknown } from '../../../support/builders.ts';
import { keptOf, samplesOf } from './samples.ts';

const jobId = idOf();
const limits = limitsOf({ health: { output: { prefix: 's3://b/o', within: '30m' } } });

type Given = {
  readonly before?: JobSamples;
  readonly view?: Partial<FlinkView>;
  readonly observation?: Partial<Observation>;
  readonly of?: typeof limits;
};
const sampledAt = ({ before, view = {}, observation, of = limits }: Given) => {
  const seen = { ...aView(jm(), { jobs: [aFlinkJob(jobId)] }), restarts: { [jobId]: known(2) }, ...view };
  return sampled(before, 'orders', ranOn(jm()), { ...observed({ views: [seen] }), ...observation }, of, t0);
};

describe('the first look at a job', () => {
  it('that could not see its checkpoints keeps nothing of them', () => {
    expect(sampledAt({ view: { checkpoints: { [jobId]: unknown() } } })).toStrictEqual({
      jobId,
      samples: [{ atMs: t0, allRun: true, restarts: 2 }],
    });
  });

  it('at its output keeps what could be told, or why nothing could', () => {
    const outputs = { orders: known({ path: 's3://b/o/part-1', atMs: t0 - 1 }) };
    const flows = { [jobId]: known({ atMs: t0, vertices: [], records: 7 }) };
    expect(sampledAt({ observation: { outputs }, view: { flows } })?.output).toMatchObject({ records: 7 });
    expect(sampledAt({ observation: { outputs } })?.output).toMatchObject({ unseen: expect.any(String) });
  });

  it('keeps nothing of an output of which its manifest says nothing (any more)', () => {
    const outputs = { orders: unknown('denied') };
    expect(sampledAt({ observation: { outputs }, of: limitsOf({}) })).not.toHaveProperty('output');
  });
});

describe('samples', () => {
  it.each([
    [limits.restarts.withinMs + defaults.health.sampleEveryMs, 2],
    [limits.restarts.withinMs + defaults.health.sampleEveryMs + 1, 1],
  ])('of %d ms ago are kept or not: %d are left with the new one', (ageMs, count) => {
    const before = keptOf(samplesOf(1, () => ({ atMs: t0 - ageMs })));
    expect(sampledAt({ before })?.samples).toHaveLength(count);
  });
});

describe('what does not change of a job of which not all tasks run', () => {
  const seen = aFlinkJob(jobId, 'RESTARTING', { tasksRunning: 0 });
  const sample = (changes: Partial<Sample> = {}): Sample => ({ atMs: t0, allRun: false, restarts: 1, ...changes });
  const keptAgo = (ageMs: number): JobSamples => ({
    jobId,
    samples: [sample({ atMs: t0 - ageMs })],
    still: { as: 'RESTARTING 0/2, restarted 1 times', sinceMs: 7 },
  });
  const { freshMs } = defaults.health;

  it('goes on from look to look, as long as these follow each other', () => {
    expect(stillOf(keptAgo(freshMs), seen, sample())).toEqual(keptAgo(0).still);
    expect(stillOf(keptAgo(freshMs + 1), seen, sample())?.sinceMs).toBe(t0);
    expect(stillOf({ ...keptAgo(0), samples: [] }, seen, sample())?.sinceMs).toBe(t0);
    expect(stillOf(undefined, seen, sample())?.sinceMs).toBe(t0);
    expect(stillOf(keptAgo(0), seen, sample({ allRun: true }))).toBeUndefined();
  });

  it('is said to be restarted nobody knows how often where that was not to be had', () => {
    const { restarts: _, ...unsaid } = sample();
    expect(stillOf(undefined, seen, unsaid)?.as).toBe('RESTARTING 0/2, restarted ? times');
  });
});

describe('the limits of a job', () => {
  it('have no key of what its manifest does not say, nor for a time that nobody can read', () => {
    expect(limitsOf({}).checkpoints).toStrictEqual({
      failures: defaults.health.checkpointFailuresMax,
      looks: defaults.health.checkpointLooks,
    });
    expect(limitsOf({ health: { output: { prefix: 's3://b/o', within: 'soon' } } })).not.toHaveProperty('output');
    expect(limits.output).toEqual({ prefix: 's3://b/o', withinMs: 1_800_000 });
  });
});
