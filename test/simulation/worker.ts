import { parentPort, workerData } from 'node:worker_threads';
import { removeGuard } from './guard-patch.ts';
import type { Guard } from './guards/guard.ts';
import { kindsOutOf, usualWithout } from './kinds.ts';
import { profileOf } from './profiles.ts';
import { createProgress } from './progress.ts';
import type { Result } from './simulate.ts';

/** What a worker is to do. All workers draw from the same list, by a count that they share. */
export type Task = {
  readonly worker: number;
  readonly seeds: readonly Draw[] | { readonly from: number; readonly count: number };
  readonly profile: string;
  readonly guard?: Guard;
  /** The usual profile, in each run without some kinds of fault, strike and deed, which its seed draws. */
  readonly isThinned?: boolean;
  readonly shared: SharedArrayBuffer;
};

/** One run: a seed of a profile. */
export type Draw = { readonly seed: number; readonly profile: string };

/** What it says: first what it judges by, then what each run came to, many at once. */
export type Word =
  | { readonly kind: 'judges'; readonly invariants: readonly string[]; readonly states: readonly string[] }
  | { readonly kind: 'ran'; readonly results: readonly Result[] };

const work = async ({ worker, seeds, profile, guard, isThinned, shared }: Task): Promise<void> => {
  if (guard !== undefined) removeGuard(guard);
  // Not before: these load the product.
  const { runSeeds } = await import('./run-seeds.ts');
  const { invariants, statesToReach } = await import('./judge.ts');
  const say = (word: Word): void => parentPort?.postMessage(word);
  say({ kind: 'judges', invariants, states: statesToReach });
  const progress = createProgress(shared);
  const draw = (index: number): Draw | undefined => {
    if (!('from' in seeds)) return seeds[index];
    return index < seeds.count ? { seed: seeds.from + index, profile } : undefined;
  };
  const next = () => {
    const drawn = draw(progress.take());
    progress.begin(worker, drawn?.seed);
    if (drawn === undefined) return undefined;
    const { seed, profile: named } = drawn;
    return { seed, profile: isThinned ? usualWithout(kindsOutOf(seed)) : profileOf(named) };
  };
  let results: Result[] = [];
  const flush = (): void => {
    say({ kind: 'ran', results });
    results = [];
  };
  await runSeeds(next, (result) => {
    progress.ran();
    results.push(result);
    if (results.length >= RESULTS_AT_ONCE) flush();
  });
  flush();
};

const RESULTS_AT_ONCE = 50;

await work(workerData);
