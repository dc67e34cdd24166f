import type { FaultKind, Profile, Rates } from './profiles.ts';
import type { Invocation, Sim } from './sim.ts';
import type { World } from './world/world.ts';

/**
 * Draws what becomes of a call; each kind comes more or less often as the seed says, or not at all. Trouble seldom comes
 * alone: the world may be struck as well.
 */
export const createDraw = (sim: Sim, profile: Profile, world: World) => {
  const { time, random } = sim;
  const scales = kinds.map(() => random.pick(0, 1, 1, 3));
  const byName = new Map<string, readonly Share[]>();
  const sharesOf = (name: string): readonly Share[] => {
    const known = byName.get(name);
    if (known !== undefined) return known;
    const port = name.slice(0, name.indexOf('.'));
    const drawn = shares(profile.faults[name] ?? profile.faults[port] ?? profile.faults.other, scales);
    byName.set(name, drawn);
    return drawn;
  };
  return (by: Invocation, name: string): FaultKind | undefined => {
    if (sim.phase !== 'trouble' || by.idle) return undefined;
    const drawn = random.next();
    const all = sharesOf(name);
    // Nothing becomes of most calls.
    if (drawn >= (all.at(-1)?.below ?? 0)) return undefined;
    const kind = all.find(({ below }) => drawn < below)?.kind;
    if (kind === undefined) return undefined;
    sim.faults += 1;
    by.faults += 1;
    sim.trace?.(by.name, `${name}: ${kind}`);
    if (random.chance(0.2)) time.at(time.nowMs() + random.between(0, 5_000), world.strike);
    if (kind === 'crash') by.dead = true;
    if (kind === 'freeze') freeze(sim, by);
    return kind;
  };
};

const kinds = [
  'lost',
  'reply lost',
  'late',
  'stale',
  'error',
  'freeze',
  'crash',
  'slow',
] as const satisfies readonly FaultKind[];

type Share = { readonly kind: FaultKind; readonly below: number };

const shares = (rates: Rates, scales: readonly number[]): readonly Share[] => {
  let below = 0;
  return kinds.flatMap((kind, index) => {
    const rate = (rates[kind] ?? 0) * (scales[index] ?? 1);
    below += rate;
    return rate === 0 ? [] : [{ kind, below }];
  });
};

/** For a moment, or past the lease; it may wake with its clock set back. */
const freeze = ({ time, random }: Sim, by: Invocation): void => {
  by.frozenUntilMs = time.nowMs() + random.pick(random.between(1_000, 15_000), random.between(15_000, 100_000));
  if (random.chance(0.5)) by.skewMs -= random.between(0, CLOCK_BACK_MAX_MS);
  by.disturbed = true;
};

const CLOCK_BACK_MAX_MS = 3_000;
