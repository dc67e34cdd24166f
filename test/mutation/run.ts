import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import explained from '../survivors.json' with { type: 'json' };
import { forgetSurvivors } from './forget.ts';
import { judge, type Mutant } from './judge.ts';
import { INCREMENTAL_FILE, optionsFor } from './options.ts';

/** Stryker keeps which test covers which mutant: of all files at once that is more than a process holds. */
const FILES_AT_ONCE = 8;

/** `npm run mutate [-- FILE… --concurrency N --force]`: of lib/core all, or these files. Without `--force` what did not change is not run again. */
const { values, positionals } = parseArgs({
  options: { concurrency: { type: 'string', default: '1' }, force: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const names = positionals.map((name) => `${basename(name, '.ts')}.ts`);
const core = readdirSync('lib/core', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
const unknown = names.filter((name) => !core.some((each) => basename(each) === name));
if (unknown.length > 0) throw new Error(`not in lib/core: ${unknown.join(', ')}`);
const files = core
  .filter((name) => names.length === 0 || names.includes(basename(name)))
  .map((name) => `lib/core/${name}`);

forgetSurvivors(INCREMENTAL_FILE);
const mutants: Mutant[] = [];
for (let from = 0; from < files.length; from += FILES_AT_ONCE) {
  const some = files.slice(from, from + FILES_AT_ONCE);
  const options = optionsFor(some, { concurrency: Number(values.concurrency), force: values.force });
  const found = await new Stryker(options).runMutationTest();
  // What an earlier run came to is in the results, too.
  mutants.push(...found.filter(({ fileName }) => some.some((file) => fileName.endsWith(file))));
}

const { lines, problems } = judge(mutants, explained, (file) => readFileSync(file, 'utf8'));
console.log(lines.join('\n'));
for (const text of problems) console.error(text);
process.exitCode = problems.length === 0 ? 0 : 1;
