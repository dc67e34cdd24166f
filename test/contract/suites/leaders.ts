import assert from 'node:assert/strict';
import type { LeaderLook, Leaders } from '../../../lib/ports.ts';
import { type Case, waitFor } from './case.ts';

/** A ZooKeeper that a Flink with high availability uses. */
export type LeadersTarget = {
  readonly leaders: Leaders;
  readonly quorum: string;
  /** Where that Flink keeps its own. */
  readonly path: string;
  /** Has a job run on that Flink; gives its id. */
  readonly start: () => Promise<string>;
};

/** In this order: what an earlier one started stays. */
export const leaderCases: readonly Case<LeadersTarget>[] = [
  {
    name: 'where no Flink ever was nobody leads and nothing would come back',
    run: async (target) => {
      assert.deepEqual(await look(target, '/flink/nobody'), { jobs: [] });
    },
  },
  {
    name: 'the leader is told by the address of its RPC and by its session',
    run: async (target) => {
      const seen = await waitFor(
        'a leader',
        () => look(target),
        ({ leader }) => leader !== undefined,
      );
      assert.match(seen.leader?.rpc ?? '', /^(\d+\.){3}\d+:\d+$/);
      assert.match(seen.leader?.session ?? '', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      assert.match(seen.leader?.memory ?? '', /^[0-9a-f]{32}$/);
      assert.deepEqual(seen.jobs, []);
    },
  },
  {
    name: 'a job that was run is one that a leader brings back',
    run: async (target) => {
      const jobId = await target.start();
      const seen = await look(target);
      assert.deepEqual(seen.jobs, [jobId]);
      assert.notEqual(seen.leader, undefined);
    },
  },
];

const look = ({ leaders, quorum, path }: LeadersTarget, at = path): Promise<LeaderLook> =>
  leaders.look({ quorum, path: at }, Date.now() + 5_000);
