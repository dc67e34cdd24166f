import { equal } from '../core/equal.ts';
import { Fault } from '../core/errors.ts';
import type { Clock, LeaderLook, Leaders, Secrets } from '../ports.ts';
import { readLeaderBytes } from './zookeeper/leader-bytes.ts';
import { type Reads, readZooKeeper } from './zookeeper/read.ts';

/** Who leads a cluster, and which jobs Flink would recover, from the ZooKeeper that its JobManagers use. Nothing is kept between two looks. */
export const createZooKeeperLeaders = ({ clock, secrets }: Options): Leaders => ({
  look: async ({ quorum, path, digest }, deadlineMs) => {
    const auth = digest === undefined ? {} : { digest: await secrets.resolve(digest, deadlineMs) };
    const leftMs = deadlineMs - clock.nowMs();
    if (leftMs <= 0) throw new Fault('transient', 'LEADER_UNREACHABLE', 'ZooKeeper: no time left to ask');
    return readZooKeeper({ servers: quorum.split(','), ...auth }, leftMs, (reads) => lookBelow(path, reads));
  },
});

type Options = { readonly clock: Pick<Clock, 'nowMs'>; readonly secrets: Secrets };

/** The leader is read before and after the jobs, so that they are told of one leadership. */
const lookBelow = async (path: string, reads: Reads): Promise<LeaderLook> => {
  const leader = await leaderBelow(path, reads);
  const jobs = await jobsBelow(path, leader !== undefined, reads);
  const after = await leaderBelow(path, reads);
  if (!equal(leader, after)) throw changed();
  return leader === undefined ? { jobs } : { leader, jobs };
};

const changed = (): Fault => new Fault('transient', 'LEADER_CHANGED', 'the leader changed while it was looked for');

/** The dispatcher, which takes submissions: all parts of one leadership carry the same session. */
const leaderBelow = async (path: string, { data, birth }: Reads): Promise<LeaderLook['leader']> => {
  const bytes = await data(`${path}/leader/dispatcher/connection_info`);
  const written = bytes === undefined ? undefined : readLeaderBytes(bytes);
  if (written === undefined) return undefined;
  const rpc = RPC.exec(written.address)?.[1];
  if (rpc === undefined)
    throw new Fault(
      'invalid',
      'LEADER_UNPARSABLE',
      'the leader that Flink wrote to ZooKeeper has no address of an RPC system',
    );
  const memory = await birth(path);
  if (memory === undefined) throw changed();
  return { rpc: rpc.toLowerCase(), session: written.session, memory };
};

/** pekko.tcp://flink@HOST:PORT/user/rpc/dispatcher_1 */
const RPC = /^pekko(?:\.ssl)?\.tcp:\/\/[\w-]+@([^/@\s]+:\d{1,5})\/user\/rpc\/\S+$/;

/** `jobgraphs` up to Flink 1.20, `execution-plans` since 2.0: a leader makes one of them before it leads. */
const jobsBelow = async (path: string, isLed: boolean, { children }: Reads): Promise<readonly string[]> => {
  const graphs = await children(`${path}/jobgraphs`);
  const plans = await children(`${path}/execution-plans`);
  if (isLed && graphs === undefined && plans === undefined)
    throw new Fault(
      'invalid',
      'LEADER_UNPARSABLE',
      `below ${path} in ZooKeeper is a leader, and neither \`jobgraphs\` nor \`execution-plans\` for its jobs`,
    );
  const names = [...(graphs ?? []), ...(plans ?? [])];
  if (names.some((name) => !JOB_ID.test(name)))
    throw new Fault('invalid', 'LEADER_UNPARSABLE', `below ${path} in ZooKeeper are other things than job ids`);
  return names.toSorted();
};

const JOB_ID = /^[0-9a-f]{32}$/;
