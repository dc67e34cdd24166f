import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import explained from '../survivors.json' with { type: 'json' };
import { forgetSurvivors } from './forget.ts';
import { judge } from './judge.ts';
import { INCREMENTAL_FILE, optionsFor } from './options.ts';

/** `npm run mutate [-- FILE… --concurrency N --force]`: of lib/core all, or these files. Without `--force` what did not change is not run again. */
const { values, positionals } = parseArgs({
  options: { concurrency: { type: 'string', default: '1' }, force: { type: 'boolean', default: false } },
  allowPositionals: true,
});
forgetSurvivors(INCREMENTAL_FILE);
const names = positionals.map((name) => `${basename(name, '.ts')}.ts`);
const files = names.map((name) => `lib/core/**/${name}`);
const mutants = await new Stryker(
  optionsFor(files, { concurrency: Number(values.concurrency), force: values.force }),
).runMutationTest();

// What an earlier run came to is in the results, too.
const asked = mutants.filter(({ fileName }) => names.length === 0 || names.includes(basename(fileName)));
const { lines, problems } = judge(asked, explained, (file) => readFileSync(file, 'utf8'));
console.log(lines.join('\n'));
for (const text of problems) console.error(text);
process.exitCode = problems.length === 0 ? 0 : 1;
