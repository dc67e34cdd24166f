import { checkers, lastCheckers } from './checkers/all.ts';
import type { Run } from './checkers/checker.ts';
import { broke } from './sim.ts';
import { states, statesOf } from './sometimes.ts';

/** Asks all checkers whenever something changed, and at the end which states were reached. */
export const createJudge = (run: Run) => {
  const { sim, world } = run;
  let asked = Object.entries(checkers).map(([name, make]) => ({ name, checks: make(run) }));
  let version = -1;
  const look = (): void => {
    const now = world.version();
    if (now === version) return;
    version = now;
    for (const { name, checks } of asked)
      for (const { reads, read, ask } of checks) {
        const how = reads !== undefined && reads.length === read ? undefined : ask();
        if (how === undefined) continue;
        broke(sim, name, how);
        // Its first breach is enough.
        asked = asked.filter((each) => each.name !== name);
        break;
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
