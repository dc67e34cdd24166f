import { defaults } from '../../../lib/core/defaults.ts';
import type { Attempt, Cluster, FlinkJob } from '../../../lib/core/model.ts';
import { type PassResult, pass } from '../../../lib/pass.ts';
import type { Lease } from '../../../lib/ports.ts';
import { reconcile } from '../../../lib/reconcile.ts';
import { aCluster } from '../../support/builders.ts';
import { type Broken, type FakeWorld, jobManagerAt, portsOf } from './fake-ports.ts';

export const hour = 3_600_000;

/** The lease, once whoever held it has let it run out. */
export const leased = async (world: FakeWorld): Promise<Lease> => {
  world.nowMs = Math.max(world.nowMs, (world.store.leaseOf('realtime')?.untilMs ?? 0) + 1);
  const untilMs = world.nowMs + defaults.leaseMs;
  const lease = await world.store.acquire(
    'realtime',
    { owner: `owner-${world.nowMs}`, nowMs: world.nowMs, untilMs },
    untilMs,
  );
  if (lease === undefined) throw new Error('no lease');
  return lease;
};

/** So many passes of one invocation, one after another; what came of the last. */
export const passes = async (
  world: FakeWorld,
  count: number,
  { broken = {}, cluster = aCluster() }: { readonly broken?: Broken; readonly cluster?: Cluster } = {},
): Promise<PassResult> => {
  const [first, ...more] = Array.from({ length: count }, () => world.nowMs + hour);
  if (first === undefined) throw new Error('no pass');
  const ports = portsOf(world, broken);
  let last = await pass(ports, { cluster, lease: await leased(world), outcomes: [], untilMs: first });
  for (const untilMs of more) last = await pass(ports, { cluster, ...last, untilMs });
  return last;
};

/** A scheduled look a minute, for so long. */
export const minutesOf = async (
  world: FakeWorld,
  minutes: number,
  broken: Broken = {},
  cluster = aCluster(),
): Promise<void> => {
  for (let minute = 0; minute < minutes; minute += 1) {
    world.nowMs += 60_000;
    await reconcile(portsOf(world, broken), cluster, { untilMs: world.nowMs + 55_000, wait: false });
  }
};

export const jobsOf = (world: FakeWorld): readonly FlinkJob[] => [...jobManagerAt(world).jobs.values()];

export const attemptsOf = (world: FakeWorld): readonly Attempt[] =>
  world.store.memory('realtime').jobs.orders?.attempts ?? [];

export const subjectsOf = (world: FakeWorld): readonly string[] => world.alerts.map(({ subject }) => subject);
