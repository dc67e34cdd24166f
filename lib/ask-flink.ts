import { defaults } from './core/defaults.ts';
import { asFault, Fault } from './core/errors.ts';
import type { Attempt, Cluster, Effect, Incarnation } from './core/model.ts';
import { lookForLeader } from './look-for-leader.ts';
import { type Endpoint, endpointOf, type FlinkRest, type Ports } from './ports.ts';

type Asked = Extract<Effect, { kind: 'cancel' | 'stop-with-savepoint' | 'savepoint' | 'dispose' }>;

/**
 * A live job's end, a savepoint of it, or the end of an old one is asked for by ids, so that a late call hits the same or nothing; the next
 * look tells what came of it.
 */
export const askFlink = async (ports: Ports, cluster: Cluster, effect: Asked): Promise<void> => {
  const { kind, job, attempt, to } = effect;
  const fields = { cluster: cluster.name, job, attempt: attempt.n, jobId: attempt.jobId };
  const deadlineMs = ports.clock.nowMs() + defaults.lookMs;
  try {
    await sameProcess(ports, cluster, to, deadlineMs);
    await call(ports.flink, endpointOf(cluster, to), effect, deadlineMs);
    ports.log.info(words[kind][0], fields);
  } catch (thrown) {
    ports.log.info(words[kind][1], { ...fields, because: asFault(thrown).message });
  }
};

const words = {
  cancel: ['cancelled', 'not cancelled'],
  'stop-with-savepoint': ['savepoint asked for', 'no savepoint asked for'],
  savepoint: ['savepoint asked for', 'no savepoint asked for'],
  dispose: ['savepoint given up', 'savepoint not given up'],
} as const;

const call = async (flink: FlinkRest, at: Endpoint, effect: Asked, deadlineMs: number): Promise<void> => {
  const { jobId, stop, savepoint } = effect.attempt;
  switch (effect.kind) {
    case 'cancel':
      return flink.cancel(at, jobId, deadlineMs);
    case 'stop-with-savepoint':
      return flink.savepoint(at, jobId, { ...placeOf(stop), stop: true }, deadlineMs);
    case 'savepoint':
      return flink.savepoint(at, jobId, { ...placeOf(savepoint), stop: false }, deadlineMs);
    case 'dispose':
      return flink.dispose(at, effect.path, deadlineMs);
  }
};

const placeOf = ({
  triggerId = '',
  directory = '',
}: Pick<NonNullable<Attempt['stop']>, 'triggerId' | 'directory'> = {}) => ({ triggerId, directory });

/** Right before a call: it is still the process that it is for, and leads as it did. `transient` PROCESS_CHANGED, LEADER_CHANGED. */
export const sameProcess = async (
  ports: Ports,
  cluster: Cluster,
  to: Incarnation,
  deadlineMs: number,
): Promise<void> => {
  const [{ process }, { leader }] = await Promise.all([
    ports.flink.identity(endpointOf(cluster, to), deadlineMs),
    lookForLeader(ports, cluster, deadlineMs),
  ]);
  if (to.led?.session !== leader?.session || to.led?.memory !== leader?.memory)
    throw new Fault('transient', 'LEADER_CHANGED', 'another JobManager leads than when it was looked at');
  if (process !== to.process)
    throw new Fault('transient', 'PROCESS_CHANGED', 'the JobManager restarted before it could be asked');
};
