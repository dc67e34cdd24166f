import { TOO_OLD } from '../world/trouble/deployments.ts';
import { type Checker, eachOf } from './checker.ts';

/** Flink before 1.18 may take one id twice at once (FLINK-30596, F31): no POST of the product reaches such a process. */
export const oldFlinkUnused: Checker = (run) => {
  const { posts, processes } = run.world.truth;
  return eachOf(run, posts, ({ invocation, jobId, process }) => {
    const version = processes.findLast(({ id }) => id === process)?.identity.version;
    return version === TOO_OLD ? `${invocation} submits ${jobId} to ${process}, which is Flink ${TOO_OLD}` : undefined;
  });
};
