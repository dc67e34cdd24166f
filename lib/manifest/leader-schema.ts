import * as z from 'zod/mini';
import { reference, SECRET_ALONE } from './reference-syntax.ts';
import { mapping, text } from './values.ts';

/** Each server with its port, at most as many as an ensemble has. */
const SERVER = String.raw`[A-Za-z0-9][A-Za-z0-9.-]{0,251}:([1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5])`;
const QUORUM = new RegExp(`^${SERVER}(,${SERVER}){0,8}$`);
/** Of ZooKeeper's names those that need no thought. */
const NODE = /^\/?[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+)*\/?$|^\/$/;
const NODE_EXPECTED = 'a path in ZooKeeper, such as /flink';

export const leaderShape = {
  quorum: text(
    QUORUM,
    'host:port of each server, separated by commas only',
    'The servers: `high-availability.zookeeper.quorum`.',
  ),
  root: z.exactOptional(
    text(
      NODE,
      NODE_EXPECTED,
      'What `high-availability.zookeeper.path.root` says; otherwise Flink’s own default, `/flink`.',
    ),
  ),
  clusterId: z.exactOptional(
    text(NODE, NODE_EXPECTED, 'What `high-availability.cluster-id` says; otherwise Flink’s own default, `/default`.'),
  ),
  digest: z.exactOptional(
    text(
      SECRET_ALONE,
      `a reference to a secret: ${reference('ssm:/path')} or ${reference('secret:name#key')}`,
      'A reference to `user:password`, where ZooKeeper lets only those read whom it knows (scheme digest).',
    ),
  ),
};

const EXPECTED = 'a mapping with at least quorum, or rest';

/** Who says which of a cluster's JobManagers leads. */
export const leaderSchema = z.union([mapping(leaderShape, EXPECTED), z.literal('rest')], { error: EXPECTED }).check(
  z.meta({
    description:
      'High availability: the ZooKeeper in which Flink’s JobManagers agree on who leads, as their own configuration names it; or `rest` where the functions cannot reach it, which proves less and waits longer.',
    expected: EXPECTED,
  }),
);
