import { defaults } from './core/defaults.ts';
import { asFault, Fault } from './core/errors.ts';
import type { Attempt, Cluster, Effect, Incarnation } from './core/model.ts';
import { type Endpoint, endpointOf, type FlinkRest, type Ports } from './ports.ts';

type Asked = Extract<Effect, { kind: 'cancel' | 'stop-with-savepoint' | 'savepoint' }>;

/**
 * A live job's end, or a savepoint of it, is asked for by ids, so that a late call hits the same job and savepoint or nothing; the next look
 * tells what came of it.
 */
export const askFlink = async (ports: Ports, cluster: Cluster, effect: Asked): Promise<void> => {
  const { kind, job, attempt, to } = effect;
  const fields = { cluster: cluster.name, job, attempt: attempt.n, jobId: attempt.jobId };
  const deadlineMs = ports.clock.nowMs() + defaults.lookMs;
  try {
    await sameProcess(ports, cluster, to, deadlineMs);
    await call(ports.flink, endpointOf(cluster, to), effect, deadlineMs);
    ports.log.info(kind === 'cancel' ? 'cancelled' : 'savepoint asked for', fields);
  } catch (thrown) {
    ports.log.info(kind === 'cancel' ? 'not cancelled' : 'no savepoint asked for', {
      ...fields,
      because: asFault(thrown).message,
    });
  }
};

const call = async (flink: FlinkRest, at: Endpoint, { kind, attempt }: Asked, deadlineMs: number): Promise<void> => {
  const { jobId, stop, savepoint } = attempt;
  switch (kind) {
    case 'cancel':
      return flink.cancel(at, jobId, deadlineMs);
    case 'stop-with-savepoint':
      return flink.savepoint(at, jobId, { ...placeOf(stop), stop: true }, deadlineMs);
    case 'savepoint':
      return flink.savepoint(at, jobId, { ...placeOf(savepoint), stop: false }, deadlineMs);
  }
};

const placeOf = ({
  triggerId = '',
  directory = '',
}: Pick<NonNullable<Attempt['stop']>, 'triggerId' | 'directory'> = {}) => ({ triggerId, directory });

/** Right before a call: it is still the process that it is for. `transient` PROCESS_CHANGED. */
export const sameProcess = async (
  ports: Ports,
  cluster: Cluster,
  to: Incarnation,
  deadlineMs: number,
): Promise<void> => {
  const { process } = await ports.flink.identity(endpointOf(cluster, to), deadlineMs);
  if (process !== to.process)
    throw new Fault('transient', 'PROCESS_CHANGED', 'the JobManager restarted before it could be asked');
};
