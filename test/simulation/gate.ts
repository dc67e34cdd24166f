import { Fault } from '../../lib/core/errors.ts';
import type { Due } from '../support/virtual-time.ts';
import { createDraw } from './draw.ts';
import { deliver } from './invocations.ts';
import { type PortCall, portCalls } from './port-calls.ts';
import type { FaultKind, Profile } from './profiles.ts';
import { type Call, effectsOf, type Invocation, type Sim } from './sim.ts';
import type { World } from './world/world.ts';

/** A port whose every method, all of which end in `deadlineMs`, goes through the gate, as each invocation has it. */
export type Gate = <P extends object>(port: string, raw: P) => (by: Invocation) => P;

/**
 * Every port call goes through here and waits until its moment comes. Carrying it out and answering it are two events;
 * it may be lost, carried out with its answer lost or long after its caller gave up, be slow, be answered with what was, fail in each
 * way that the port names; and its caller may freeze, crash, or have its clock set back.
 */
export const createGate = (sim: Sim, profile: Profile, world: World): Gate => {
  const { time } = sim;
  const draw = createDraw(sim, profile, world);
  const answers = createAnswers(sim);

  const carryOut = (made: Call, { rules, run }: Method, atMs: number): Promise<unknown> => {
    sim.caller = made.by.name;
    made.executedMs = atMs;
    const came = run(...(made.by.skewMs === 0 ? made.args : onTime(made)));
    // In the calm nothing is answered with what was.
    if (rules.staleMaxMs !== undefined && sim.phase !== 'calm') answers.keep(made, came);
    return came;
  };

  const call = (by: Invocation, method: Method, args: readonly unknown[]): Promise<unknown> => {
    if (by.dead) return new Promise(() => {});
    const { name, rules } = method;
    const nowMs = time.nowMs();
    const deadlineMs = Number(args.at(-1)) - by.skewMs;
    if (name.startsWith('store.')) by.idle = false;
    by.asked += 1;
    const made: Call = { by, name, args, atMs: nowMs, executedMs: undefined, given: undefined };
    if (!by.idle) {
      sim.portCalls += 1;
      sim.calls.push(made);
      if (rules.isEffect) effectsOf(sim, name).push(made);
      by.calls.push(made);
    }
    if (nowMs >= deadlineMs) return noted(made, Promise.reject(new Fault('transient', 'NO_TIME', name)));
    const fault = draw(by, name);
    if (fault === undefined && isAlone(sim, by, rules, nowMs)) return noted(made, carryOut(made, method, nowMs));
    return parked(sim, {
      made,
      rules,
      deadlineMs,
      fault,
      carryOut: () => carryOut(made, method, time.nowMs()),
      old: () => answers.old(made, rules),
    });
  };

  return <P extends object>(port: string, raw: P) => {
    const methods: Record<string, (this: { readonly by: Invocation }, ...args: readonly unknown[]) => unknown> = {};
    for (const [key, run] of Object.entries(raw)) {
      const name = `${port}.${key}`;
      const rules = portCalls[name];
      const method = rules && { name, rules, run };
      methods[key] = function (...args) {
        if (method === undefined) throw new Error(`${name} has no rules`);
        return call(this.by, method, args);
      };
    }
    // Made once for all invocations, of which each calls them as methods of its own port.
    return (by) => Object.assign(Object.create(methods), { by });
  };
};

/** One of a port, by `port.method`. */
type Method = { readonly name: string; readonly rules: PortCall; readonly run: Execute };

type Execute = (...args: readonly unknown[]) => Promise<unknown>;

/** The world has the true time, whatever its caller's clock says. */
const onTime = ({ by, args }: Call): readonly unknown[] => [...args.slice(0, -1), Number(args.at(-1)) - by.skewMs];

type Parked = {
  readonly made: Call;
  readonly rules: PortCall;
  readonly deadlineMs: number;
  readonly fault: FaultKind | undefined;
  readonly carryOut: () => Promise<unknown>;
  /** What was answered before, where the real thing may answer it again. */
  readonly old: () => Promise<unknown> | undefined;
};

