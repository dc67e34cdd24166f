import { Fault } from '../../lib/core/errors.ts';
import { deliver, type Invocation, type Sim } from '../support/seeded-run.ts';

/**
 * Every port call goes through here. Its execution and its answer are two events; the call may be lost, executed with
 * its answer lost, executed long after the caller gave up, or fail, and its caller may freeze or die. Trouble seldom
 * comes alone: `strike` hits the JobManager at that moment.
 */
export const createGate = (sim: Sim, strike: () => void) => {
  const { time, random, saw } = sim;
  const rates = { effect: random.pick(0.05, 0.15, 0.3), look: random.pick(0, 0.002, 0.01) };
  const soon = (): number => time.nowMs() + random.between(1, 20);

  const drawFault = (by: Invocation, name: string) => {
    if (sim.calm || !random.chance(effects.has(name) ? rates.effect : rates.look)) return undefined;
    const fault = random.pick('lost', 'reply lost', 'late', 'error', 'freeze', 'crash');
    sim.trace(`${by.name} ${name}: ${fault}`);
    saw(name === 'run' ? `POST: ${fault}` : fault);
    if (random.chance(0.2)) time.at(time.nowMs() + random.between(0, 5_000), strike);
    if (fault === 'crash') by.dead = true;
    if (fault === 'freeze')
      by.frozenUntilMs = time.nowMs() + random.pick(random.between(1_000, 15_000), random.between(15_000, 100_000));
    return fault;
  };

  const call = <T>(by: Invocation, name: string, deadlineMs: number, execute: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      if (time.nowMs() >= deadlineMs) return reject(new Fault('transient', 'NO_TIME', name));
      const fault = drawFault(by, name);
      if (fault === 'error') return deliver(sim, by, soon(), () => reject(new Fault('transient', 'ERROR', name)));
      const isEffect = effects.has(name);
      const isBroken = name === 'run' && (fault === 'lost' || fault === 'reply lost') && random.chance(0.5);
      let isGivenUp = false;
      const giveUp = (): void => {
        isGivenUp = true;
        const code = isBroken ? 'RUN_BROKEN' : 'NO_ANSWER';
        reject(new Fault(isEffect ? 'unknown-outcome' : 'transient', code, `${name}: ${code}`));
      };
      if (fault !== undefined || isEffect) deliver(sim, by, isBroken ? soon() : deadlineMs, giveUp);
      if (fault === 'lost' || (fault === 'crash' && random.chance(0.5))) return;

      const lateMs = fault === 'late' ? deadlineMs + random.between(1_000, 120_000) : 0;
      const thawedMs = random.chance(0.5) ? by.frozenUntilMs : 0;
      time.at(Math.max(soon(), lateMs, thawedMs), async () => {
        const [answer] = await Promise.allSettled([execute()]);
        const settle = () => (answer.status === 'fulfilled' ? resolve(answer.value) : reject(answer.reason));
        if (name === 'run' && isGivenUp)
          saw(`POST late: ${answer.status === 'fulfilled' ? 'its job starts' : answer.reason.code}`);
        if (fault === 'reply lost' || fault === 'late' || by.dead) return;
        // A look is answered at once, which saves a third of all events.
        if (isEffect || time.nowMs() < by.frozenUntilMs) deliver(sim, by, soon(), settle);
        else settle();
      });
    });

  /** A port whose every method, all of which end in `deadlineMs`, goes through the gate. */
  return <P extends object>(by: Invocation, port: P): P =>
    new Proxy(port, {
      get:
        (target, name) =>
        (...args: readonly unknown[]) =>
          call(by, String(name), Number(args.at(-1)), async () => {
            const method: unknown = Reflect.get(target, name);
            return typeof method === 'function' ? method.apply(target, args) : undefined;
          }),
    });
};

/** What changes something fails often; looks are many and fail rarely. */
const effects = new Set(['run', 'cancel', 'upload', 'deleteJar', 'acquire', 'ring', 'commit', 'release', 'publish']);
