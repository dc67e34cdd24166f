import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaults } from '../../lib/core/defaults.ts';
import { healthOf } from '../../lib/core/health/judge.ts';
import { type Samples, withSamples } from '../../lib/core/health/samples.ts';
import { keyOf } from '../../lib/core/incidents.ts';
import type { FlinkView } from '../../lib/core/model.ts';
import {
  aCheckpoint,
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
} from '../support/builders.ts';
import { CHECKPOINT_CONFIG } from '../unit/pass/fake-jobmanager.ts';

const jobId = idOf();
const attempt = ranOn(jm(), 1, { checkpointing: CHECKPOINT_CONFIG });

/** What one look sees; undefined: that could not be seen. */
type Seen = {
  readonly afterMs: number;
  readonly restarts: number | undefined;
  readonly completed: number | undefined;
  readonly failed: number;
  readonly runs: boolean;
  readonly threw?: string | undefined;
  /** Undefined: it was not asked how its records flow. */
  readonly flow?: { readonly pressuredMs: number; readonly records: number } | undefined;
  /** How old the newest file is; nothing: it could not be listed. */
  readonly fileMs?: number | undefined;
};

/** Each check that its manifest may ask for is on. */
const output = { prefix: 's3://b/o', within: '30m' };
const watched = aJob({ health: { checkpointAge: '30m', exceptions: 'tell', output } });

/** What is kept after each of these looks, and what is told on it. */
const told = (looks: readonly Seen[]) => {
  let samples: Samples | undefined;
  let nowMs = t0;
  return looks.map(({ afterMs, restarts, completed, failed, runs, threw, flow, fileMs }) => {
    nowMs += afterMs;
    const failing = failed === 0 ? {} : { failing: { inRow: failed, because: 'x' } };
    const snapshots = completed === undefined ? [] : [aCheckpoint(completed, 1, { atMs: nowMs })];
    const view: FlinkView = {
      ...aView(jm(), { jobs: [aFlinkJob(jobId, 'RUNNING', { tasksRunning: runs ? 2 : 1 })] }),
      ...(threw === undefined ? {} : { exceptions: { [jobId]: known({ atMs: nowMs, cause: threw }) } }),
      ...(flow === undefined ? {} : { flows: { [jobId]: known(flowOf(flow, nowMs)) } }),
      restarts: { [jobId]: restarts === undefined ? unknown() : known(restarts) },
      checkpoints: { [jobId]: completed === undefined ? unknown() : known({ completed, snapshots, ...failing }) },
    };
    const memories = { orders: memoryOf(attempt) };
    const file = fileMs === undefined ? unknown() : known({ path: 's3://b/o/part', atMs: nowMs - fileMs });
    const seen = { ...observed({ views: [view] }), ...(flow === undefined ? {} : { outputs: { orders: file } }) };
    samples = withSamples(samples, aCluster([watched]), memories, seen, nowMs);
    return { kept: samples?.orders, health: healthOf(watched, attempt, samples?.orders, nowMs), nowMs };
  });
};

const flowOf = ({ pressuredMs, records }: NonNullable<Seen['flow']>, nowMs: number) => ({
  atMs: nowMs,
  vertices: [{ name: 'Source: x', parallelism: 1, pressuredMs }],
  records,
});

/** A minute between two looks, some minutes where one or two are missed. */
const gap = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 45_000, max: 75_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 75_000, max: 200_000 }) },
);
const sight = fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) });

