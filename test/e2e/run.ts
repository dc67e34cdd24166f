import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { installEmulator } from '../../local/install/emulator.ts';
import { installFlink } from '../../local/install/flink.ts';
import { installJava } from '../../local/install/java.ts';
import { createTimeline } from '../../local/show/timeline.ts';
import { forgetRecordings } from './fidelity/recording.ts';
import { tally, tallyLine } from './tally.ts';

const USAGE = `Usage: npm run e2e [-- [--all] [NAME…]]
  --all   also the tests that take longer (test/e2e/more)
  NAME    only files whose name holds NAME`;

/** `npm run e2e`: the tests on a real Flink, one file after another. The last line is \`N passed, N failed\`. */
const main = async (): Promise<number> => {
  const words = process.argv.slice(2);
  const unknown = words.filter((word) => word.startsWith('-') && word !== '--all');
  const files = chosen(words);
  if (unknown.length > 0 || files.length === 0) {
    console.error(unknown.length > 0 ? `${unknown.join(', ')} is not understood.` : 'No file has such a name.');
    console.error(`${USAGE}\nFiles: ${testFiles(true).join(' ')}`);
    return 2;
  }
  await install();
  rmSync(REPORT, { force: true });
  mkdirSync(FOLDER, { recursive: true });
  forgetRecordings();
  const vitest = spawn(process.execPath, [VITEST, 'run', ...OPTIONS, ...files, JUDGEMENT], {
    cwd: ROOT,
    env: { ...process.env, E2E_WHOLE: String(testFiles(false).every((file) => files.includes(file))) },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = await once(vitest, 'exit');
  const { passed, failed } = tally([REPORT]);
  // An end that no test tells of is a failure, too.
  const sum = { passed, failed: failed === 0 && code !== 0 ? 1 : failed };
  console.log(tallyLine(sum));
  return sum.failed === 0 ? 0 : 1;
};

/** Before the first test, whose time is limited: downloads may be slow. */
const install = async (): Promise<void> => {
  const timeline = createTimeline(process.stderr, () => performance.now());
  await installEmulator(timeline.progress);
  await installFlink('1.20.5', timeline.progress);
  await installJava(timeline.progress);
  timeline.close();
};

const ROOT = join(import.meta.dirname, '../..');
const JUDGEMENT = 'test/e2e/fidelity/judgement.ts';
const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs');
const FOLDER = join(ROOT, '.local', 'e2e');
const REPORT = join(FOLDER, 'report.json');
const OPTIONS = [
  '--project=e2e',
  '--project=fidelity',
  '--no-file-parallelism',
  '--reporter=verbose',
  '--reporter=json',
  `--outputFile.json=${REPORT}`,
];

const chosen = (words: readonly string[]): readonly string[] => {
  const names = words.filter((word) => !word.startsWith('-'));
  // Who names a file means it, wherever it lies.
  const files = testFiles(words.includes('--all') || names.length > 0);
  return names.length === 0 ? files : files.filter((file) => names.some((name) => file.includes(name)));
};

const testFiles = (all: boolean): readonly string[] =>
  ['.', 'watcher', ...(all ? ['more'] : [])].flatMap((folder) =>
    readdirSync(join(import.meta.dirname, folder))
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => join('test/e2e', folder, name)),
  );

process.exitCode = await main();
