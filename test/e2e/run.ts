import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installEmulator } from '../../local/install/emulator.ts';
import {
  DEFAULT_FLINK,
  FLINK_VERSIONS,
  type FlinkVersion,
  flinkVersion,
  installFlink,
} from '../../local/install/flink.ts';
import { installJava } from '../../local/install/java.ts';
import { installS3Plugins } from '../../local/install/s3-plugins.ts';
import { endOnSignals } from '../../local/process/end-signals.ts';
import { runGuarded } from '../../local/process/run-guarded.ts';
import { createTimeline } from '../../local/show/timeline.ts';
import { forgetRecordings } from './fidelity/recording.ts';
import { FLINK_VARIABLE } from './support/flink.ts';
import { tally, tallyLine } from './tally.ts';

const USAGE = `Usage: npm run e2e [-- [--all] [--flink VERSION] [NAME…]]
  --all             also the tests that take longer (test/e2e/more)
  --flink VERSION   on ${FLINK_VERSIONS.join(' or ')} (default ${DEFAULT_FLINK})
  NAME              only files whose name holds NAME`;

/** `npm run e2e`: the tests on a real Flink, one file after another. The last line is \`N passed, N failed\`. Whatever ends it, its tests end, too. */
const main = async (): Promise<number> => {
  const options = readOptions(process.argv.slice(2));
  if (typeof options === 'string') {
    console.error(`${options}\n${USAGE}\nFiles: ${testFiles(true).join(' ')}`);
    return 2;
  }
  const { flink, files } = options;
  endOnSignals();
  await install(flink);
  rmSync(REPORT, { force: true });
  mkdirSync(FOLDER, { recursive: true });
  forgetRecordings();
  const code = await runGuarded(process.execPath, [VITEST, 'run', ...OPTIONS, ...files, JUDGEMENT], {
    cwd: ROOT,
    env: { ...process.env, [FLINK_VARIABLE]: flink, E2E_WHOLE: String(isWhole(files)) },
  });
  const { passed, failed } = tally([REPORT]);
  // An end that no test tells of is a failure, too.
  const sum = { passed, failed: failed === 0 && code !== 0 ? 1 : failed };
  console.log(tallyLine(sum));
  return sum.failed === 0 ? 0 : 1;
};

/** Before the first test, whose time is limited: downloads may be slow. */
const install = async (flink: FlinkVersion): Promise<void> => {
  const timeline = createTimeline(process.stderr, () => performance.now());
  await installEmulator(timeline.progress);
  // The default one too: the sample's jar is compiled against it.
  for (const version of new Set([flink, DEFAULT_FLINK])) await installFlink(version, timeline.progress);
  const [{ home }, { java }] = await Promise.all([
    installFlink(flink, timeline.progress),
    installJava(timeline.progress),
  ]);
  await installS3Plugins(flink, { home, java }, timeline.progress);
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

type Options = { readonly flink: FlinkVersion; readonly files: readonly string[] };

/** All files of the short set run, so what the set as a whole has to show can be judged. */
const isWhole = (files: readonly string[]): boolean => testFiles(false).every((file) => files.includes(file));

/** What was asked for, or what is wrong with it. */
const readOptions = (args: readonly string[]): Options | string => {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTION_TYPES, allowPositionals: true });
    const flink = flinkVersion(values.flink);
    if (flink === undefined) return `There is no Flink ${values.flink} here.`;
    const files = chosen(positionals, values.all);
    return files.length === 0 ? 'No file has such a name.' : { flink, files };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

const OPTION_TYPES = {
  all: { type: 'boolean', default: false },
  flink: { type: 'string', default: DEFAULT_FLINK },
} as const;

const chosen = (names: readonly string[], all: boolean): readonly string[] => {
  // Who names a file means it, wherever it lies.
  const files = testFiles(all || names.length > 0);
  return names.length === 0 ? files : files.filter((file) => names.some((name) => file.includes(name)));
};

const testFiles = (all: boolean): readonly string[] =>
  ['.', 'watcher', ...(all ? ['more'] : [])].flatMap((folder) =>
    readdirSync(join(import.meta.dirname, folder))
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => join('test/e2e', folder, name)),
  );

process.exitCode = await main();
