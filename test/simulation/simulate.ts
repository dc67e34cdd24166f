import { setImmediate } from 'node:timers/promises';
import { checkers, lastCheckers } from './checkers/all.ts';
import type { Run } from './checkers/checker.ts';
import { CONVERGES_MS, notConverged } from './checkers/converges.ts';
import { createGate } from './gate.ts';
import { invoke } from './invocations.ts';
import type { Profile } from './profiles.ts';
import { broke, createSim, type Sim } from './sim.ts';
import { type State, states } from './sometimes.ts';
import { createWorld } from './world/create-world.ts';

export type Result = Pick<Sim, 'seed' | 'broken' | 'portCalls' | 'faults'> & {
  readonly sometimes: readonly string[];
  readonly virtualMs: number;
  readonly jobs: number;
};

/**
 * One seeded run of the production code: trouble, then calm until all is as it should be or the time for that is over.
 * Everything is checked after every step that changed something. `lines` takes the timeline.
 */
export const simulate = async (seed: number, profile: Profile, lines?: string[]): Promise<Result> => {
  const sim = createSim(seed, lines);
  const { time, random } = sim;
  const world = createWorld(sim, profile);
  const gate = createGate(sim, profile, world);
  const startMs = time.nowMs();
  const calmMs = startMs + random.between(180_000, 600_000);
  /** Events and ticks come late, twice or not at all; in the calm they come. */
  const ring = (p: number, kind: 'event' | 'tick'): void => {
    for (const chance of sim.phase === 'calm' ? [1] : [p, 0.3])
      if (random.chance(chance))
        time.at(time.nowMs() + random.between(0, 20_000), () => invoke(sim, gate, world, kind));
  };
  let quiet = 0;
  const tick = (): void => {
    if (sim.phase !== 'calm' && time.nowMs() >= calmMs) {
      sim.phase = 'calm';
      world.calm();
    }
    ring(0.9, 'tick');
    quiet = sim.phase === 'calm' && notConverged({ sim, world }) === undefined ? quiet + 1 : 0;
    time.at(time.nowMs() + 60_000, tick);
  };
  world.onChange(() => ring(0.7, 'event'));
  world.start();
  tick();
  const judge = createJudge({ sim, world });
  while (quiet < 3 && time.nowMs() < calmMs + CONVERGES_MS) {
    time.step();
    await setImmediate(); // All microtasks are done.
    judge.look();
  }
  if (quiet < 3) broke(sim, 'I10', notConverged({ sim, world }) ?? 'not for three minutes');
  if (Object.keys(sim.broken).length === 0)
    for (const [name, check] of Object.entries(lastCheckers)) {
      const how = await check({ sim, world });
      if (how !== undefined) broke(sim, name, how);
    }
  const jobs = world.clusters().flatMap((cluster) => cluster.jobs).length;
  const { broken, portCalls, faults } = sim;
  return { seed, broken, portCalls, faults, sometimes: judge.seen, virtualMs: time.nowMs() - startMs, jobs };
};

/** Asks all checkers, and which states were reached, whenever something changed. */
const createJudge = (run: Run) => {
  const { sim, world } = run;
  const asked = Object.entries(checkers).map(([name, make]) => ({ name, check: make(run) }));
  let unseen: readonly (readonly [string, State])[] = Object.entries(states);
  const seen: string[] = [];
  let version = -1;
  const look = (): void => {
    if (world.version() === version) return;
    version = world.version();
    for (const { name, check } of asked) {
      const how = check();
      if (how !== undefined) broke(sim, name, how);
    }
    const reached = unseen.filter(([, isSo]) => isSo(run));
    if (reached.length === 0) return;
    seen.push(...reached.map(([name]) => name));
    unseen = unseen.filter((each) => !reached.includes(each));
  };
  return { look, seen };
};
