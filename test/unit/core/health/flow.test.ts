import { describe, expect, it } from 'vitest';
import { defaults } from '../../../../lib/core/defaults.ts';
import type { JobFlow } from '../../../../lib/core/health/figures.ts';
import { dueForFlow, type Flow, withFlow } from '../../../../lib/core/health/flow.ts';
import { limitsOf } from '../../../../lib/core/health/limits.ts';
import type { JobSamples, Sample } from '../../../../lib/core/health/samples.ts';
import type { Attempt, Job } from '../../../../lib/core/model.ts';
import { aCluster, aJob, anAttempt, idOf, memoryOf, t0 } from '../../../support/builders.ts';
import { keptOf, minute, samplesOf } from './samples.ts';

const every = 5 * minute;
const limits = limitsOf({});
const sample = (atMs: number, allRun = true): Sample => ({ atMs, allRun });
const vertex = (name: string, pressuredMs: number, busyMs?: number, parallelism = 1) => ({
  name,
  parallelism,
  pressuredMs,
  ...(busyMs === undefined ? {} : { busyMs }),
});
/** By Flink's clock, which is another one. */
const said = (atMs: number, ...vertices: JobFlow['vertices']): JobFlow => ({ atMs: atMs - 77, vertices });
const at = (flow: Flow | undefined): JobSamples => keptOf([], flow === undefined ? {} : { flow });
const first = withFlow(undefined, said(t0, vertex('a', 1_000, 5), vertex('b', 0, 2_000, 2)), sample(t0), limits);
const second = (a: number, b: number, ms = every) =>
  withFlow(
    at(first),
    said(t0 + ms, vertex('a', 1_000 + a, 5), vertex('b', b, 2_000 + 2 * ms, 2)),
    sample(t0 + ms),
    limits,
  );

describe('how records get through a job', () => {
  it('is a baseline at first', () => {
    expect(first).toStrictEqual({ atMs: t0, flinkMs: t0 - 77, pressuredMs: [1_000, 0], shares: [] });
    expect(withFlow(undefined, undefined, sample(t0), limits)).toBeUndefined();
  });

  it('is the part of its time that the vertex waits which waits most, over all of its tasks', () => {
    expect(second(every / 2, 0)?.shares).toEqual([{ fromMs: t0, atMs: t0 + every, percent: 50 }]);
    expect(second(0, every / 2)?.shares).toMatchObject([{ percent: 25 }]);
    expect(second(every / 2, 0)?.words).toBe('"a" waits 50 % of its time');
  });

  it('says who works most once one waits: until then that is not kept', () => {
    const waits = second(every / 2, 0);
    expect(waits?.busyMs).toEqual([5, 2_000 + 2 * every]);
    const vertices = [vertex('a', 1_000 + every, 5 + 9), vertex('b', 0, 2_000 + 3 * every)];
    const third = withFlow(at(waits), said(t0 + 2 * every, ...vertices), sample(t0 + 2 * every), limits);
    expect(third?.words).toBe('"a" waits 50 % of its time; the busiest is "b"');
    const less = [vertex('a', 1_000 + every, 5 + every), vertex('b', 0, 2_000 + 2 * every + 9)];
    const turned = withFlow(at(waits), said(t0 + 2 * every, ...less), sample(t0 + 2 * every), limits);
    expect(turned?.words).toBe('"a" waits 50 % of its time; the busiest is "a"');
    const { pressureWordsPercent } = defaults.health;
    expect(second((every * pressureWordsPercent) / 100, 0)).toHaveProperty('words');
    const quiet = second((every * (pressureWordsPercent - 1)) / 100, 0);
    expect([quiet?.words, quiet?.busyMs]).toEqual([undefined, undefined]);
  });

  it.each([
    ['goes backwards, as after a restart of its tasks', second(-1_000, 0)],
    ['jumps, as from a figure that was not collected yet', second(3 * every, 0)],
    ['is of no time', second(0, 0, 0)],
    ['is of a time before, as by another clock', second(1_000, 0, -1_000)],
    [
      'names no vertex',
      withFlow(at({ ...(first as Flow), pressuredMs: [] }), said(t0 + every), sample(t0 + every), limits),
    ],
    ['is of other vertices', withFlow(at(first), said(t0 + every, vertex('a', 2_000)), sample(t0 + every), limits)],
  ])('what %s is a new baseline', (_, flow) => {
    expect(flow?.shares).toEqual([]);
    expect(flow).not.toHaveProperty('words');
  });

  it('a figure that is a little too much is all', () => {
    expect(second(1.2 * every, 0)?.shares).toMatchObject([{ percent: 100 }]);
    expect(second(1.2 * every, 0)?.words).toContain('"a" waits 100 %');
    expect(second(2 * every, 0)?.shares).toHaveLength(1);
  });

  it('while not all tasks run there is none, and after that a new baseline', () => {
    const stopped = withFlow(at(second(every, 0)), undefined, sample(t0 + 2 * every, false), limits);
    expect(stopped).toMatchObject({ pressuredMs: [], atMs: t0 + every });
    expect(stopped?.shares).toHaveLength(1);
    const again = withFlow(
      at(stopped),
      said(t0 + 3 * every, vertex('a', 9), vertex('b', 9)),
      sample(t0 + 3 * every),
      limits,
    );
    expect(again?.shares).toHaveLength(1);
    expect(again?.pressuredMs).toEqual([9, 9]);
    expect(withFlow(undefined, undefined, sample(t0, false), limits)).toBeUndefined();
  });

  it('is kept as long where only its output is watched: for two looks', () => {
    const watched = limitsOf({ health: { backPressure: 'off', output: { prefix: 's3://b/o', within: '30m' } } });
    const keepMs = 2 * defaults.health.flowEveryMs;
    const kept = (ageMs: number) => ({
      ...(first as Flow),
      shares: [{ fromMs: 0, atMs: t0 + every - ageMs, percent: 1 }],
    });
    const left = (ageMs: number) => withFlow(at(kept(ageMs)), said(t0 + every), sample(t0 + every), watched)?.shares;
    expect([left(keepMs - 1)?.length, left(keepMs)?.length]).toEqual([1, 0]);
  });

  it('a look that did not ask, or got no figures, changes nothing', () => {
    expect(withFlow(at(first), undefined, sample(t0 + every), limits)).toBe(first);
  });

  it('is bounded by the window, by a number, and so are vertices and their names', () => {
    const shares = Array.from({ length: 200 }, (_, n) => ({ fromMs: t0 + n - 1, atMs: t0 + n, percent: 1 }));
    const long = { ...(first as Flow), shares };
    expect(
      withFlow(at(long), said(t0 + every, vertex('a', 1_001), vertex('b', 1)), sample(t0 + every), limits)?.shares,
    ).toHaveLength(defaults.health.sharesMax);
    const keepMs = defaults.health.pressureWithinMs + 2 * defaults.health.flowEveryMs;
    const old = { ...(first as Flow), shares: [{ fromMs: 0, atMs: t0 + every - keepMs, percent: 1 }] };
    expect(withFlow(at(old), said(t0 + every), sample(t0 + every), limits)?.shares).toEqual([]);
    const kept = { ...(first as Flow), shares: [{ fromMs: 0, atMs: t0 + every - keepMs + 1, percent: 1 }] };
    expect(withFlow(at(kept), said(t0 + every), sample(t0 + every), limits)?.shares).toHaveLength(1);
    const many = Array.from({ length: 60 }, (_, n) => vertex('x'.repeat(200), n));
    const wide = withFlow(undefined, said(t0, ...many), sample(t0), limits);
    expect(wide?.pressuredMs).toHaveLength(defaults.health.verticesMax);
    const waiting = many.map((each) => ({ ...each, pressuredMs: each.pressuredMs + every }));
    const next = withFlow(at(wide), said(t0 + every, ...waiting), sample(t0 + every), limits);
    expect(next?.words?.length).toBeLessThan(2 * defaults.health.vertexNameMax + 60);
  });
});

