import { createZooKeeperLeaders } from '../../../lib/adapters/zookeeper-leader.ts';
import type { Leaders } from '../../../lib/ports.ts';
import { createFakeSecrets } from '../../support/fake-secrets.ts';

/** Where the recorded Flinks keep their own in ZooKeeper. */
export const LEADER_PATH = '/flink/recorded';

/** The one job that they ran. */
export const RECORDED_JOB = '0123456789abcdef0123456789abcdef';

/** The adapter, with secrets that are what they are called. */
export const leadersOf = (): Leaders =>
  createZooKeeperLeaders({ clock: { nowMs: Date.now }, secrets: createFakeSecrets({}) });
