import { kinds, kindsOutOf } from './kinds.ts';
import type { Result } from './simulate.ts';

/** Whether the state of a kind was reached in runs with it, and in none without, and how that is said. */
export type Shown = { readonly name: string; readonly isShown: boolean; readonly text: string };

/** Of each kind, by runs of which some kinds are out. */
export const judgeKinds = (results: readonly Pick<Result, 'seed' | 'sometimes'>[]): readonly Shown[] => {
  const runs = results.map(({ seed, sometimes }) => ({ seed, out: kindsOutOf(seed), reached: new Set(sometimes) }));
  return kinds.map(({ name, state }) => {
    const { with: having = [], without = [] } = Object.groupBy(runs, ({ out }) => (out.has(name) ? 'without' : 'with'));
    const met = having.filter(({ reached }) => reached.has(state));
    const left = without.filter(({ reached }) => reached.has(state));
    const isShown = met.length > 0 && without.length > 0 && left.length === 0;
    const seeds = left.slice(0, SEEDS_SHOWN).map(({ seed }) => ` --seed ${seed}`);
    const text =
      `${isShown ? 'ok' : 'NO'}  ${name}: ${met.length} of ${having.length} reach "${state}", ` +
      `without it ${left.length} of ${without.length}${seeds}`;
    return { name, isShown, text };
  });
};

const SEEDS_SHOWN = 3;
