import { env } from 'node:process';
import fc from 'fast-check';
import type { Incarnation } from '../../../lib/core/model.ts';
import { jm } from '../../support/builders.ts';

/** So many runs for each law. With PROPERTY_RUNS so many, always the same, and the first failure is enough: for mutants. */
export const runs: { readonly numRuns: number } & Pick<fc.Parameters, 'seed' | 'endOnFailure'> =
  env.PROPERTY_RUNS === undefined
    ? { numRuns: 1_000 }
    : { numRuns: Number(env.PROPERTY_RUNS), seed: 4, endOnFailure: true };

/** The first so many times as often as each of the others: worlds in which something can be done are not rare then. */
export const mostly = <T>(times: number, first: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { weight: times, arbitrary: fc.constant(first) },
    ...others.map((other) => ({ weight: 1, arbitrary: fc.constant(other) })),
  );

/** Absent so many times as often as present. */
export const sometimes = <T>(value: fc.Arbitrary<T>, absent = 1): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: absent, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: value });

/** Few processes, so that they meet. Two share a task: its container restarted. */
export const processes: readonly Incarnation[] = [jm(1), jm(1, 1), jm(2), jm(3)];
export const process: fc.Arbitrary<Incarnation> = fc.constantFrom(...processes);
