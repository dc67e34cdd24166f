import { checkers, lastCheckers } from './checkers/all.ts';
import type { Run } from './checkers/checker.ts';
import { broke } from './sim.ts';
import { states, statesOf } from './sometimes.ts';

/** Asks all checkers whenever something changed, and at the end which states were reached. */
export const createJudge = (run: Run) => {
  const { sim, world } = run;
  let asked = Object.entries(checkers).map(([name, make]) => ({ name, check: make(run) }));
  let version = -1;
  const look = (): void => {
    if (world.version() === version) return;
    version = world.version();
    for (const { name, check } of asked) {
      const how = check();
      if (how === undefined) continue;
      broke(sim, name, how);
      asked = asked.filter((each) => each.check !== check);
    }
  };
  return { look, seen: () => statesOf(run) };
};

/** By what name a breach is counted: those of the checkers, and what a run itself notices. */
export const invariants: readonly string[] = [
  ...new Set([...Object.keys(checkers), ...Object.keys(lastCheckers), 'I9', 'I10', 'throws', 'bounded']),
];

/** What any large set of runs has to reach. */
export const statesToReach: readonly string[] = Object.keys(states);
