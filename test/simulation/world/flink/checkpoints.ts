import { Fault } from '../../../../lib/core/errors.ts';
import type { CheckpointConfig, Checkpoints } from '../../../../lib/core/model.ts';
import type { Stage } from '../stage.ts';
import type { TrueSnapshot } from '../truth.ts';
import { type Process, STALE_MS, stateOf } from './process.ts';

/** `/jobs/:id/checkpoints` of one process, which may be as old as all that Flink tells by id. */
export const checkpointsOf = ({ sim, snapshots }: Stage, process: Process, jobId: string): Checkpoints => {
  known(stateOf(process, jobId, sim.time.nowMs()));
  const told = snapshots.toldOf(jobId, sim.time.nowMs() - STALE_MS);
  if (told === undefined) return { completed: 0, snapshots: [] };
  const { completed, seen, restored, ...stalled } = told;
  return {
    ...stalled,
    completed,
    snapshots: seen.map(toldAs).toReversed(),
    ...(restored === undefined ? {} : { restored: { path: restored.path, id: restored.id } }),
  };
};

/** `/jobs/:id/checkpoints/config`: not before its job is initialised. */
export const checkpointConfigOf = ({ sim, snapshots }: Stage, process: Process, jobId: string): CheckpointConfig => {
  const state = stateOf(process, jobId, sim.time.nowMs());
  known(state);
  if (state === 'INITIALIZING') throw new Fault('transient', 'FLINK_FAILED', 'the job is initialised');
  const retention = snapshots.retentionOf(process.jobs.get(jobId)?.lineage);
  // What somebody else brought keeps no state: it takes none.
  const interval = snapshots.takes(jobId) ? { intervalMs: INTERVAL_MS } : {};
  return { ...CONFIG, ...interval, retention };
};

const INTERVAL_MS = 10_000;

const CONFIG: Omit<CheckpointConfig, 'retention' | 'intervalMs'> = {
  timeoutMs: 600_000,
  toleratedFailures: 0,
  inMemory: false,
  unaligned: false,
};

const toldAs = ({ path, kind, id, atMs, stops }: TrueSnapshot): Checkpoints['snapshots'][number] => ({
  kind,
  path,
  id,
  atMs,
  ...(stops ? { stopped: true as const } : {}),
});

const known = (state: string): void => {
  if (state === 'absent') throw new Fault('rejected', 'JOB_UNKNOWN', 'Flink does not know the job');
};
