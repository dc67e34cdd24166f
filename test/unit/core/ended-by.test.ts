import { describe, expect, it } from 'vitest';
import type { Attempt, EndState, Stop } from '../../../lib/core/model.ts';
import { asEnded, isEndedByOrder, stoppedByPerson } from '../../../lib/core/recorded.ts';
import { aCheckpoint, jm, ranOn, t0 } from '../../support/builders.ts';

const cancel: Stop = { how: 'cancel', order: 'restart', because: 'x' };
const sent: Stop = { ...cancel, sentMs: t0 };
const savepoint: Stop = { ...sent, how: 'savepoint' };
const ended = (state: EndState | undefined, changes: Partial<Attempt> = {}): Attempt =>
  ranOn(jm(), 1, { ...(state && { end: { state, atMs: t0 } }), ...changes });

describe('an end by order', () => {
  it.each<[EndState | undefined, Stop | undefined, boolean]>([
    ['CANCELED', undefined, false],
    ['CANCELED', cancel, true],
    ['CANCELED', savepoint, true],
    ['FINISHED', savepoint, true],
    ['FINISHED', sent, false],
    ['FAILED', sent, true],
    ['GONE', savepoint, true],
    ['FAILED', cancel, false],
    ['GONE', cancel, false],
    ['LOST', savepoint, false],
    [undefined, savepoint, false],
    [undefined, cancel, false],
  ])('%s with %o: %s', (state, stop, isIt) => {
    expect(isEndedByOrder(ended(state, stop && { stop }))).toBe(isIt);
  });

  it.each<[EndState, Stop | undefined]>([
    ['FINISHED', savepoint],
    ['CANCELED', sent],
    ['CANCELED', undefined],
  ])('will be %s with %o', (state, stop) => {
    const attempt = ended(undefined, stop && { stop });
    expect(asEnded(attempt, t0 + 1)).toEqual({ ...attempt, end: { state, atMs: t0 + 1 } });
  });
});

describe('a stop by a person', () => {
  const last = { ...aCheckpoint(7), stopped: true as const };
  const { path } = last;

  it.each<[string, Attempt, string | undefined]>([
    ['FINISHED with a savepoint that stopped it', ended('FINISHED', { snapshots: [last, aCheckpoint(6)] }), path],
    ['another one was its last', ended('FINISHED', { snapshots: [aCheckpoint(8), last] }), undefined],
    ['FINISHED without any', ended('FINISHED', { snapshots: [] }), undefined],
    ['FINISHED, and nobody saw one', ended('FINISHED'), undefined],
    ['it was ordered', ended('FINISHED', { snapshots: [last], stop: savepoint }), undefined],
    ['it ended otherwise', ended('CANCELED', { snapshots: [last] }), undefined],
    ['it has not ended', ended(undefined, { snapshots: [last] }), undefined],
  ])('left its savepoint: %s', (_, attempt, place) => {
    expect(stoppedByPerson(attempt)).toBe(place);
  });
});
