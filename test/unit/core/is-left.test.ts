import { describe, expect, it } from 'vitest';
import { isLeft } from '../../../lib/core/state/check.ts';
import { aCheckpoint, jm, memoryOf, ranOn, t0 } from '../../support/builders.ts';
import { dir, job, lost, memory, newest, startedEmpty, unheard } from './left.ts';

describe('what nothing needs any more', () => {
  it('is the directory of an earlier attempt that has ended, also one that is on record no more', () => {
    expect(isLeft(job, memory(), dir(1))).toBe(true);
    expect(isLeft(job, memoryOf(lost(2), newest()), dir(1))).toBe(true);
    expect(isLeft(job, memoryOf(lost(2), newest()), `${dir(1)}/`)).toBe(true);
  });

  it('is that of one of which nobody ever heard, once each process that it went to has ended', () => {
    expect(isLeft(job, memoryOf(unheard(true), lost(2), newest()), dir(1))).toBe(true);
  });

  it('is any of them where a person ordered that it starts empty: no file of another became its own', () => {
    const empty = startedEmpty({ spec: { ...job, claimMode: 'CLAIM' } });
    const ordered = memoryOf(lost(1), lost(2, { nextFrom: { kind: 'empty' } }), empty);
    expect([1, 2].map((n) => isLeft(job, ordered, dir(n)))).toEqual([true, true]);
  });

  it.each<[string, ReturnType<typeof memoryOf>, string]>([
    ['of the newest attempt', memory(), dir(3)],
    ['of one that is still to come', memory(), dir(4)],
    ['that the newest was started from', memory(), dir(2)],
    [
      'of the number of what the newest was started from, which an adopted job had, too',
      memory({ source: { ...aCheckpoint(42, 2), path: `s3://state/checkpoints/${'f'.repeat(32)}/chk-42` } }),
      dir(2),
    ],
    [
      'that holds what the newest was started from, a savepoint of a later one',
      memory({ source: { ...aCheckpoint(42, 2), path: `${dir(1)}/savepoint-1` } }),
      dir(1),
    ],
    ['that is newer than what the newest was started from', memory({ source: aCheckpoint(40, 1) }), dir(2)],
    ['of any, where it was started empty without an order', memoryOf(lost(1), lost(2), startedEmpty()), dir(1)],
    [
      'that is newer than the order to start empty',
      memoryOf(lost(1, { nextFrom: { kind: 'empty' } }), lost(2), startedEmpty()),
      dir(2),
    ],
    [
      'that is older than the order to start from a snapshot of others',
      memoryOf(lost(1), lost(2, { nextFrom: { kind: 'snapshot', path: 's3://x/chk-1' } }), startedEmpty()),
      dir(1),
    ],
    ['that Flink says it began from', memory({ restored: { path: `${dir(1)}/chk-42`, id: 42 } }), dir(1)],
    [
      'that a person ordered to start from',
      memoryOf(lost(1), lost(2, { nextFrom: { kind: 'snapshot', path: `${dir(1)}/chk-9` } }), newest()),
      dir(1),
    ],
    ['of an attempt that may still run', memoryOf(ranOn(jm(9), 1), lost(2), newest()), dir(1)],
    ['of one of which nobody has heard yet', memoryOf(unheard(false), lost(2), newest()), dir(1)],
    ['of one that was seen', memoryOf({ ...unheard(true), sightedOn: jm(9) }, lost(2), newest()), dir(1)],
    ['of another job', memory(), `s3://state/checkpoints/${'f'.repeat(32)}`],
    ['of an id that is none', memory(), `${dir(1).slice(0, -16)}zzzzzzzzzzzzzzzz`],
    ['above all ids', memory(), 's3://state/checkpoints'],
    ['below an id', memory(), `${dir(1)}/shared`],
    ['of any, before there is a checkpoint of its own', memory({ snapshots: [aCheckpoint(42, 2)] }), dir(1)],
    ['of any, with a savepoint alone', memory({ snapshots: [{ ...aCheckpoint(43, 3), kind: 'savepoint' }] }), dir(1)],
    ['of any, whose files became its own (CLAIM)', memory({ spec: { ...job, claimMode: 'CLAIM' } }), dir(1)],
    ['of any, after its end', memory({ end: { state: 'FAILED', atMs: t0 } }), dir(1)],
    ['of any, where nothing is known', memoryOf(), dir(1)],
  ])('is not the directory %s', (_, all, path) => {
    expect(isLeft(job, all, path)).toBe(false);
  });
});
