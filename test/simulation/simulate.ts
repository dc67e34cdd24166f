import { lastCheckers } from './checkers/all.ts';
import type { Run } from './checkers/checker.ts';
import { CONVERGES_MS, notConverged } from './checkers/converges.ts';
import { createGate } from './gate.ts';
import { createStart } from './invocations.ts';
import { createJudge } from './judge.ts';
import { type Pace, usualPace } from './pace.ts';
import type { Profile } from './profiles.ts';
import { schedule } from './schedule.ts';
import { broke, calmMs, createSim, type Sim } from './sim.ts';
import { afterMicrotasks } from './turn.ts';
import { createWorld } from './world/create-world.ts';

/** What one run came to. */
export type Result = Pick<Sim, 'seed' | 'broken' | 'portCalls' | 'faults'> & {
  /** States that it reached. */
  readonly sometimes: readonly string[];
  readonly virtualMs: number;
  readonly jobs: number;
  readonly steps: number;
};

/**
 * One seeded run of the production code: trouble and quiet, then calm until all is as it should be or the time for that is
 * over. Everything is checked after every step that changed something. `lines` takes the timeline.
 */
export const simulate = async (seed: number, profile: Profile, lines?: string[]): Promise<Result> => {
  const { pace = usualPace } = profile;
  const sim = createSim(seed, lines, pace);
  const { time } = sim;
  const world = createWorld(sim, profile);
  const run = { sim, world };
  const startMs = time.nowMs();
  const { settledMinutes, lateMs } = schedule(
    run,
    profile,
    createStart(sim, createGate(sim, profile, world), world, pace),
  );
  const judge = createJudge(run);
  const lastMs = calmMs(sim) + CONVERGES_MS;
  let steps = 0;
  await new Promise<void>((done, failed) => {
    const next = (): void => {
      try {
        judge.look();
        const isOver = settledMinutes() >= SETTLED_MINUTES || time.nowMs() >= lastMs + lateMs();
        if (isOver || steps >= STEPS_MAX || !time.step()) {
          done();
          return;
        }
      } catch (thrown) {
        failed(thrown);
        return;
      }
      steps += 1;
      afterMicrotasks(next);
    };
    next();
  });
  await judgeEnd(run, pace, settledMinutes(), steps);
  const jobs = world.clusters().flatMap((cluster) => cluster.jobs).length;
  const { broken, portCalls, faults } = sim;
  return { seed, broken, portCalls, faults, sometimes: judge.seen(), virtualMs: time.nowMs() - startMs, jobs, steps };
};

/** As it should be for so long: it is not about to break again. */
const SETTLED_MINUTES = 2;

/** A run takes some thousand steps; one that takes more goes round in circles. */
const STEPS_MAX = 200_000;

const judgeEnd = async (run: Run, { lastLookEvery }: Pace, settledMinutes: number, steps: number): Promise<void> => {
  if (steps >= STEPS_MAX) broke(run.sim, 'bounded', `${steps} steps`);
  if (settledMinutes < SETTLED_MINUTES)
    broke(run.sim, 'I10', notConverged(run) ?? `not for ${SETTLED_MINUTES} minutes`);
  if (Object.keys(run.sim.broken).length > 0 || run.sim.seed % lastLookEvery !== 0) return;
  for (const [name, check] of Object.entries(lastCheckers)) {
    const how = await check(run);
    if (how !== undefined) broke(run.sim, name, how);
  }
};
