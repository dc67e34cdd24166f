import { type Call, effectsOf, type Sim } from '../sim.ts';
import type { DeedKind } from '../world/usual.ts';
import type { World } from '../world/world.ts';

/** A run as those see it who judge it. */
export type Run = { readonly sim: Sim; readonly world: World };

/** Made once a run, so that it may keep what it knows. */
export type Checker = (run: Run) => readonly Check[];

/** Asked after every step that changed `world.version()`; says how the invariant is broken. */
export type Check = {
  readonly ask: () => string | undefined;
  /** It is not asked before there is more of this. */
  readonly reads?: readonly unknown[];
  /** How much of that it has judged. */
  read?: number;
};

/** One that is asked whenever something changed. */
export const always =
  (make: (run: Run) => Check['ask']): Checker =>
  (run) => [{ ask: make(run) }];

/** Several ways to break one invariant: the first breach that one of them finds. */
export const anyOf =
  (...checkers: readonly Checker[]): Checker =>
  (run) =>
    checkers.flatMap((make) => make(run));

/** Asks about each line of what only grows, once. */
export const eachOf = <T>(
  run: Run,
  lines: readonly T[],
  judge: (line: T, run: Run, index: number) => string | undefined,
): readonly Check[] => {
  const check = {
    reads: lines,
    read: 0,
    ask: () => {
      for (const line of lines.slice(check.read)) {
        const how = judge(line, run, check.read++);
        if (how !== undefined) return how;
      }
      return undefined;
    },
  };
  return [check];
};

/** Asks about each call of these names, which change something, once. */
export const eachCall =
  (names: readonly string[], judge: (call: Call, run: Run) => string | undefined): Checker =>
  (run) =>
    names.flatMap((name) => eachOf(run, effectsOf(run.sim, name), judge));

/** A person gave an order or deployed a manifest, or the store lost something: what people do on Flink or ECS asks for nothing. */
export const isNews = ({ truth }: World, cluster: string, fromMs: number, toMs: number): boolean =>
  [...truth.deeds.filter(({ what }) => words.has(what)), ...truth.losses].some(
    (each) => each.cluster === cluster && each.atMs >= fromMs && each.atMs <= toMs,
  );

const words: ReadonlySet<string> = new Set(['order', 'deployManifest'] satisfies readonly DeedKind[]);
