import { join } from 'node:path';
import { PROJECT } from '../local/deploy/deploy.ts';
import { END_SIGNALS } from '../local/process/end-signals.ts';
import { watchNpm } from '../local/process/watch-npm.ts';
import { createTimeline, type Timeline } from '../local/show/timeline.ts';
import { FolderInUse, startWorld, type World } from '../local/world.ts';
import { benchCold } from './cold/cold.ts';
import { coldTable } from './cold/table.ts';
import { benchMemory } from './memory/memory.ts';
import { memoryTable } from './memory/table.ts';
import { type Options, readOptions, USAGE } from './options.ts';
import { benchRecover } from './recover/recover.ts';
import { recoverTable } from './recover/table.ts';
import { benchStart } from './start/start.ts';
import { startTable } from './start/table.ts';
import { tickTable } from './tick/table.ts';
import { benchTick } from './tick/tick.ts';

/** `npm run bench`: the result goes to stdout, progress to stderr; 1 when a target is missed. */
const main = async (ending: Ending): Promise<number> => {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) {
    console.error(USAGE);
    return 2;
  }
  const timeline = createTimeline(process.stderr, () => performance.now());
  endOnSignals(timeline, ending);
  try {
    const { report, text } = await measure(options, timeline, ending);
    console.log(options.json ? JSON.stringify(report) : text);
    return report.met ? 0 : 1;
  } catch (error) {
    if (ending.code === undefined) timeline.fail(error instanceof Error ? error.message : String(error));
    return error instanceof FolderInUse ? 2 : 1;
  } finally {
    timeline.close();
    await end(ending);
  }
};

type Measured = { readonly report: { readonly met: boolean }; readonly text: string };

const measure = async (options: Options, timeline: Timeline, ending: Ending): Promise<Measured> => {
  switch (options.benchmark) {
    case 'recover': {
      const world = await ownWorld(timeline, ending);
      const report = await benchRecover({ ...options, world, timeline });
      return { report, text: recoverTable(report) };
    }
    case 'start': {
      const world = await ownWorld(timeline, ending);
      const report = await benchStart({ ...options, world, timeline });
      return { report, text: startTable(report) };
    }
    case 'cold': {
      const report = await stoppable(ending, (signal) => benchCold({ ...options, timeline, signal }));
      return { report, text: coldTable(report) };
    }
    case 'tick': {
      const report = await stoppable(ending, (signal) => benchTick({ ...options, timeline, signal }));
      return { report, text: tickTable(report) };
    }
    case 'memory': {
      const report = await stoppable(ending, (signal) => benchMemory({ ...options, timeline, signal }));
      return { report, text: memoryTable(report) };
    }
  }
};

/** A world of its own, made by the same deploy of the example and of the autopilot as in `npm start`. */
const ownWorld = async (timeline: Timeline, ending: Ending): Promise<World> => {
  const world = await startWorld({ dir: FOLDER, report: timeline.progress });
  ending.stop = world.stop;
  return world;
};

const FOLDER = join(PROJECT, '.local', 'bench');

/** `stop` ends what was started; `code` is that of the signal that asked for it. */
type Ending = { stop?: () => Promise<void>; ended?: Promise<void> | undefined; code?: number };

const stoppable = <T>(ending: Ending, work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
  const abort = new AbortController();
  const working = work(abort.signal);
  ending.stop = async () => {
    abort.abort();
    await working.catch(() => {}); // it clears up behind itself
  };
  return working;
};

const endOnSignals = (timeline: Timeline, ending: Ending): void => {
  watchNpm(() => process.exit(END_SIGNALS.SIGTERM)); // at once: the world's guardian clears up behind us
  for (const [signal, code] of Object.entries(END_SIGNALS)) {
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
  ending.ended ??= ending.stop?.();
  return ending.ended;
};

const ending: Ending = {};
const code = await main(ending);
process.exit(ending.code ?? code);
