import type { Sim } from '../sim.ts';
import type { World } from '../world/world.ts';

/** A run as those see it who judge it. */
export type Run = { readonly sim: Sim; readonly world: World };

/**
 * Made once a run, so that it may keep how far it has read; what it returns is asked after every step that changed
 * `world.version()`, and says how the invariant is broken.
 */
export type Checker = (run: Run) => () => string | undefined;