/** Its counters as they are: restarts stay, checkpoints grow; a new process begins both again. */
const healthy = fc
  .array(
    fc.record({
      afterMs: gap,
      sees: sight,
      counts: sight,
      completes: fc.nat(9),
      fails: fc.nat(2),
      isAnew: fc.nat(30),
      flows: fc.boolean(),
      waits: fc.nat(80),
      lists: sight,
      fileMs: fc.nat(900_000),
    }),
    {
      maxLength: 60,
    },
  )
  .chain((looks) => fc.record({ looks: fc.constant(looks), restarts: fc.nat(1_000_000) }))
  .map(({ looks, restarts: first }) => {
    let [restarts, completed, pressuredMs, records] = [first, 1, 0, 0];
    return looks.map(({ afterMs, sees, counts, completes, fails, isAnew, flows, waits, lists, fileMs }): Seen => {
      if (isAnew === 0) [restarts, completed, pressuredMs, records] = [0, 0, 0, 0];
      pressuredMs += (afterMs * waits) / 100;
      records += afterMs;
      completed += 1 + completes;
      return {
        afterMs,
        restarts: counts ? restarts : undefined,
        completed: sees ? completed : undefined,
        failed: fails,
        runs: true,
        flow: flows ? { pressuredMs, records } : undefined,
        fileMs: lists ? fileMs : undefined,
      };
    });
  });

const anything: fc.Arbitrary<Seen> = fc.record({
  afterMs: fc.integer({ min: 0, max: 10_000_000 }),
  restarts: fc.option(fc.nat(), { nil: undefined }),
  completed: fc.option(fc.nat(), { nil: undefined }),
  failed: fc.nat(10),
  runs: fc.boolean(),
  threw: fc.option(fc.string(), { nil: undefined }),
  flow: fc.option(fc.record({ pressuredMs: fc.nat(), records: fc.nat() }), { nil: undefined }),
  fileMs: fc.option(fc.nat(100_000_000), { nil: undefined }),
});
const runs = { numRuns: 1_000 };

describe('the health of a live job', () => {
  test('one that runs opens nothing, whatever was missed, and wherever its counters begin', () => {
    fc.assert(
      fc.property(healthy, (looks) => {
        const codes = told(looks).flatMap(({ health }) => health.problems.map(({ code }) => code));
        // A listing that fails once is told when that lasts.
        expect(codes.filter((code) => code !== 'OUTPUT_UNSEEN')).toEqual([]);
      }),
      runs,
    );
  });

  test('a counter that only goes backwards is no restart loop', () => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 40 }), (looks) => {
        const backwards = looks
          .map(({ restarts }) => restarts ?? 0)
          .toSorted((a, b) => b - a)
          .map((restarts, index) => ({ ...(looks[index] as Seen), restarts }));
        const codes = told(backwards).flatMap(({ health }) => health.problems.map(({ code }) => code));
        expect(codes).not.toContain('RESTART_LOOP');
      }),
      runs,
    );
  });

  test('what is kept is bounded, in order, and read again as it is; nothing is ill and well at once', () => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 90 }), (looks) => {
        for (const { kept, health, nowMs } of told(looks)) {
          const times = kept?.samples.map(({ atMs }) => atMs) ?? [];
          expect(times.length).toBeLessThanOrEqual(defaults.health.samplesMax);
          expect(times).toEqual(times.toSorted((a, b) => a - b));
          expect(health.problems.filter(({ code }) => health.well.some((well) => well === code))).toEqual([]);
          expect(healthOf(watched, attempt, kept, nowMs)).toEqual(health);
          expect(kept?.flow?.shares.length ?? 0).toBeLessThanOrEqual(defaults.health.sharesMax);
          expect(kept?.causes?.length ?? 0).toBeLessThanOrEqual(defaults.health.causesMax);
          const keys = health.problems.map(keyOf);
          expect(keys).toEqual([...new Set(keys)]);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('a look that could see nothing changes nothing', () => {
    fc.assert(
      fc.property(fc.array(anything, { minLength: 1, maxLength: 20 }), (looks) => {
        const blind = { afterMs: 0, restarts: undefined, completed: undefined, failed: 0, runs: false };
        const [last, after] = told([...looks, blind]).slice(-2);
        expect(after?.kept).toBe(last?.kept);
        expect(after?.health).toEqual(last?.health);
      }),
      runs,
    );
  });
});
