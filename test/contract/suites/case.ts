import assert from 'node:assert/strict';
import { Fault } from '../../../lib/core/errors.ts';

/** One sentence that must hold for whatever the target stands for: a recording, a fake or the real thing. */
export type Case<Target> = { readonly name: string; readonly run: (target: Target) => Promise<void> };

/** A case that is bound to its target: what a test runner needs. */
export type BoundCase = { readonly name: string; readonly run: () => Promise<void> };

/** Binds each case to a target of its own or a shared one. */
export const bind = <Target>(cases: readonly Case<Target>[], target: Target): readonly BoundCase[] =>
  cases.map(({ name, run }) => ({ name, run: () => run(target) }));

/** The fault that `work` throws; anything else, also success, fails. */
export const faultOf = async (work: Promise<unknown>): Promise<Fault> => {
  try {
    await work;
  } catch (thrown) {
    assert(thrown instanceof Fault, `threw something other than a Fault: ${String(thrown)}`);
    return thrown;
  }
  return assert.fail('a fault was expected, it succeeded');
};

/** Fails unless `work` throws a fault of this kind and code; returns it. */
export const expectFault = async (work: Promise<unknown>, kind: Fault['kind'], code: string): Promise<Fault> => {
  const fault = await faultOf(work);
  assert.deepEqual([fault.kind, fault.code], [kind, code], fault.message);
  return fault;
};

/** Asks until `holds` says yes, at most 15 s. */
export const waitFor = async <T>(what: string, ask: () => Promise<T>, holds: (answer: T) => boolean): Promise<T> => {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    assert(Date.now() < deadline, `waited 15 s for ${what}: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};
