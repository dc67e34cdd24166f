import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withIntent } from '../../lib/core/intent.ts';
import type { Attempt, Snapshot } from '../../lib/core/model.ts';
import { isLeft } from '../../lib/core/state/check.ts';
import { isUnderWay } from '../../lib/core/state/savepoints.ts';
import { aFlinkJob, aStatefulJob, aView, idOf, jm, look, memoryOf, observed, ranOn, t0 } from '../support/builders.ts';
import { mostly, runs, sometimes } from './arbitraries/chances.ts';
import { job, memory, memoryOfStops, orders } from './arbitraries/memories.ts';
import { observation, observationOfJobs } from './arbitraries/observations.ts';

const LAST = 3;
const homes = (n: number) => [
  `s3://state/savepoints/${idOf(n)}`,
  `s3://state/checkpoints/${idOf(n)}`,
  's3://state/savepoints',
  's3://elsewhere',
];
/** Few names, so that one snapshot is in the ledger, and what an attempt was started from. */
const snapshotOf = (n: number): fc.Arbitrary<Snapshot> =>
  fc
    .record({
      kind: mostly<Snapshot['kind']>(3, 'savepoint', 'checkpoint'),
      home: fc.nat(3),
      id: fc.integer({ min: 1, max: 6 }),
    })
    .map(({ kind, home, id }) => ({
      kind,
      path: `${homes(n)[home > 1 ? home : 0]}/${kind === 'savepoint' ? 'savepoint' : 'chk'}-${id}`,
      id,
      atMs: t0 - id,
    }));

const attemptOf = (n: number): fc.Arbitrary<Attempt> =>
  fc
    .record({
      snapshots: fc.uniqueArray(snapshotOf(n), { maxLength: 6, selector: ({ path }) => path }),
      source: sometimes(fc.integer({ min: 1, max: n }).chain(snapshotOf)),
      from: sometimes(fc.integer({ min: 1, max: n }).chain(snapshotOf), 4),
    })
    .map(({ snapshots, source, from }) =>
      ranOn(jm(n === LAST ? 1 : 9), n, {
        snapshots: snapshots.toSorted((a, b) => b.id - a.id),
        ...(n === LAST ? {} : { end: { state: 'LOST', atMs: t0 } }),
        ...(source === null ? {} : { source: { ...source, attempt: n - 1 } }),
        ...(from === null || n === LAST ? {} : { nextFrom: { kind: 'snapshot', path: from.path } }),
      }),
    );
const attempts = fc.tuple(attemptOf(1), attemptOf(2), attemptOf(LAST));
const live = observed({ views: [aView(jm(), { jobs: [aFlinkJob(idOf(LAST))] })] });

describe('a savepoint that is given up', () => {
  it('is one of our own, is no attempt’s beginning, has newer ones enough, and is given up once (I3)', () => {
    let given = 0;
    fc.assert(
      fc.property(attempts, fc.integer({ min: 1, max: 3 }), (all, keep) => {
        const on = aStatefulJob({ savepoints: { every: '1d', keep } });
        const { effect } = look({ job: on, memory: memoryOf(...all), observation: live }).decision;
        if (effect?.kind !== 'dispose') return;
        given += 1;
        const { attempt, path } = effect;
        expect(path.startsWith(`s3://state/savepoints/${attempt.jobId}/`)).toBe(true);
        const used = all.flatMap(({ source, nextFrom }) => [
          source?.path,
          nextFrom?.kind === 'snapshot' && nextFrom.path,
        ]);
        expect(used).not.toContain(path);
        const ours = all.flatMap(({ n, jobId, snapshots = [] }) =>
          snapshots
            .filter((each) => each.path.startsWith(`s3://state/savepoints/${jobId}/savepoint-`))
            .map((each) => ({ ...each, n })),
        );
        const it = ours.find((each) => each.path === path);
        const newer = ours.filter((each) => each.n > attempt.n || (each.n === attempt.n && each.id > (it?.id ?? 0)));
        expect(newer.length).toBeGreaterThanOrEqual(keep);
        const again = look({ job: on, memory: withIntent(memoryOf(...all), effect), observation: live }).decision
          .effect;
        expect(again).not.toMatchObject({ path });
      }),
      runs,
    );
    expect(given).toBeGreaterThan(runs.numRuns / 20);
  });
});

describe('what is left of an attempt', () => {
  it('holds nothing that the newest attempt runs on, was started from, or is ordered to start from', () => {
    fc.assert(
      fc.property(attempts, fc.integer({ min: 0, max: LAST + 1 }), (all, n) => {
        const path = `s3://state/checkpoints/${idOf(n)}`;
        if (!isLeft(aStatefulJob(), memoryOf(...all), path)) return;
        const newest = all.at(-1);
        const needed = [
          newest?.source?.path,
          ...all.map(({ nextFrom }) => (nextFrom?.kind === 'snapshot' ? nextFrom.path : undefined)),
        ];
        expect(n).toBeLessThan(LAST);
        expect(needed.filter((each) => each?.includes(idOf(n)))).toEqual([]);
        const own = newest?.snapshots?.some((each) => each.kind === 'checkpoint' && each.path.includes(idOf(LAST)));
        expect(own).toBe(true);
      }),
      runs,
    );
  });
});

describe('an ordered end and a savepoint', () => {
  it.each([
    ['any memory', memory, observation],
    ['many that are to end', memoryOfStops, observationOfJobs],
  ])('are never under way together: %s', (_, before, seen) => {
    fc.assert(
      fc.property(job, before, seen, orders, (on, remembered, world, given) => {
        const { memory: after, decision } = look({ job: on, memory: remembered, observation: world, orders: given });
        const { effect } = decision;
        const all = effect === undefined ? after : withIntent(after, effect);
        for (const { stop, savepoint } of all.attempts) expect(stop !== undefined && isUnderWay(savepoint)).toBe(false);
      }),
      runs,
    );
  });
});