describe('it is asked for', () => {
  type Given = {
    readonly job?: Partial<Job>;
    readonly attempt?: Partial<Attempt>;
    readonly kept?: Partial<JobSamples>;
  };
  const due = ({ job = {}, attempt = {}, kept = {} }: Given, nowMs = t0 + minute) =>
    dueForFlow(
      aCluster([aJob(job)]),
      { jobs: { orders: memoryOf(anAttempt(1, attempt)) }, samples: { orders: keptOf(samplesOf(1), kept) } },
      nowMs,
    );
  const flow = { ...(first as Flow), atMs: t0 };
  const { flowEveryMs, sampleEveryMs } = defaults.health;

  it('with the other figures, once in five looks', () => {
    expect(due({})).toEqual([idOf()]);
    expect(due({}, t0 + sampleEveryMs - 1)).toEqual([]);
    expect(due({}, t0 + sampleEveryMs)).toEqual([idOf()]);
    expect(due({ kept: { flow } }, t0 + flowEveryMs - 1)).toEqual([]);
    expect(due({ kept: { flow } }, t0 + flowEveryMs)).toEqual([idOf()]);
  });

  const output = { prefix: 's3://b/o', within: '30m' };
  it.each<[string, boolean, Given]>([
    ['not of one that is switched off', false, { job: { enabled: false } }],
    ['not of one that has ended', false, { attempt: { end: { state: 'FINISHED', atMs: t0 } } }],
    ['not of an attempt that was not looked at yet', false, { kept: { jobId: idOf(7) } }],
    ['not where nobody wants to know', false, { job: { health: { backPressure: 'off' } } }],
    ['where its output is watched', true, { job: { health: { backPressure: 'off', output } } }],
    ['not of one that ends by itself', false, { job: { bounded: true } }],
    ['of that, where its output is watched', true, { job: { bounded: true, health: { output } } }],
  ])('%s', (_, expected, given) => {
    expect(due(given)).toEqual(expected ? [idOf()] : []);
  });

  it('of few jobs in one look, those first that were asked longest ago', () => {
    const names = Array.from({ length: defaults.health.flowsAtOnceMax + 2 }, (_, n) => `job-${n}`);
    const jobs = names.map((name) => aJob({ name }));
    const memories = Object.fromEntries(names.map((name) => [name, memoryOf(anAttempt(1, { jobId: idOf(1, name) }))]));
    const samples = Object.fromEntries(
      names.map((name, n) => [
        name,
        { ...keptOf(samplesOf(1)), jobId: idOf(1, name), ...(n < 2 ? { flow: { ...flow, atMs: t0 - n } } : {}) },
      ]),
    );
    const nowMs = t0 + flowEveryMs;
    const asked = dueForFlow(aCluster(jobs), { jobs: memories, samples }, nowMs);
    expect(asked).toEqual(names.slice(2).map((name) => idOf(1, name)));
    const fewer = dueForFlow(aCluster(jobs.slice(0, 3)), { jobs: memories, samples }, nowMs);
    expect(fewer).toEqual(['job-2', 'job-1', 'job-0'].map((name) => idOf(1, name)));
    expect(dueForFlow(aCluster(jobs), { jobs: {} }, nowMs)).toEqual([]);
    expect(dueForFlow(aCluster(jobs), { jobs: {}, samples }, nowMs)).toEqual([]);
    expect(dueForFlow(aCluster(jobs), { jobs: memories }, nowMs)).toEqual([]);
  });
});
