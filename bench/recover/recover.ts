import type { Timeline } from '../../local/show/timeline.ts';
import type { World } from '../../local/world.ts';
import { thisMachine } from '../machine.ts';
import { prepare } from '../start/prepare.ts';
import { type Arms, createArms } from './arms.ts';
import { type Report, type Round, summarize } from './report.ts';

/**
 * Measures how long a job whose JobManager is killed takes until it runs again with its state, on a real Flink inside a local
 * world: by the autopilot, and by a bare script that knows the snapshot beforehand. Throws when a sample does not come to its
 * end, or a job does not go on from its newest checkpoint.
 */
export const benchRecover = async ({ world, runs, timeline }: RecoverOptions): Promise<Report> => {
  if (world.state.kind !== 's3')
    throw new Error("State lies in a folder here: Flink's plugin for S3 could not be fetched.");
  const machine = thisMachine();
  const { close, ...parts } = await prepare(world, timeline);
  const rounds = await takeRounds(createArms({ world, ...parts }), runs, timeline);
  close();
  return summarize({ at: new Date().toISOString(), machine, rounds });
};

/** A world in which nothing is deployed yet; whoever made it ends it. */
export type RecoverOptions = { readonly world: World; readonly runs: number; readonly timeline: Timeline };

const takeRounds = async (arms: Arms, runs: number, { step }: Timeline): Promise<Round[]> => {
  const rounds: Round[] = [];
  for (let n = 1; n <= runs; n++) {
    const sample = <T>(arm: string, take: () => Promise<T>) => step(`round ${n} of ${runs}, ${arm}`, take);
    // In turns, so that whatever changes on the machine meanwhile meets both alike.
    const early = n % 2 === 1 ? await sample('bare script', arms.script) : undefined;
    const autopilot = await sample('autopilot', arms.autopilot);
    rounds.push({ script: early ?? (await sample('bare script', arms.script)), autopilot });
  }
  return rounds;
};
