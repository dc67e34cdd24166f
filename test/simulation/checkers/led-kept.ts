import type { LeaderLook } from '../../../lib/core/model.ts';
import type { Lease } from '../../../lib/ports.ts';
import type { Call } from '../sim.ts';
import { clusterIdOf, rpcOf } from '../world/zookeeper/zookeeper.ts';
import { anyOf, type Checker, eachCall, eachOf } from './checker.ts';
import { clusterOf, hostOf, jobIdOf, lookBefore } from './looks.ts';
import { lineageOf } from './sender.ts';

/** A job that Flink has to recover is live: no main() of another id of it begins (F100). */
const noneToRecover: Checker = (run) =>
  eachOf(run, run.world.truth.posts, (post) => {
    const other = post.led?.recovers.find(
      ({ jobId, lineage, by }) => by !== 'person' && lineage === lineageOf(post.jobId) && jobId !== post.jobId,
    );
    return other && `${post.invocation} submits ${post.jobId} while Flink has ${other.jobId} to recover`;
  });

/** Right before an effect ZooKeeper was asked again: it goes to who leads then, under the leadership that it was decided on (F14, F15). */
const onlyTheLeader: Checker = eachCall(['flink.run', 'flink.cancel', 'flink.savepoint'], (call) => {
  const cluster = call.by.manifest.find(({ name }) => name === clusterOf(call));
  if (cluster?.leader === undefined || cluster.leader === 'rest') return undefined;
  const what = `${call.by.name} asks for ${call.name} of ${jobIdOf(call)}`;
  const told = looksSinceCommit(call, cluster.name);
  const rpc = rpcOf(hostOf(call.args[0]));
  const here = told.filter(({ leader }) => leader?.rpc === rpc);
  if (here.length === 0) return `${what}, and was not told right before that ${rpc} leads`;
  const decided = lookBefore(call).leaders.at(-1)?.leader?.session;
  const isSame = here.some(({ leader }) => leader?.session === decided);
  return isSame ? undefined : `${what} under another leadership than it was decided on`;
});

/** What ZooKeeper said of the cluster since the commit that the call rests on; several effects ask side by side, each for itself. */
const looksSinceCommit = (call: Call, cluster: string): readonly LeaderLook[] => {
  const { calls } = call.by;
  const before = calls.slice(0, calls.indexOf(call));
  const commit = before.findLastIndex(
    ({ name, args: [of] }) => name === 'store.commit' && (of as Lease).cluster === cluster,
  );
  return before
    .slice(commit + 1)
    .filter(({ name, args: [at] }) => name === 'leaders.look' && JSON.stringify(at).includes(clusterIdOf(cluster)))
    .flatMap(({ given }) => (given !== undefined && 'value' in given ? [given.value as LeaderLook] : []));
};

/** I6 for clusters with a leader and a standby. */
export const ledKept: Checker = anyOf(noneToRecover, onlyTheLeader);
