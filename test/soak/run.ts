import { installEmulator } from '../../local/install/emulator.ts';
import { endOnSignals } from '../../local/process/end-signals.ts';
import { createTimeline } from '../../local/show/timeline.ts';
import { FolderInUse } from '../../local/world.ts';
import { FLINK_VARIABLE } from '../e2e/support/flink.ts';
import { tallyLine } from '../e2e/tally.ts';
import { readOptions, SEED_MAX, USAGE } from './options.ts';
import { soak } from './soak.ts';

/** `npm run soak`: each promise and the tally go to stdout, progress to stderr. Whatever ends it, the guardian ends what it started. */
const main = async (): Promise<number> => {
  const options = readOptions(process.argv.slice(2));
  if (typeof options === 'string') {
    console.error(`${options}\n${USAGE}`);
    return 2;
  }
  endOnSignals();
  process.env[FLINK_VARIABLE] = options.flink;
  const { minutes, jobManagers, seed = Math.floor(Math.random() * SEED_MAX) } = options;
  const timeline = createTimeline(process.stderr, () => performance.now());
  timeline.mark(`seed ${seed}, ${minutes} min of trouble, Flink ${options.flink}, ${jobManagers} JobManager(s)`);
  try {
    await installEmulator(timeline.progress);
    const judgements = await soak({ minutes, seed, jobManagers, timeline });
    for (const { promise, broken } of judgements)
      console.log([`${broken.length === 0 ? '✓' : '✗'} ${promise}`, ...broken.map((text) => `    ${text}`)].join('\n'));
    const failed = judgements.filter(({ broken }) => broken.length > 0).length;
    if (failed > 0)
      console.log(
        `again: npm run soak -- --minutes ${minutes} --seed ${seed} --jobmanagers ${jobManagers} --flink ${options.flink}`,
      );
    console.log(tallyLine({ passed: judgements.length - failed, failed }));
    return failed === 0 ? 0 : 1;
  } catch (error) {
    timeline.fail(error instanceof Error ? error.message : String(error));
    console.log(tallyLine({ passed: 0, failed: 1 }));
    return error instanceof FolderInUse ? 2 : 1;
  } finally {
    timeline.close();
  }
};

process.exit(await main());
