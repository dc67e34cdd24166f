import { asFault } from '../../lib/core/errors.ts';
import type { Clock, Ports } from '../../lib/ports.ts';
import { reconcile } from '../../lib/reconcile.ts';
import { sweep } from '../../lib/sweep.ts';
import type { Due } from '../support/virtual-time.ts';
import type { Gate } from './gate.ts';
import { broke, type Sim } from './sim.ts';
import type { World } from './world/world.ts';

/** One run of a Lambda function; a crash is a promise that never settles. Times are true, whatever its own clock says. */
export type Invocation = {
  readonly name: string;
  readonly kind: 'event' | 'tick';
  readonly sinceMs: number;
  /** When it has to have ended, as the product was told. */
  readonly untilMs: number;
  /** Its clock is ahead by so much, and may jump. */
  skewMs: number;
  /** It crashed, or Lambda ended it. */
  dead: boolean;
  frozenUntilMs: number;
  /** It slept and asks only whether something changed. */
  idle: boolean;
  /** It froze, or its clock jumped: no wonder if it is late. */
  disturbed: boolean;
  /** When its promise settled. */
  endedMs?: number;
  /** Kind and code of what it threw. */
  threw?: string;
};

export type Start = (kind: Invocation['kind'], cluster?: string) => void;

/** Starts Lambda functions: an event's stays and waits for its cluster, a tick's looks at all. Lambda tries an event's again. */
export const createStart = (sim: Sim, gate: Gate, world: World): Start => {
  const { time } = sim;
  const start = (kind: Invocation['kind'], cluster = '', retries: readonly number[] = []): void => {
    const by = createInvocation(sim, kind);
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
    void work(sim, gate, world, by, cluster).then(() => {
      delete killed.run;
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

/** The limits of the functions in serverless.yml. */
const LIMIT_MS = { event: 180_000, tick: 55_000 } as const;

/** Clocks of machines in one region. */
const SKEW_MAX_MS = 2_000;

const createInvocation = ({ time, random, invocations }: Sim, kind: Invocation['kind']): Invocation => {
  const sinceMs = time.nowMs();
  const by: Invocation = {
    name: `${kind}-${invocations.length}`,
    kind,
    sinceMs,
    untilMs: sinceMs + LIMIT_MS[kind] - SAVE_MS,
    skewMs: random.chance(0.5) ? 0 : random.between(-SKEW_MAX_MS, SKEW_MAX_MS),
    dead: false,
    frozenUntilMs: 0,
    idle: false,
    disturbed: false,
  };
  invocations.push(by);
  return by;
};

const work = async (sim: Sim, gate: Gate, world: World, by: Invocation, cluster: string): Promise<void> => {
  const ports = portsOf(sim, gate, world, by);
  const untilMs = by.untilMs + by.skewMs;
  try {
    if (by.kind === 'tick') return await sweep(ports, world.clusters(), { untilMs });
    const ours = world.clusters().find(({ name }) => name === cluster);
    if (ours !== undefined) await reconcile(ports, ours, { untilMs, wait: true });
  } catch (thrown) {
    const { kind, code, message } = asFault(thrown);
    by.threw = `${kind} ${code}`;
    if (kind === 'bug') broke(sim, 'throws', message);
  }
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
    secrets: gate(by, 'secrets', world.secrets),
    store: gate(by, 'store', world.store),
    alerts: gate(by, 'alerts', world.alerts),
    log: { info: log, error: log },
  };
};

/** Nobody is called in time by a busy machine: who waits for a moment mostly waits longer, which saves idle questions. */
const clockOf = (sim: Sim, by: Invocation): Clock => ({
  nowMs: () => sim.time.nowMs() + by.skewMs,
  sleep: (ms) =>
    new Promise((done) => {
      by.idle = true;
      const longMs = ms < OVERSLEPT_MS && sim.random.chance(0.8) ? sim.random.between(ms, OVERSLEPT_MS) : ms;
      deliver(sim, by, sim.time.nowMs() + longMs, done);
    }),
});

const OVERSLEPT_MS = 3_000;

/** Nothing reaches a dead invocation; what reaches a frozen one waits, in order. */
export const deliver = (sim: Sim, to: Invocation, ms: number, run: () => void): Due =>
  sim.time.at(ms, () => {
    if (to.dead) return;
    if (sim.time.nowMs() < to.frozenUntilMs) deliver(sim, to, to.frozenUntilMs, run);
    else run();
  });
