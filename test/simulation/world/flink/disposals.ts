import { note } from '../notes.ts';
import { later, type Stage } from '../stage.ts';
import type { Reached } from './reach.ts';

/** A savepoint is to go: Flink reads its metadata, and deletes it some time later, unless its process ends before, or it cannot. */
export const askDisposal = (stage: Stage, { process }: Reached, path: string): void => {
  const { sim, snapshots, notes } = stage;
  const invocation = sim.caller;
  later(stage, 20, 20_000, () => {
    const nowMs = sim.time.nowMs();
    const gone = snapshots.under(path, nowMs).filter((each) => each.path === path && each.complete);
    const fails = sim.phase === 'trouble' && sim.random.chance(FAILS);
    if (process.endedMs !== undefined || gone.length === 0 || fails) return;
    snapshots.lose(path, 'whole');
    note(notes, 'deletions', { atMs: nowMs, how: 'disposal', path, invocation, gone });
    sim.trace?.('flink', `${path} is deleted`);
  });
};

const FAILS = 0.2;
