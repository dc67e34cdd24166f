import { describe, expect, it } from 'vitest';
import type { Findings } from '../../../lib/core/changes.ts';
import { defaults } from '../../../lib/core/defaults.ts';
import type { Samples } from '../../../lib/core/health/samples.ts';
import type { JobMemory } from '../../../lib/core/model.ts';
import { anAttempt, jm, memoryOf, ranOn, t0 } from '../../support/builders.ts';
import { decision, incidentsOf, names, nothing, planned, run, sizeOf } from './planning.ts';

describe('a pass with more to write than one transaction takes', () => {
  // One item for the lease, one for the cluster's pause; a first submission is the job and its line of the audit trail.
  const fits = (defaults.transactionItemsMax - 2) / 2;
  it.each([
    [fits - 1, 0],
    [fits, 0],
    [fits + 1, 1],
    [500, 500 - fits],
  ])('of %i first submissions: defers %i jobs, their effects with them', (count, deferred) => {
    const plan = planned({ decisions: names(count).map((job) => decision(job, run(job))) });
    expect(sizeOf(plan)).toBeLessThanOrEqual(defaults.transactionItemsMax);
    expect(plan.deferred).toEqual(names(count).slice(count - deferred));
    expect(plan.effects.map(({ job }) => job)).toEqual(Object.keys(plan.jobs));
    expect(plan.effects).toHaveLength(count - deferred);
  });

  it('defers what would be too large for one, and comes to its end', () => {
    const large = '流'.repeat(90_000);
    const memories = Object.fromEntries(
      names(20).map((name) => [name, memoryOf(ranOn(jm(), 1, { flinkName: large }))]),
    );
    const decisions = names(20).map((job) => decision(job));
    let before = nothing;
    const counts = [];
    for (let passes = 0; passes < 3; passes += 1) {
      const { jobs } = planned({ memories, decisions }, before);
      expect(Buffer.byteLength(JSON.stringify(jobs))).toBeLessThanOrEqual(defaults.transactionBytesMax);
      counts.push(Object.keys(jobs).length);
      before = { ...before, jobs: { ...before.jobs, ...jobs } };
    }
    expect(counts).toEqual([11, 9, 0]);
  });

  it('comes to its end in the next ones', () => {
    let before = nothing;
    for (let passes = 0; passes < 12; passes += 1) {
      const memories: Record<string, JobMemory> = { ...before.jobs };
      const decisions = names(500).map((job) => decision(job, memories[job] === undefined ? run(job) : undefined));
      const plan = planned({ memories, decisions }, before);
      before = { jobs: { ...before.jobs, ...plan.jobs }, incidents: [], orders: [] };
    }
    expect(Object.keys(before.jobs)).toHaveLength(500);
  });

  it('of 500 incidents leaves room for the jobs', () => {
    const decisions = names(10).map((job) => decision(job, run(job)));
    const plan = planned({ incidents: incidentsOf(500), decisions });
    expect(sizeOf(plan)).toBeLessThanOrEqual(defaults.transactionItemsMax);
    expect(plan.effects).toHaveLength(10);
    expect(plan.incidents.length).toBeGreaterThan(0);
  });

  const ofJob = (name: string) => ({ id: name, job: name, what: 'release', because: 'x' });
  const ofCluster = (name: string) => ({ id: name, what: 'pause', because: 'x' });
  it.each<[string, number, Partial<Findings>]>([
    ['nothing else', 49, {}],
    ['an incident', 48, { incidents: incidentsOf(1) }],
    ['two incidents', 48, { incidents: incidentsOf(2) }],
    ['three incidents', 47, { incidents: incidentsOf(3) }],
    ['as many as there may be', 29, { incidents: incidentsOf(500) }],
    ['an order of the cluster, which has a line, too', 48, { consumed: names(1).map(ofCluster) }],
    ['five of them', 44, { consumed: names(5).map(ofCluster) }],
    ['an order for each job', 24, { consumed: names(60).map(ofJob) }],
  ])('writes beside %s %i first submissions', (_, count, findings) => {
    const plan = planned({ decisions: names(60).map((job) => decision(job, run(job))), ...findings });
    expect(Object.keys(plan.jobs)).toHaveLength(count);
    expect(sizeOf(plan) + 1).toBeLessThanOrEqual(defaults.transactionItemsMax);
  });

  it('takes a small one after one that did not fit, to the last item', () => {
    const decisions = names(49).map((job) => decision(job, run(job)));
    const memories = { small: memoryOf(ranOn(jm())) };
    const plan = planned({ decisions: [...decisions, decision('small')], memories, incidents: incidentsOf(1) });
    expect(plan.deferred).toEqual(['job-48']);
    expect(Object.keys(plan.jobs).at(-1)).toBe('small');
    expect(sizeOf(plan) + 1).toBe(defaults.transactionItemsMax);
  });

  it('counts the bytes of all that is written', () => {
    const large = (bytes: number, text: string) => memoryOf(ranOn(jm(), 1, { flinkName: text.repeat(bytes) }));
    const half = defaults.transactionBytesMax / 2;
    const written = (bytes: number, findings: Partial<Findings> = {}, text = 'x') => {
      const memories = { a: large(bytes, text), b: large(bytes, text) };
      return Object.keys(planned({ memories, decisions: [decision('a'), decision('b')], ...findings }).jobs);
    };
    const [incident] = incidentsOf(1);
    const told = incident === undefined ? [] : [{ ...incident, what: 'x'.repeat(3_000) }];
    const consumed = [{ ...ofCluster('order'), because: 'x'.repeat(3_000) }];
    const because = 'x'.repeat(3_000);
    expect(written(half - 1_500)).toEqual(['a', 'b']);
    expect(written(half)).toEqual(['a']);
    expect(written(half / 6, {}, '\u0001')).toEqual(['a']);
    expect(written(half - 1_500, { incidents: told })).toEqual(['a']);
    expect(written(half - 1_500, { consumed })).toEqual(['a']);
    expect(written(half - 1_500, { consumed: [{ ...ofJob('b'), because }] })).toEqual(['a']);
  });

  it.each<[string, Samples]>([
    ['names', { ['x'.repeat(defaults.transactionBytesMax)]: { jobId: '', samples: [] } }],
    ['figures', { a: { jobId: '', samples: Array(defaults.transactionBytesMax / 20).fill({ atMs: t0 }) } }],
  ])('counts %s, too, where next to nothing else is written', (_, samples) => {
    const plan = planned({ memories: { a: memoryOf(ranOn(jm())) }, decisions: [decision('a')], samples });
    expect(plan.deferred).toEqual(['a']);
  });
});

describe('the samples of a pass', () => {
  const changed = (count: number) => Object.fromEntries(names(count).map((job) => [job, memoryOf(anAttempt())]));
  const jobsIn = (samples?: Samples) => {
    const memories = changed(200);
    const decisions = names(200).map((job) => decision(job));
    const plan = planned({ memories, remembered: memories, decisions, ...(samples === undefined ? {} : { samples }) });
    return Object.keys(plan.jobs).length;
  };

  it('take the room of one item, and none where there are none', () => {
    expect([jobsIn(), jobsIn({})]).toEqual([defaults.transactionItemsMax - 2, defaults.transactionItemsMax - 3]);
    for (const before of [nothing, { ...nothing, samples: {} }])
      expect(planned({}, before)).not.toHaveProperty('samples');
  });
});
