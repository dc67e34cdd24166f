import { asFault } from '../../lib/core/errors.ts';
import type { Ports } from '../../lib/ports.ts';
import { reconcile } from '../../lib/reconcile.ts';
import type { Gate } from './gate.ts';
import { broke, clockOf, type Invocation, type Sim } from './sim.ts';
import type { World } from './world/world.ts';

/** One run of a Lambda function: an event stays and waits, a tick looks and acts. */
export const invoke = async (sim: Sim, gate: Gate, world: World, kind: Invocation['kind']): Promise<void> => {
  const { time, random } = sim;
  const sinceMs = time.nowMs();
  const untilMs = sinceMs + (kind === 'event' ? 179_000 : 54_000);
  const name = `${kind}-${random.hex(2)}`;
  const by: Invocation = {
    name,
    kind,
    sinceMs,
    untilMs,
    dead: false,
    frozenUntilMs: 0,
    skewMs: 0,
    calls: [],
    manifest: world.clusters(),
    faults: 0,
  };
  sim.invocations.push(by);
  time.at(untilMs + 1_000, () => {
    by.dead = true;
  });
  const ports = portsOf(sim, gate, world, by);
  try {
    for (const cluster of world.clusters()) await reconcile(ports, cluster, { untilMs, wait: kind === 'event' });
  } catch (thrown) {
    const { kind: why, code, message } = asFault(thrown);
    by.threw = `${why} ${code}`;
    if (why === 'bug' || why === 'invalid') broke(sim, 'throws', message);
  }
  by.endedMs = time.nowMs();
};

const portsOf = (sim: Sim, gate: Gate, world: World, by: Invocation): Ports => {
  const log = (message: string, fields: Readonly<Record<string, unknown>>): void =>
    sim.trace?.(by.name, `${message} ${JSON.stringify(fields)}`);
  return {
    clock: clockOf(sim, by),
    chance: sim.random,
    ecs: gate(by, 'ecs', world.ecs),
    flink: gate(by, 'flink', world.flink),
    jars: gate(by, 'jars', world.jars),
    secrets: world.secrets,
    store: gate(by, 'store', world.store),
    alerts: gate(by, 'alerts', world.alerts),
    log: { info: log, error: log },
  };
};
