import { lineageOf } from './checkers/sender.ts';
import { isRestoreRefused } from './checkers/usable.ts';
import { anyAttempt, anyIncident, anyPost, anyRestore, type State } from './state.ts';
import { ofSavepoints } from './states-of-savepoints.ts';

/** Of state, and what it is restored from. */
export const ofState = {
  ...ofSavepoints,
  'a job goes on from a checkpoint': anyRestore(({ from }) => from.includes('/chk-')),
  'a job goes on from the savepoint that ended it': anyRestore(({ from }, { world }) =>
    world.truth.triggers.some(({ path }) => path === from),
  ),
  // What is restored has none of its own yet.
  'the same snapshot once more': anyRestore(({ from, copy }, { world }) =>
    world.truth.starts.some(({ restored, copy: { jobId } }) => restored?.path === from && jobId !== copy.jobId),
  ),
  'a job goes on from an older snapshot': anyIncident('RESTORED_OLDER'),
  'a job goes on after its table was lost': anyRestore(
    ({ from, copy: { cluster, lineage } }, { world }) =>
      from.includes(lineage) &&
      world.truth.losses.some((loss) => loss.cluster === cluster) &&
      !Object.values(world.store.memory(cluster).jobs).some(({ attempts }) =>
        attempts.some(({ jobId }) => from.includes(jobId)),
      ),
  ),
  'Flink refuses a snapshot': anyPost(isRestoreRefused),
  'a job starts empty, as a person said': anyAttempt(({ nextFrom }) => nextFrom?.kind === 'empty'),
  'a job starts from what a person named': anyRestore(({ from, copy: { cluster, lineage } }, { world }) =>
    Object.values(world.store.memory(cluster).jobs).some(({ attempts }) =>
      attempts.some(
        ({ jobId, nextFrom }) =>
          lineageOf(jobId) === lineage && nextFrom?.kind === 'snapshot' && nextFrom.path === from,
      ),
    ),
  ),
  'a job starts empty, because nothing is left': anyIncident('STARTED_EMPTY'),
  'the metadata of a snapshot lost': ({ world }) => world.truth.lostSnapshots.some(({ how }) => how !== 'whole'),
  'all snapshots of a job lost': ({ world }) => world.truth.lostSnapshots.some(({ how }) => how === 'whole'),
  'the snapshots cannot be read': ({ world }) => world.truth.outages.some(({ port }) => port === 'snapshots'),
} satisfies Readonly<Record<string, State>>;
