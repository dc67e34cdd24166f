import { availableParallelism, setPriority } from 'node:os';
import { type FaultEntry, type GuardedLine, readFaults, runnable } from './faults.ts';
import { isOf, type Outcome, runTests } from './run-tests.ts';
import { createScratch, type Scratch } from './scratch.ts';

/**
 * `npm run faults [-- F27 …]`: are the tests of each fault worth something? In a copy of the checkout each line that they
 * guard is deleted, one at a time, and at least one of them has to go red. The last line is `N passed, N failed`.
 */
const main = async (): Promise<number> => {
  setPriority(NICE);
  const faults = readFaults();
  const wanted = process.argv.slice(2);
  const strangers = wanted.filter((id) => !faults.some((fault) => fault.id === id));
  if (strangers.length > 0) {
    console.error(`There is no fault ${strangers.join(', ')}. Usage: npm run faults [-- F27 …]`);
    return 2;
  }
  const asked = faults.filter(({ id }) => wanted.length === 0 || wanted.includes(id));
  for (const { id, title, tests, owedBy } of asked)
    if (tests === undefined) console.log(`owed    ${id} ${title} (issue ${owedBy})`);
  const queue = asked.filter(({ tests }) => tests !== undefined);
  const lanes = Array.from({ length: LANES }, (_, index) => createScratch(`lane-${index + 1}`));
  const [first] = lanes;
  const green = first === undefined ? [] : await runTests(first.dir, queue.flatMap(runnable));
  let failed = 0;
  const work = async (scratch: Scratch): Promise<void> => {
    for (let fault = queue.shift(); fault !== undefined; fault = queue.shift()) {
      const problems = await problemsWith(fault, scratch, green);
      if (problems.length > 0) failed += 1;
      console.log(`${problems.length === 0 ? 'shown  ' : 'FAILED '} ${fault.id} ${fault.title}`);
      for (const problem of problems) console.log(`        ${problem}`);
    }
  };
  const count = queue.length;
  await Promise.all(lanes.map(work));
  for (const lane of lanes) lane.remove();
  console.log(`${count - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
};

const NICE = 15;
/** Each is a vitest of its own. */
const LANES = Math.min(2, availableParallelism());

/** A fault is shown when its tests are green as they are, and red without any one of the lines that they guard. */
const problemsWith = async (
  fault: FaultEntry,
  scratch: Scratch,
  green: readonly Outcome[],
): Promise<readonly string[]> => {
  const tests = runnable(fault);
  const missing = tests.filter((test) => !green.some((outcome) => isOf(test, outcome)));
  const red = green.filter((outcome) => !outcome.passed && tests.some((test) => isOf(test, outcome)));
  const problems = [
    ...missing.map(({ file, name }) => `no test of ${file} is called "${name}"`),
    ...red.map(({ file, fullName }) => `red as it is: ${file} ${fullName}`),
  ];
  if (problems.length > 0) return problems;
  for (const line of fault.lines ?? []) {
    const came = await scratch.without(line, () => runTests(scratch.dir, tests));
    if (came === 'does not parse') problems.push(`${said(line)} does not parse: give it an \`instead\``);
    else if (!came.some(isNoticed)) problems.push(`${said(line)}: no test notices`);
  }
  return problems;
};

/** A name that is not there any more makes everything red, which proves nothing. */
const isNoticed = ({ passed, why }: Outcome): boolean => !passed && !/ReferenceError|is not defined/.test(why);

const said = ({ file, text }: GuardedLine): string => `${file} without "${text.trim()}"`;

process.exitCode = await main();