/** Idle questions, and looks while the world is quiet, need no moment of their own. */
const isAlone = (sim: Sim, by: Invocation, { isEffect }: PortCall, nowMs: number): boolean => {
  if (by.frozenUntilMs > nowMs) return false;
  // While one cluster of a sweep is waited for, another one is worked on.
  return isEffect !== true && (by.idle || sim.phase !== 'trouble');
};

const noted = (made: Call, answer: Promise<unknown>): Promise<unknown> => {
  if (made.by.idle) return answer;
  answer.then(
    (value) => {
      made.given = { value };
    },
    (fault) => {
      made.given = { fault };
    },
  );
  return answer;
};

const parked = (sim: Sim, { made, rules, deadlineMs, fault, carryOut, old }: Parked): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const { time, random } = sim;
    const { by, name } = made;
    const soonMs = (): number => time.nowMs() + random.between(1, 20);
    const refuse = (thrown: unknown): void => {
      if (made.given !== undefined) return;
      made.given = { fault: thrown };
      reject(thrown);
    };
    const fail = ([kind, code]: PortCall['silence']) => refuse(new Fault(kind, code, `${name}: ${code}`));
    if (fault === 'error') {
      const [first, ...others] = rules.errors;
      deliver(sim, by, soonMs(), () =>
        fail(first === undefined ? rules.silence : random.pick(first, first, ...others)),
      );
      return;
    }
    // A connection that breaks tells so at once; silence does not.
    const isBroken = (fault === 'lost' || fault === 'reply lost') && random.chance(0.5);
    const told: PortCall['silence'] = [
      rules.silence[0],
      isBroken && name === 'flink.run' ? 'RUN_BROKEN' : rules.silence[1],
    ];
    const gaveUp: Due = deliver(sim, by, isBroken && fault === 'lost' ? soonMs() : deadlineMs, () => fail(told));
    if (fault === 'lost' || (fault === 'crash' && random.chance(0.5))) return;

    const answer = (settle: () => void): void => {
      if (fault === 'late' || (fault === 'reply lost' && !isBroken)) return;
      gaveUp.run = undefined;
      const tell = fault === 'reply lost' ? () => fail(told) : settle;
      // A look is answered at once, which saves a third of all events; its answer may be old when it arrives.
      const atMs = fault === 'stale' ? random.between(time.nowMs(), deadlineMs) : soonMs();
      if (rules.isEffect || fault === 'stale' || time.nowMs() < by.frozenUntilMs) deliver(sim, by, atMs, tell);
      else if (!by.dead) tell();
    };
    const give = (value: unknown): void => {
      if (made.given !== undefined) return;
      made.given = { value };
      resolve(value);
    };
    const was = fault === 'stale' ? old() : undefined;
    const lateMs = fault === 'late' ? deadlineMs + random.between(1_000, LATE_MAX_MS) : 0;
    const slowMs = fault === 'slow' ? random.between(time.nowMs(), deadlineMs) : 0;
    const thawedMs = random.chance(0.5) ? by.frozenUntilMs : 0;
    time.at(Math.max(soonMs(), lateMs, slowMs, thawedMs), () =>
      (was ?? carryOut()).then(
        (value) => answer(() => give(value)),
        (thrown) => answer(() => refuse(thrown)),
      ),
    );
  });

/** How long after its caller gave up a call may still be carried out. */
const LATE_MAX_MS = 120_000;

/** The last answers of what the real thing may answer late. */
const createAnswers = ({ time }: Sim) => {
  const last = new Map<string, { readonly atMs: number; readonly came: Promise<unknown> }>();
  const keyOf = ({ name, args: [of, what] }: Call) =>
    typeof of === 'object' && of !== null ? `${name} ${'url' in of ? of.url : 'name' in of && of.name} ${what}` : name;
  return {
    keep: (made: Call, came: Promise<unknown>) => last.set(keyOf(made), { atMs: time.nowMs(), came }),
    old: (made: Call, { staleMaxMs = 0 }: PortCall) => {
      const known = last.get(keyOf(made));
      return known !== undefined && time.nowMs() - known.atMs <= staleMaxMs ? known.came : undefined;
    },
  };
};
