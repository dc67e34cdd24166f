import type { Stage } from '../stage.ts';
import type { Restored } from '../truth.ts';
import { sharesOf } from '../usual.ts';

/** The snapshot that a submission names, as Flink finds it: what the job begins from, or why it is refused, which burns its id. */
export const openSource = ({ sim, snapshots, profile }: Stage, path: string): Source => {
  const { odd } = sharesOf({ profile });
  const found = snapshots.under(path, sim.time.nowMs()).find((each) => each.path === path);
  if (found?.complete !== true) return { refusal: 'SNAPSHOT_UNREADABLE' };
  const fits = snapshots.fits(path, () => sim.phase === 'calm' || !sim.random.chance(odd));
  return fits ? { restored: { restored: { path, id: found.id } } } : { refusal: 'STATE_INCOMPATIBLE' };
};

type Source = {
  readonly refusal?: string;
  readonly restored?: { readonly restored: Restored };
};
