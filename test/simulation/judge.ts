import { checkers } from './checkers/all.ts';
import type { Run } from './checkers/checker.ts';
import { broke } from './sim.ts';
import { type State, states } from './sometimes.ts';

/** Asks all checkers, and which states were reached, whenever something changed. */
export const createJudge = (run: Run) => {
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

/** By what name a breach is counted: those of the checkers, and what a run itself notices. */
export const invariants: readonly string[] = [...new Set([...Object.keys(checkers), 'I9', 'I10', 'throws', 'bounded'])];

/** What any large set of runs has to reach. */
export const statesToReach: readonly string[] = Object.keys(states);
