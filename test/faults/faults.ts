import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What can go wrong, by number, and the tests that show what must hold then, or the issue that owes them. */
export type FaultEntry = {
  /** F01 … F132. */
  readonly id: string;
  /** When → what must hold. */
  readonly title: string;
  readonly tests?: readonly FaultTest[];
  /** What the tests guard: each of these lines, when it is deleted, turns at least one of them red. */
  readonly lines?: readonly GuardedLine[];
  /** What shows it in the simulation as well: a guard without which runs turn red, a state that runs have to reach. */
  readonly simulation?: { readonly guard?: string; readonly sometimes?: string };
  /** The issue that owes it, or what is not built of it yet. */
  readonly owedBy?: number;
};

/** `name`: a part of the full names of one or more tests of the file. */
export type FaultTest = { readonly file: string; readonly name: string };

/** `text` occurs once in the file; the line that holds it is deleted, or `instead` takes the text's place where nothing would parse. */
export type GuardedLine = { readonly file: string; readonly text: string; readonly instead?: string };

export const CHECKOUT = join(import.meta.dirname, '../..');

/** The whole list. */
export const readFaults = (): readonly FaultEntry[] =>
  JSON.parse(readFileSync(join(CHECKOUT, 'test/faults.json'), 'utf8'));

/** How many faults the catalogue has. */
export const FAULTS = 132;

/** Tests that run without a real Flink. */
export const runnable = ({ tests = [] }: FaultEntry): readonly FaultTest[] =>
  tests.filter(({ file }) => !file.startsWith('test/e2e/'));

/** What is wrong with the list, by what can be read: one sentence each. */
export const problemsOf = (faults: readonly FaultEntry[], read: (file: string) => string): readonly string[] => [
  ...gapsIn(faults.map(({ id }) => id)),
  ...faults.flatMap((fault) => entryProblems(fault).map((text) => `${fault.id}: ${text}`)),
  ...faults.flatMap((fault) => referenceProblems(fault, read).map((text) => `${fault.id}: ${text}`)),
];

const gapsIn = (ids: readonly string[]): readonly string[] => {
  const wanted = Array.from({ length: FAULTS }, (_, index) => `F${String(index + 1).padStart(2, '0')}`);
  return ids.join() === wanted.join() ? [] : [`the list is not F01 … F${FAULTS} in their order, each once`];
};

const entryProblems = (fault: FaultEntry): readonly string[] => {
  const { id, tests = [], lines = [], owedBy } = fault;
  const nameless = tests.filter(({ name }) => !new RegExp(`\\b${id}\\b`).test(name));
  return [
    ...(tests.length === 0 && owedBy === undefined ? ['has neither tests nor an issue that owes it'] : []),
    ...(tests.length > 0 && lines.length === 0 ? ['has tests, but no line that they guard'] : []),
    ...(lines.length > 0 && runnable(fault).length === 0 ? ['has a guarded line, but only tests on a real Flink'] : []),
    // The name that a run reports has the row's values in it.
    ...tests.filter(({ name }) => /%\w|\$\w/.test(name)).map(({ name }) => `a placeholder is in the name "${name}"`),
    ...nameless.map(({ name }) => `its number is not in the test's name "${name}"`),
  ];
};

const referenceProblems = (
  { tests = [], lines = [] }: FaultEntry,
  read: (file: string) => string,
): readonly string[] => [
  ...tests
    .filter(({ file, name }) => !namesIn(file, read).includes(name))
    .map((test) => `no test "${test.name}" in ${test.file}`),
  ...lines
    .map(({ file, text }) => ({ file, text, count: read(file).split(text).length - 1 }))
    .filter(({ count }) => count !== 1)
    .map(({ file, text, count }) => `${count} times in ${file}: ${text}`),
];

/** The text of a file and of the contract's suites that it runs, where a name may stand in another quote. */
const namesIn = (file: string, read: (file: string) => string): string => {
  const files = [file];
  for (const each of files)
    for (const [, path = ''] of read(each).matchAll(/ from '(\.[^']+)'/g)) {
      const imported = join(dirname(each), path);
      if (imported.startsWith('test/contract/suites/') && !files.includes(imported)) files.push(imported);
    }
  return files.map(read).join('\n').replaceAll("\\'", "'");
};
