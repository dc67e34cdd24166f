import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { judge, type Mutant, type Survivor } from '../mutation/judge.ts';
import survivors from '../survivors.json' with { type: 'json' };

const explained: readonly Survivor[] = survivors;

describe('each survivor of test/survivors.json', () => {
  it('is still in its file', () => {
    const gone = explained.filter(({ file, was }) => !existsSync(file) || !readFileSync(file, 'utf8').includes(was));
    expect(gone).toEqual([]);
  });

  it('has its reason, and stands there once', () => {
    expect(explained.filter(({ why }) => why.trim() === '')).toEqual([]);
    expect(new Set(explained.map(({ file, was, became }) => `${file} ${was} ${became}`)).size).toBe(explained.length);
  });
});

const source = 'const limit = 3;\nexport const isOver = (n: number) =>\n  n > limit;\n';
const aMutant = (status: string, changes: Partial<Mutant> = {}): Mutant => ({
  fileName: '/sandbox/lib/core/over.ts',
  status,
  replacement: 'n >= limit',
  location: { start: { line: 3, column: 3 }, end: { line: 3, column: 12 } },
  ...changes,
});
const entry: Survivor = { file: 'lib/core/over.ts', was: 'n > limit;', became: 'n >= limit;', why: 'the same' };
const judged = (mutants: readonly Mutant[], entries: readonly Survivor[] = []) => judge(mutants, entries, () => source);
const killed = Array.from({ length: 19 }, () => aMutant('Killed'));

describe('mutants of lib/core', () => {
  it.each<[string, readonly Mutant[], readonly Survivor[], readonly RegExp[]]>([
    ['all noticed', [aMutant('Killed'), aMutant('Timeout')], [], []],
    ['one that survived and is explained', [...killed, aMutant('Survived')], [entry], []],
    ['one that survived unexplained', [...killed, aMutant('Survived')], [], [/^not explained .*"n >= limit;"/]],
    ['one that no test reaches', [...killed, aMutant('NoCoverage')], [], [/^not explained/]],
    ['one that was excluded', [...killed, aMutant('Ignored')], [], [/^not explained/]],
    ['an explanation of what is noticed', killed, [entry], [/^explained .* does not survive/]],
    ['an explanation in a file that was not mutated', killed, [{ ...entry, file: 'lib/core/other.ts' }], []],
    ['18 of 19 noticed', [...killed.slice(1), aMutant('Survived')], [entry], [/^the score is 94.74, not 95$/]],
  ])('%s', (_, mutants, entries, expected) => {
    const { problems } = judged(mutants, entries);
    expect(problems).toHaveLength(expected.length);
    for (const [index, pattern] of expected.entries()) expect(problems[index]).toMatch(pattern);
  });

  it('that span lines are told in one', () => {
    const location = { start: { line: 2, column: 23 }, end: { line: 3, column: 12 } };
    const { problems } = judged([...killed, aMutant('Survived', { location, replacement: '() =>\n  undefined' })]);
    expect(problems[0]).toContain('"became":"export const isOver = () => undefined;"');
  });

  it('have a score for each file and for all', () => {
    const { lines } = judged([...killed, aMutant('Survived'), aMutant('Killed', { fileName: 'lib/core/a.ts' })]);
    expect(lines).toEqual([
      '100.00 %  lib/core/a.ts  (1 noticed, 0 survived)',
      ' 95.00 %  lib/core/over.ts  (19 noticed, 1 survived)',
      ' 95.24 %  all  (20 noticed, 1 survived)',
    ]);
  });
});
