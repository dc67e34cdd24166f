import type { Timeline } from '../../local/show/timeline.ts';
import type { World } from '../../local/world.ts';
import { thisMachine } from '../machine.ts';
import { type Arms, createArms } from './arms.ts';
import { prepare } from './prepare.ts';
import { type Pair, type Report, ratioOf, type Sample, summarize } from './report.ts';

/**
 * Measures the start of a job on a real Flink inside a local world: pairs of one sample with a bare loop and one with
 * the autopilot, and some with the shell method, each on a JobManager and a TaskManager of its own. Throws when a sample
 * does not come to its end.
 */
export const benchStart = async (options: StartOptions): Promise<Report> => {
  const { bootMs, timeline } = options;
  const machine = thisMachine();
  const { close, ...parts } = await prepare(options.world, timeline);
  const arms = createArms({ ...parts, bootMs });
  const pairs = await takePairs(arms, options);
  const shellRuns: Sample[] = [];
  for (let n = 1; n <= options.shellRuns; n++)
    shellRuns.push(await timeline.step(`shell method, ${n} of ${options.shellRuns}`, arms.shell));
  close();
  return summarize({ at: new Date().toISOString(), machine, bootMs, pairs, shellRuns });
};

/** A world in which nothing is deployed yet; whoever made it ends it. */
export type StartOptions = {
  readonly world: World;
  readonly runs: number;
  readonly shellRuns: number;
  readonly bootMs: number;
  readonly timeline: Timeline;
};

const takePairs = async (arms: Arms, { runs, timeline: { step } }: StartOptions): Promise<Pair[]> => {
  const pairs: Pair[] = [];
  for (let n = 1; n <= runs; n++) {
    const sample = <T>(arm: string, take: () => Promise<T>) => step(`pair ${n} of ${runs}, ${arm}`, take);
    // In turns, so that whatever changes on the machine meanwhile meets both alike.
    const early = n % 2 === 1 ? await sample('bare loop', arms.floor) : undefined;
    const autopilot = await sample('autopilot', arms.autopilot);
    const floor = early ?? (await sample('bare loop', arms.floor));
    pairs.push({ floor, autopilot, ratio: ratioOf(floor, autopilot) });
  }
  return pairs;
};
