import { asFault } from '../../lib/core/errors.ts';
import type { Clock, Ports } from '../../lib/ports.ts';
import { reconcile } from '../../lib/reconcile.ts';
import { sweep } from '../../lib/sweep.ts';
import type { Due } from '../support/virtual-time.ts';
import type { Gate } from './gate.ts';
import type { Pace } from './pace.ts';
import { broke, type Invocation, type Sim } from './sim.ts';
import { WEBHOOK, type World } from './world/world.ts';

export type Start = (kind: Invocation['kind'], cluster?: string) => void;

/** Starts Lambda functions: an event's stays and waits for its cluster, a tick's looks at all. Lambda tries an event's again. */
export const createStart = (sim: Sim, gate: Gate, world: World, pace: Pace): Start => {
  const { time } = sim;
  const portsOf = createPorts(sim, gate, world);
  const limitsMs = { event: sim.random.pick(...pace.eventLimitMs), tick: TICK_LIMIT_MS };
  const start = (kind: Invocation['kind'], cluster = '', retries: readonly number[] = []): void => {
    const by = createInvocation(sim, world, kind, limitsMs[kind]);
    sim.trace?.(by.name, `starts ${cluster}`);
    const [nextMs, ...later] = retries;
    const failed = (): void => {
      if (nextMs !== undefined) time.at(time.nowMs() + nextMs, () => start(kind, cluster, later));
    };
    const killed = time.at(by.untilMs + SAVE_MS, () => {
      if (!by.disturbed && !by.dead) broke(sim, 'I9', `${by.name} did not end in time`);
      by.dead = true;
      failed();
    });
    // Its promise never settles when it crashed, and never rejects.
    void work(sim, portsOf(by), by, cluster).then(() => {
      killed.run = undefined;
      by.endedMs = time.nowMs();
      sim.trace?.(by.name, `ends ${by.threw ?? ''}`);
      if (by.threw !== undefined) failed();
    });
  };
  return (kind, cluster) => start(kind, cluster, kind === 'event' ? RETRIES_MS : []);
};

/** As `wiring.ts` keeps free, and as Lambda tries events again; a tick is not. */
const SAVE_MS = 1_000;
const RETRIES_MS = [60_000, 120_000];

/** The limit of `health-check` there. */
const TICK_LIMIT_MS = 55_000;

/** Clocks of machines in one region. */
const SKEW_MAX_MS = 2_000;

const createInvocation = (sim: Sim, world: World, kind: Invocation['kind'], limitMs: number): Invocation => {
  const { time, random, invocations } = sim;
  const sinceMs = time.nowMs();
  const by: Invocation = {
    name: `${kind}-${invocations.length}`,
    kind,
    sinceMs,
    untilMs: sinceMs + limitMs - SAVE_MS,
    skewMs: random.chance(0.5) ? 0 : random.between(-SKEW_MAX_MS, SKEW_MAX_MS),
    dead: false,
    frozenUntilMs: 0,
    idle: false,
    disturbed: false,
    manifest: world.clusters(),
    calls: [],
    asked: 0,
    faults: 0,
    endedMs: undefined,
    threw: undefined,
  };
  invocations.push(by);
  return by;
};

const work = async (sim: Sim, ports: Ports, by: Invocation, cluster: string): Promise<void> => {
  const untilMs = by.untilMs + by.skewMs;
  try {
    if (by.kind === 'tick') return await sweep(ports, by.manifest, { untilMs });
    const ours = by.manifest.find(({ name }) => name === cluster);
    if (ours !== undefined) await reconcile(ports, ours, { untilMs, wait: true });
  } catch (thrown) {
    const { kind, code, message } = asFault(thrown);
    by.threw = `${kind} ${code}`;
    if (kind === 'bug') broke(sim, 'throws', message);
  }
};

const createPorts = (sim: Sim, gate: Gate, world: World): ((by: Invocation) => Ports) => {
  const ecs = gate('ecs', world.ecs);
  const flink = gate('flink', world.flink);
  const leaders = gate('leaders', world.leaders);
  const jars = gate('jars', world.jars);
  const snapshots = gate('snapshots', world.snapshots);
  const secrets = gate('secrets', world.secrets);
  const store = gate('store', world.store);
  const alerts = gate('alerts', world.alerts);
  const webhook = gate('webhook', world.webhook);
  return (by) => ({
    ...reportsOf(sim, by),
    clock: clockOf(sim, by),
    chance: sim.random,
    ecs: ecs(by),
    flink: flink(by),
    leaders: leaders(by),
    jars: jars(by),
    snapshots: snapshots(by),
    secrets: secrets(by),
    store: store(by),
    alerts: alerts(by),
    webhooks: { [WEBHOOK]: webhook(by) },
  });
};

const reportsOf = (sim: Sim, by: Invocation): Pick<Ports, 'metrics' | 'log'> => {
  const log = (message: string, fields: Readonly<Record<string, unknown>>): void =>
    sim.trace?.(by.name, `${message} ${JSON.stringify(fields)}`);
  const error: typeof log = (message, fields) => {
    log(message, fields);
    if (message === 'not measured') broke(sim, 'throws', String(fields.because));
  };
  return {
    metrics: { put: async (cluster, metrics) => log('metrics', { cluster, metrics }) },
    log: { info: log, error },
  };
};

/** Nobody is called in time by a busy machine: who waits for a moment mostly waits longer, which saves idle questions. */
const clockOf = (sim: Sim, by: Invocation): Clock => ({
  nowMs: () => sim.time.nowMs() + by.skewMs,
  sleep: (ms) =>
    new Promise((done) => {
      // Who looks at several clusters waits for one of them and works on another.
      by.idle = by.kind === 'event' || by.manifest.length === 1;
      const nowMs = sim.time.nowMs();
      const mostMs = Math.min(OVERSLEPT_MS, by.untilMs - nowMs - OVERSLEPT_MS);
      const longMs = ms < mostMs && sim.random.chance(0.8) ? sim.random.between(ms, mostMs) : ms;
      deliver(sim, by, nowMs + longMs, done);
    }),
});

const OVERSLEPT_MS = 9_000;

/** Nothing reaches a dead invocation; what reaches a frozen one waits, in order. */
export const deliver = (sim: Sim, to: Invocation, ms: number, run: () => void): Due =>
  sim.time.at(ms, () => {
    if (to.dead) return;
    if (sim.time.nowMs() < to.frozenUntilMs) deliver(sim, to, to.frozenUntilMs, run);
    else run();
  });
