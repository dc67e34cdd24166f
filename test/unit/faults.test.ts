import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHECKOUT, type FaultEntry, problemsOf, readFaults } from '../faults/faults.ts';
import { withoutLine } from '../faults/scratch.ts';
import { guards } from '../simulation/guards.ts';
import { states } from '../simulation/sometimes.ts';

const read = (file: string): string => readFileSync(join(CHECKOUT, file), 'utf8');
const faults = readFaults();

describe('the list of faults', () => {
  it('has each of them once, with tests that are there and lines that they guard, or the issue that owes it', () => {
    expect(problemsOf(faults, read)).toEqual([]);
  });

  it('is summed up in the guarantees', () => {
    const page = read('docs/guarantees.md');
    const ids = (some: readonly FaultEntry[]): string => some.map(({ id }) => id).join(', ');
    const [shown, others] = [faults.filter(({ tests }) => tests), faults.filter(({ tests }) => tests === undefined)];
    expect(page).toContain(`${shown.length} of ${faults.length} faults are shown`);
    const met = faults.filter(({ simulation }) => simulation).length;
    expect(page).toContain(`${met} of them are met in the simulation as well`);
    for (const [issue, owed] of Map.groupBy(others, ({ owedBy }) => owedBy))
      expect(page).toContain(`| ${ids(owed)} | ${ids(shown.filter(({ owedBy }) => owedBy === issue))} |`);
  });

  it('names guards and states of the simulation that are there, beside tests', () => {
    const guardNames = new Set(guards.map(({ name }) => name));
    const wrong = faults.filter(({ simulation, tests }) => {
      if (simulation === undefined) return false;
      const { guard, sometimes } = simulation;
      const isThere =
        (guard === undefined || guardNames.has(guard)) && (sometimes === undefined || Object.hasOwn(states, sometimes));
      return tests === undefined || !isThere || (guard ?? sometimes) === undefined;
    });
    expect(wrong).toEqual([]);
  });

  it('says what must hold of each', () => {
    expect(faults.filter(({ title }) => !title.includes(' → '))).toEqual([]);
  });

  /** The whole list with one entry changed. */
  const listWith = (changes: Partial<FaultEntry>): readonly FaultEntry[] =>
    faults.map((fault) => (fault.id === 'F01' ? { id: 'F01', title: 'a → b', ...changes } : fault));
  const test = { file: 'test/unit/faults.test.ts', name: 'this very text (F01)' };
  const line = { file: 'test/unit/faults.test.ts', text: 'occurs here and nowhere else' };

  it.each<[string, Partial<FaultEntry>, string]>([
    ['another number', { id: 'F133', owedBy: 6 }, 'the list is not F01 … F132 in their order, each once'],
    ['nothing', {}, 'F01: has neither tests nor an issue that owes it'],
    ['no line', { tests: [test] }, 'F01: has tests, but no line that they guard'],
    ['a line alone', { lines: [line], owedBy: 6 }, 'F01: has a guarded line, but only tests on a real Flink'],
    [
      'no such test',
      { tests: [{ ...test, name: `(F01) ${'x'.repeat(9)}` }], lines: [line] },
      'F01: no test "(F01) xxx',
    ],
    [
      'its number nowhere',
      { tests: [{ ...test, name: 'no such' }], lines: [line] },
      "F01: its number is not in the test's",
    ],
    ['a row’s name', { tests: [{ ...test, name: 'refuses %s (F01)' }], lines: [line] }, 'F01: a placeholder is in'],
    ['no such line', { tests: [test], lines: [{ ...line, text: 'x'.repeat(9) }] }, 'F01: 0 times in test/unit/faults'],
    ['a line twice', { tests: [test], lines: [{ ...line, text: 'F01' }] }, 'times in test/unit/faults.test.ts: F01'],
  ])('refuses an entry with %s', (_, changes, problem) => {
    expect(problemsOf(listWith(changes), read).join('\n')).toContain(problem);
  });
});

describe('a line that is taken away', () => {
  const text = 'one\n  two(\n    three,\n  )\nfour\n';

  it.each([
    ['goes whole', { text: 'three' }, 'one\n  two(\n  )\nfour\n'],
    ['goes with those that the text spans', { text: 'two(\n    three,\n  )' }, 'one\nfour\n'],
    ['may be another instead', { text: 'three', instead: '3' }, 'one\n  two(\n    3,\n  )\nfour\n'],
    ['that is not there takes nothing with it', { text: 'five' }, text],
  ])('%s', (_, line, rest) => {
    expect(withoutLine(text, { file: 'a.ts', ...line })).toBe(rest);
  });
});
