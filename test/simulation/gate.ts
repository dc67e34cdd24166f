import { Fault } from '../../lib/core/errors.ts';
import type { FaultKind, Profile, Rates } from './profiles.ts';
import { type Call, deliver, type Invocation, type Sim } from './sim.ts';
import type { World } from './world/world.ts';

/**
 * Every port call goes through here. Its execution and its answer are two events; the call may be lost, executed with
 * its answer lost, executed long after the caller gave up, or fail, and its caller may freeze or die.
 */
export const createGate = (sim: Sim, profile: Profile, world: World) => {
  const { time, random } = sim;
  const scale = random.pick(0.3, 1, 2);
  const soon = (): number => time.nowMs() + random.between(1, 20);

  const drawFault = (by: Invocation, port: string, method: string): FaultKind | undefined => {
    if (sim.phase !== 'trouble') return undefined;
    const fault = draw(sim, profile.faults[`${port}.${method}`] ?? profile.faults[port] ?? profile.faults.other, scale);
    if (fault === undefined) return undefined;
    sim.faults += 1;
    by.faults += 1;
    sim.trace?.(by.name, `${port}.${method}: ${fault}`);
    if (random.chance(0.2)) time.at(time.nowMs() + random.between(0, 5_000), world.strike);
    if (fault === 'crash') by.dead = true;
    if (fault === 'freeze')
      by.frozenUntilMs = time.nowMs() + random.pick(random.between(1_000, 15_000), random.between(15_000, 100_000));
    return fault;
  };

  const call = <T>(
    by: Invocation,
    port: string,
    method: string,
    deadlineMs: number,
    execute: () => Promise<T>,
  ): Promise<T> =>
    new Promise((resolve, reject) => {
      if (time.nowMs() >= deadlineMs) return reject(new Fault('transient', 'NO_TIME', method));
      sim.portCalls += 1;
      const fault = drawFault(by, port, method);
      if (fault === 'error') return deliver(sim, by, soon(), () => reject(new Fault('transient', 'ERROR', method)));
      const isEffect = effects.has(method);
      const isBroken = method === 'run' && (fault === 'lost' || fault === 'reply lost') && random.chance(0.5);
      const giveUp = (): void => {
        const code = isBroken ? 'RUN_BROKEN' : 'NO_ANSWER';
        reject(new Fault(isEffect ? 'unknown-outcome' : 'transient', code, `${method}: ${code}`));
      };
      if (fault !== undefined || isEffect) deliver(sim, by, isBroken ? soon() : deadlineMs, giveUp);
      if (fault === 'lost' || (fault === 'crash' && random.chance(0.5))) return;

      const lateMs = fault === 'late' ? deadlineMs + random.between(1_000, 120_000) : 0;
      const thawedMs = random.chance(0.5) ? by.frozenUntilMs : 0;
      time.at(Math.max(soon(), lateMs, thawedMs), async () => {
        sim.caller = by.name;
        const [answer] = await Promise.allSettled([execute()]);
        const settle = () => (answer.status === 'fulfilled' ? resolve(answer.value) : reject(answer.reason));
        if (fault === 'reply lost' || fault === 'late' || by.dead) return;
        // A look is answered at once, which saves a third of all events.
        if (isEffect || time.nowMs() < by.frozenUntilMs) deliver(sim, by, soon(), settle);
        else settle();
      });
    });

  /** A port whose every method, all of which end in `deadlineMs`, goes through the gate. */
  return <P extends object>(by: Invocation, name: string, port: P): P =>
    new Proxy(port, {
      get:
        (target, method) =>
        (...args: readonly unknown[]) => {
          const note: Call = { by, name: `${name}.${String(method)}`, args, atMs: time.nowMs() };
          sim.calls.push(note);
          by.calls.push(note);
          const answer = call(by, name, String(method), Number(args.at(-1)), async () => {
            note.executedMs = time.nowMs();
            const run: unknown = Reflect.get(target, method);
            return typeof run === 'function' ? run.apply(target, args) : undefined;
          });
          return noted(note, answer);
        },
    });
};

/** What the caller is given, as those hear of it who judge. */
const noted = async (note: Call, answer: Promise<unknown>): Promise<unknown> => {
  try {
    const value = await answer;
    note.given = { value };
    return value;
  } catch (fault) {
    note.given = { fault };
    throw fault;
  }
};

export type Gate = ReturnType<typeof createGate>;

const draw = ({ random }: Sim, rates: Rates, scale: number): FaultKind | undefined => {
  for (const kind of ['lost', 'reply lost', 'late', 'stale', 'error', 'freeze', 'crash'] as const)
    if (random.chance((rates[kind] ?? 0) * scale)) return kind;
  return undefined;
};

/** What changes something; looks do not. */
const effects = new Set(['run', 'cancel', 'upload', 'deleteJar', 'acquire', 'ring', 'commit', 'release', 'publish']);
