import type { Sim } from '../sim.ts';
import type { DeedKind } from '../world/usual.ts';
import type { World } from '../world/world.ts';

/** A run as those see it who judge it. */
export type Run = { readonly sim: Sim; readonly world: World };

/**
 * Made once a run, so that it may keep how far it has read; what it returns is asked after every step that changed
 * `world.version()`, and says how the invariant is broken.
 */
export type Checker = (run: Run) => () => string | undefined;

/** Several ways to break one invariant: the first breach that one of them finds. */
export const anyOf =
  (...checkers: readonly Checker[]): Checker =>
  (run) => {
    const checks = checkers.map((make) => make(run));
    return () => {
      for (const check of checks) {
        const how = check();
        if (how !== undefined) return how;
      }
      return undefined;
    };
  };

/** Asks about each call of these names, which change something, that was made since it was asked last, once. */
export const eachCall =
  (names: readonly string[], judge: (call: Run['sim']['calls'][number], run: Run) => string | undefined): Checker =>
  (run) => {
    let read = 0;
    return () => {
      const { effects } = run.sim;
      while (read < effects.length) {
        const call = effects[read++];
        const how = call === undefined || !names.includes(call.name) ? undefined : judge(call, run);
        if (how !== undefined) return how;
      }
      return undefined;
    };
  };

/** A person gave an order or deployed a manifest, or the store lost something: what people do on Flink or ECS asks for nothing. */
export const isNews = ({ truth }: World, cluster: string, fromMs: number, toMs: number): boolean =>
  [...truth.deeds.filter(({ what }) => words.has(what)), ...truth.losses].some(
    (each) => each.cluster === cluster && each.atMs >= fromMs && each.atMs <= toMs,
  );

const words: ReadonlySet<string> = new Set(['order', 'deployManifest'] satisfies readonly DeedKind[]);
