import { describe, expect, it } from 'vitest';
import { defaults } from '../../../../lib/core/defaults.ts';
import { causeId, causesOf, withCause } from '../../../../lib/core/health/exceptions.ts';
import { t0 } from '../../../support/builders.ts';
import { keptOf, minute, samplesOf } from './samples.ts';

const withinMs = defaults.health.causeWithinMs;
const limits = { withinMs };
const thrown = (cause: string) => ({ atMs: 1, cause });
const threw = (...causes: readonly string[]) =>
  causes.reduce<ReturnType<typeof withCause>>(
    (known, cause, index) => withCause(known, thrown(cause), limits, t0 + index),
    [],
  );

describe('two root causes are one', () => {
  it.each([
    ['numbers', 'record 6 fails', 'record 1234 fails'],
    ['ids', 'attempt 0123abcd of task 7b99-1 is gone', 'attempt fedc9876 of task 8b99-1 is gone'],
    ['ids of other lengths', 'job 0123456789ab fails', 'job fedcba987654 fails'],
    ['UUIDs', 'at flink-web-7e57d004-2b97-0e7a-b45f-5387367791cd', 'at flink-web-00000000-2b97-4e7a-b45f-0387367791ff'],
    ['addresses', '10.0.1.23:40121 is lost', '10.12.0.4:9 is lost'],
  ])('where they differ in %s alone', (_, first, second) => {
    expect(causeId(first)).toBe(causeId(second));
    expect(threw(first, second)).toHaveLength(1);
  });

  it('and not where a word differs; an id is eight digits, which an incident’s key can hold', () => {
    expect(causeId('java.io.IOException: no')).not.toBe(causeId('java.io.IOException: on'));
    expect(causeId('task 0123abcd-add fails')).not.toBe(causeId('task 0123abcd-bed fails'));
    expect(causeId('vertex1 fails')).not.toBe(causeId('vertex fails'));
    expect(causeId('java.io.IOException: no')).toMatch(/^[0-9a-f]{8}$/);
    expect(causeId('')).toBe('811c9dc5');
  });

  it('the text is the first one’s, and the time of the last is kept', () => {
    expect(threw('record 6 fails', 'record 7 fails')).toEqual([
      { id: causeId('record 6 fails'), text: 'record 6 fails', firstMs: t0, lastMs: t0 + 1 },
    ]);
    expect(threw('one', 'two', 'one').map(({ lastMs }) => lastMs)).toEqual([t0 + 2, t0 + 1]);
  });
});

describe('the causes that are kept', () => {
  it('are those of the window', () => {
    const [old] = threw('old');
    if (old === undefined) throw new Error('a cause was expected');
    expect(withCause([old], thrown('new'), limits, t0 + withinMs - 1)).toHaveLength(2);
    expect(withCause([old], thrown('new'), limits, t0 + withinMs).map(({ text }) => text)).toEqual(['new']);
    expect(withCause(undefined, thrown('new'), limits, t0)).toHaveLength(1);
  });

  it('are few: of a job that throws something else each time the first ones', () => {
    const letters = [...'abcdefgh'].map((letter) => `cause ${letter}`);
    expect(threw(...letters).map(({ text }) => text)).toEqual(letters.slice(0, defaults.health.causesMax));
    expect(threw(...letters, 'cause a')[0]?.lastMs).toBe(t0 + letters.length);
  });
});

describe('what is told of them', () => {
  const causes = threw('java.io.IOException: no');
  const told = (samples = samplesOf(1), nowMs = t0) => causesOf(keptOf(samples, { causes }), limits, nowMs);

  it('is nothing without the word of the manifest', () => {
    expect(causesOf(keptOf(samplesOf(1), { causes }), undefined, t0)).toEqual([]);
  });

  it('is each cause for as long as its window', () => {
    const at = (ms: number) =>
      told(
        samplesOf(1, () => ({ atMs: ms })),
        ms,
      );
    expect(at(t0 + withinMs - 1)).toEqual(causes);
    expect(at(t0 + withinMs)).toEqual([]);
    expect(causesOf(keptOf(samplesOf(1)), limits, t0)).toEqual([]);
  });

  it('is not known without a look of now, nor while not all tasks run', () => {
    expect(causesOf(undefined, limits, t0)).toBeUndefined();
    expect(told(samplesOf(1), t0 + defaults.health.freshMs)).toEqual(causes);
    expect(told(samplesOf(1), t0 + defaults.health.freshMs + 1)).toBeUndefined();
    expect(told(samplesOf(1, () => ({ allRun: false })))).toBeUndefined();
    expect(told(samplesOf(2, (n) => ({ allRun: n === 1, atMs: t0 - minute * (1 - n) })))).toEqual(causes);
  });
});
