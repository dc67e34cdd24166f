import { TOO_OLD } from '../world/trouble/deployments.ts';
import type { Checker } from './checker.ts';

/** Flink before 1.18 may take one id twice at once (FLINK-30596, F31): no POST of the product reaches such a process. */
export const oldFlinkUnused: Checker = ({ world }) => {
  let read = 0;
  return () => {
    const { posts, processes } = world.truth;
    const used = posts.slice(read).find(({ process }) => versionOf(process) === TOO_OLD);
    read = posts.length;
    return used && `${used.invocation} submits ${used.jobId} to ${used.process}, which is Flink ${TOO_OLD}`;

    function versionOf(process: string): string | undefined {
      return processes.findLast(({ id }) => id === process)?.identity.version;
    }
  };
};
