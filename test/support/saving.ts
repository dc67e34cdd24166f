import { defaults } from '../../lib/core/defaults.ts';
import type { Attempt, Observation, Savepoint, SavepointStatus, Snapshot } from '../../lib/core/model.ts';
import { aFlinkJob, aStatefulJob, aView, idOf, jm, look, memoryOf, observed, ranOn, t0 } from './builders.ts';

/** Where its savepoints go. */
export const directory = `s3://state/savepoints/${idOf()}`;
/** Of the savepoint that is asked for. */
export const triggerId = `${idOf().slice(0, 24)}0dd0dd00`;
/** When its order is over. */
export const expiresMs = t0 + defaults.orderWithinMs;
/** Asked for by a person, not sent yet. */
export const wanted: Savepoint = { directory, because: 'anna: looked at it', expiresMs };
/** The same, sent. */
export const sent: Savepoint = { ...wanted, triggerId, sentMs: t0, to: jm() };
/** What came of it. */
export const taken: Snapshot = { kind: 'savepoint', path: `${directory}/savepoint-1`, id: 7, atMs: t0 + 100 };

/** Its attempt on a JobManager, with this savepoint under way. */
export const running = (savepoint?: Savepoint, changes: Partial<Attempt> = {}): Attempt =>
  ranOn(jm(), 1, { ...(savepoint === undefined ? {} : { savepoint }), ...changes });

/** What Flink says of the savepoint, of the snapshots and of the job. */
export const seeing = (status?: SavepointStatus, snapshots?: readonly Snapshot[], state = 'RUNNING'): Observation =>
  observed({
    views: [
      aView(jm(), {
        jobs: [aFlinkJob(idOf(), state)],
        ...(status === undefined ? {} : { savepoints: { [triggerId]: status } }),
        ...(snapshots === undefined ? {} : { checkpoints: { [idOf()]: { snapshots } } }),
      }),
    ],
  });

/** One look at it. */
export const given = (attempt: Attempt, observation = seeing(), more: Parameters<typeof look>[0] = {}) =>
  look({ job: aStatefulJob(), memory: memoryOf(attempt), observation, nowMs: t0, ...more });
