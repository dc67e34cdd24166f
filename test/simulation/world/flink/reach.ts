import { Fault } from '../../../../lib/core/errors.ts';
import type { Endpoint } from '../../../../lib/ports.ts';
import { taskAt } from '../ecs/address.ts';
import type { Stage } from '../stage.ts';
import type { FlinkCluster } from './cluster.ts';
import type { Process } from './process.ts';

/** A call on its way: `does` changes something, and is carried out also when its caller is gone. */
export type Call = { readonly at: Endpoint; readonly deadlineMs: number; readonly does: boolean };

export type Reached = { readonly cluster: FlinkCluster; readonly process: Process; readonly nowMs: number };

/**
 * The process that listens at an address. Where none does the call is refused, or meets silence until its deadline; a
 * frozen one takes it up when it wakes.
 */
export const reach = async (stage: Stage, call: Call): Promise<Reached> => {
  const found = taskAt(stage, call.at.url);
  const process = found?.task.process;
  let nowMs = stage.sim.time.nowMs();
  const isUp = process !== undefined && process.endedMs === undefined && nowMs >= process.restMs;
  const isCut = nowMs < (process?.cutUntilMs ?? 0);
  if (found === undefined || !isUp || isCut) {
    const isSilent = isCut || found === undefined || (process?.endedMs !== undefined && found.task.isSilent);
    if (isSilent) await until(stage, call.deadlineMs);
    throw new Fault('transient', 'FLINK_UNREACHABLE', isSilent ? 'no answer in time' : 'connection refused');
  }
  while (nowMs < process.frozenUntilMs) {
    await thaw(stage, process, call);
    nowMs = stage.sim.time.nowMs();
  }
  if (nowMs < process.dispatcherMs || knowsNoLeader(found.cluster, process))
    throw new Fault('transient', 'LEADER_ELECTION', 'leader election');
  return { cluster: found.cluster, process, nowMs };
};

/** With high availability one that never knew a leader takes nothing: those before it are dead. */
const knowsNoLeader = ({ zooKeeper }: FlinkCluster, { identity, bornMs }: Process): boolean => {
  if (zooKeeper === undefined || identity.ha === 'none') return false;
  const { leader } = zooKeeper;
  return leader === undefined || (leader.process.endedMs ?? bornMs) < bornMs;
};

const thaw = async (stage: Stage, process: Process, { deadlineMs, does }: Call): Promise<void> => {
  const wakesMs = process.frozenUntilMs;
  await until(stage, does ? wakesMs : Math.min(wakesMs, deadlineMs));
  if (process.endedMs !== undefined || (!does && wakesMs > deadlineMs))
    throw new Fault('transient', 'FLINK_UNREACHABLE', 'no answer in time');
};

/** An address with nothing behind it swallows a call; virtual time goes on. */
const until = ({ sim }: Stage, ms: number): Promise<void> => new Promise((done) => sim.time.at(ms, done));
