import { Fault } from '../../lib/core/errors.ts';
import type { Due } from '../support/virtual-time.ts';
import { createDraw } from './draw.ts';
import { deliver, type Invocation } from './invocations.ts';
import { type PortCall, portCalls } from './port-calls.ts';
import type { FaultKind, Profile } from './profiles.ts';
import type { Sim } from './sim.ts';
import type { World } from './world/world.ts';

/** A port whose every method, all of which end in `deadlineMs`, goes through the gate. */
export type Gate = <P extends object>(by: Invocation, port: string, raw: P) => P;

/**
 * Every port call goes through here and waits until its moment comes. Carrying it out and answering it are two events;
 * it may be lost, carried out with its answer lost or long after its caller gave up, be answered with what was, fail in each
 * way that the port names; and its caller may freeze, crash, or have its clock set back.
 */
export const createGate = (sim: Sim, profile: Profile, world: World): Gate => {
  const { time } = sim;
  const draw = createDraw(sim, profile, world);
  const answers = createAnswers(sim);

  const call = (by: Invocation, name: string, rules: PortCall, args: readonly unknown[], run: Execute): unknown => {
    const nowMs = time.nowMs();
    const deadlineMs = Number(args.at(-1)) - by.skewMs;
    if (by.dead) return new Promise(() => {});
    if (nowMs >= deadlineMs) return Promise.reject(new Fault('transient', 'NO_TIME', name));
    if (name.startsWith('store.')) by.idle = false;
    if (!by.idle) sim.portCalls += 1;
    const fault = draw(by, name);
    if (fault === undefined && isAlone(sim, by, rules)) return answers.keep(name, rules, args, carryOut(sim, by, run));
    return parked(sim, { by, name, rules, args, run, deadlineMs, fault, answers });
  };

  return (by, port, raw) => {
    const methods = new Map<string | symbol, (...args: readonly unknown[]) => unknown>();
    const methodOf = (method: string | symbol) => {
      const known = methods.get(method);
      if (known !== undefined) return known;
      const name = `${port}.${String(method)}`;
      const rules = portCalls[name];
      if (rules === undefined) throw new Error(`${name} has no rules`);
      const run: unknown = Reflect.get(raw, method);
      if (typeof run !== 'function') throw new Error(`${name} is no method`);
      const through = (...args: readonly unknown[]) => call(by, name, rules, args, () => run.apply(raw, args));
      methods.set(method, through);
      return through;
    };
    return new Proxy(raw, { get: (_, method) => methodOf(method) });
  };
};

type Execute = () => Promise<unknown>;

type Parked = {
  readonly by: Invocation;
  readonly name: string;
  readonly rules: PortCall;
  readonly args: readonly unknown[];
  readonly run: Execute;
  readonly deadlineMs: number;
  readonly fault: FaultKind | undefined;
  readonly answers: Answers;
};

/** Idle questions, and looks while the world is quiet and nobody else is about, need no moment of their own. */
const isAlone = (sim: Sim, by: Invocation, { isEffect }: PortCall): boolean => {
  if (by.frozenUntilMs > sim.time.nowMs()) return false;
  return by.idle || (isEffect !== true && sim.phase !== 'trouble');
};

const carryOut = (sim: Sim, by: Invocation, run: Execute): Promise<unknown> => {
  sim.caller = by.name;
  return run();
};

const parked = (sim: Sim, { by, name, rules, args, run, deadlineMs, fault, answers }: Parked): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const { time, random } = sim;
    const soonMs = (): number => time.nowMs() + random.between(1, 20);
    const fail = ([kind, code]: readonly [Fault['kind'], string]) => reject(new Fault(kind, code, `${name}: ${code}`));
    if (fault === 'error') {
      const [first, ...others] = rules.errors;
      deliver(sim, by, soonMs(), () =>
        fail(first === undefined ? rules.silence : random.pick(first, first, ...others)),
      );
      return;
    }
    const [kind, code] = rules.silence;
    // A connection that breaks tells so at once; silence does not.
    const isBroken = (fault === 'lost' || fault === 'reply lost') && random.chance(0.5);
    const told = [kind, isBroken && name === 'flink.run' ? 'RUN_BROKEN' : code] as const;
    const gaveUp: Due = deliver(sim, by, isBroken && fault === 'lost' ? soonMs() : deadlineMs, () => fail(told));
    if (fault === 'lost' || (fault === 'crash' && random.chance(0.5))) return;

    const answer = (settle: () => void): void => {
      if (fault === 'reply lost' && isBroken) settle = () => fail(told);
      else if (fault === 'reply lost' || fault === 'late') return;
      delete gaveUp.run;
      // A look is answered at once, which saves a third of all events; its answer may be old when it arrives.
      const atMs = fault === 'stale' ? random.between(time.nowMs(), deadlineMs) : soonMs();
      if (rules.isEffect || fault === 'stale' || time.nowMs() < by.frozenUntilMs) deliver(sim, by, atMs, settle);
      else if (!by.dead) settle();
    };
    const old = fault === 'stale' ? answers.old(name, rules, args) : undefined;
    const lateMs = fault === 'late' ? deadlineMs + random.between(1_000, LATE_MAX_MS) : 0;
    const thawedMs = random.chance(0.5) ? by.frozenUntilMs : 0;
    time.at(Math.max(soonMs(), lateMs, thawedMs), () => {
      const came = old ?? answers.keep(name, rules, args, carryOut(sim, by, run));
      came.then(
        (value) => answer(() => resolve(value)),
        (thrown) => answer(() => reject(thrown)),
      );
    });
  });

/** How long after its caller gave up a call may still be carried out. */
const LATE_MAX_MS = 120_000;

/** The last answers of what the real thing may answer late. */
const createAnswers = ({ time }: Sim) => {
  const last = new Map<string, { readonly atMs: number; readonly came: Promise<unknown> }>();
  const keyOf = (name: string, [of, what]: readonly unknown[]) =>
    typeof of === 'object' && of !== null ? `${name} ${'url' in of ? of.url : 'name' in of && of.name} ${what}` : name;
  return {
    keep: (name: string, { staleMaxMs }: PortCall, args: readonly unknown[], came: Promise<unknown>) => {
      if (staleMaxMs !== undefined) last.set(keyOf(name, args), { atMs: time.nowMs(), came });
      return came;
    },
    old: (name: string, { staleMaxMs = 0 }: PortCall, args: readonly unknown[]) => {
      const known = last.get(keyOf(name, args));
      return known !== undefined && time.nowMs() - known.atMs <= staleMaxMs ? known.came : undefined;
    },
  };
};

type Answers = ReturnType<typeof createAnswers>;
