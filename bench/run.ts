import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PROJECT } from '../local/deploy/deploy.ts';
import { createTimeline, type Timeline } from '../local/show/timeline.ts';
import { FolderInUse, startWorld, type World } from '../local/world.ts';
import { benchStart } from './start.ts';
import { table } from './table.ts';

const USAGE = `Usage: npm run bench -- start [--json] [--runs N]
  start      from the start of a JobManager to its job running: the autopilot beside a bare loop
  --runs N   how many pairs of samples (1 to 99; 9 unless told)
  --json     one JSON object on stdout, with every raw sample, instead of the table`;

/** `npm run bench`: measures on a local world of its own; the result goes to stdout, progress to stderr. */
const main = async (ending: Ending): Promise<number> => {
  const options = readOptions();
  if (options === undefined) {
    console.error(USAGE);
    return 2;
  }
  const timeline = createTimeline(process.stderr, () => performance.now());
  endOnSignals(timeline, ending);
  try {
    const world = await startWorld({ dir: FOLDER, report: timeline.progress });
    ending.world = world;
    const report = await benchStart({ world, runs: options.runs, timeline });
    console.log(options.json ? JSON.stringify(report) : table(report));
    return 0;
  } catch (error) {
    timeline.fail(error instanceof Error ? error.message : String(error));
    return error instanceof FolderInUse ? 2 : 1;
  } finally {
    timeline.close();
    await end(ending);
  }
};

const FOLDER = join(PROJECT, '.local', 'bench');

type Options = { readonly runs: number; readonly json: boolean };
/** `code`: that of the signal that asked for the end. */
type Ending = { world?: World; ended?: Promise<void> | undefined; code?: number };

const readOptions = (): Options | undefined => {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { runs: { type: 'string', default: '9' }, json: { type: 'boolean', default: false } },
    });
    const isKnown = positionals.length === 1 && positionals[0] === 'start' && /^[1-9]\d?$/.test(values.runs);
    return isKnown ? { runs: Number(values.runs), json: values.json } : undefined;
  } catch {
    return undefined; // an unknown word
  }
};

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const endOnSignals = (timeline: Timeline, ending: Ending): void => {
  for (const [signal, code] of Object.entries(SIGNALS)) {
    process.on(signal, async () => {
      if (ending.code !== undefined) process.exit(code); // the world's guardian clears up behind us
      ending.code = code;
      timeline.close();
      await end(ending);
      process.exit(code);
    });
  }
};

const end = (ending: Ending): Promise<void> | undefined => {
  ending.ended ??= ending.world?.stop();
  return ending.ended;
};

const ending: Ending = {};
const code = await main(ending);
process.exit(ending.code ?? code);
