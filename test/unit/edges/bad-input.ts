import { Fault, type FaultKind } from '../../../lib/core/errors.ts';
import type { Cluster } from '../../../lib/core/model.ts';
import type { ToldCode } from '../../../lib/core/problems.ts';
import { anOrder } from '../../support/builders.ts';
import type { Broken, FakeWorld } from '../pass/fake-ports.ts';

/** What a manifest, or the account behind it, has wrong. */
export type BadInput = {
  readonly name: string;
  readonly cluster?: Cluster;
  /** The job runs before it goes wrong. */
  readonly ran?: true;
  /** It goes wrong, in the world or in what its ports answer. */
  readonly spoil: (world: FakeWorld) => Broken;
  /** A person repairs what the ports say, and this; undefined = the manifest stays as it was. */
  readonly repair?: (world: FakeWorld) => Cluster | undefined | Promise<Cluster | undefined>;
  /** The one message of its opening. */
  readonly code: ToldCode;
  readonly where: 'realtime' | 'realtime/orders';
  readonly says: readonly string[];
  /** Calls that run the jar, until it is repaired; absent: none. */
  readonly runs?: number;
  /** The states of the jobs that Flink lists in the end, where they are not one that runs. */
  readonly leaves?: readonly string[];
  /** It looks like a slow start, so that an event waits for its end. */
  readonly isWaitedFor?: true;
};

/** A port that answers so, whatever it is asked. */
export const fails = (kind: FaultKind, code: string, message: string) => async (): Promise<never> => {
  throw new Fault(kind, code, message);
};
/** A person orders it, and leaves the manifest as it was. */
export const ordered =
  (kind: 'release' | 'restart') =>
  async (world: FakeWorld): Promise<undefined> => {
    const order = { ...anOrder(kind), atMs: world.nowMs, expiresMs: world.nowMs + 3_600_000 };
    await world.store.order('realtime', order, 0);
  };
