import type { Sim } from '../sim.ts';
import type { Notes } from './notes.ts';
import { note } from './notes.ts';

/** EventBridge: an event arrives once and soon, or is dropped, doubled, late, or overtaken by the next one. */
export const createEventBridge = (sim: Sim, notes: Notes, ring: (cluster: string) => void) => (cluster: string) => {
  const rings = sim.phase === 'calm' ? [sim.random.between(100, 2_000)] : drawRings(sim);
  const atMs = sim.time.nowMs();
  note(notes, 'events', { atMs, cluster, rings: rings.map((afterMs) => atMs + afterMs) });
  for (const afterMs of rings) sim.time.at(atMs + afterMs, () => ring(cluster));
};

const drawRings = ({ random }: Sim): readonly number[] => {
  const soonMs = random.between(100, 2_000);
  if (random.chance(0.7)) return [soonMs];
  return random.pick<readonly number[]>(
    [],
    [soonMs, random.between(100, 20_000)],
    [random.between(2_000, 20_000)],
    [random.between(20_000, 300_000)],
  );
};
