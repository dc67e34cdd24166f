import fc from 'fast-check';
import type { Incarnation, Reason, Seen } from '../../../lib/core/model.ts';
import { idOf, jm, t0 } from '../../support/builders.ts';

/** Anything that the types allow, from small pools, so that ids, processes and names meet: worlds that nobody has planned. */

/** A job may be called `constructor`, and nobody bounds what others write. */
export const names = ['orders', 'payments', 'constructor', 'toString'] as const;
export const name = fc.constantFrom<string[]>(...names, '', 'x'.repeat(5_000), 'half a character \ud83d');
export const code = fc.constantFrom(
  'MAIN_THREW',
  'JAR_GONE',
  'DUPLICATE_JOB',
  'FLINK_DENIED',
  'ECS_DENIED',
  'TOMORROW',
);
/** Clocks go back, stand still, and come from broken items. */
export const ms = fc.constantFrom(
  t0,
  t0 - 1,
  t0 + 1,
  t0 - 30_000,
  t0 + 700_000,
  0,
  -1,
  0.5,
  1e300,
  -1e300,
  NaN,
  Infinity,
);
export const number = fc.constantFrom(0, 1, 2, 3, 15, -1, 0.5, 2 ** 31, NaN);
export const id = fc.constantFrom(idOf(1), idOf(2), idOf(3), idOf(0xffff_ffff), idOf(1, 'payments'), 'f'.repeat(32));
export const jar = fc.constantFrom('s3://jars/orders.jar', 's3://jars/other.jar', 'image:orders.jar', '');
export const state = fc.constantFrom(
  'RUNNING',
  'RESTARTING',
  'FINISHED',
  'CANCELED',
  'FAILED',
  'absent',
  'TOMORROW',
  '',
);
export const yes = fc.constant(true as const);

export const taskArn = fc.constantFrom(jm(1).taskArn, jm(2).taskArn, 'url:http://jobmanager:8081', '');
export const incarnation: fc.Arbitrary<Incarnation> = fc.oneof(
  fc.constantFrom(jm(1), jm(1, 1), jm(2)),
  fc.record({ taskArn, address: fc.constantFrom(jm(1).address, ''), process: fc.constantFrom(jm(2).process, '') }),
);
export const reason: fc.Arbitrary<Reason> = fc.record({ code, text: name });

export const someOf = <T>(value: fc.Arbitrary<T>, maxLength = 3): fc.Arbitrary<T[]> => fc.array(value, { maxLength });
export const byKey = <T>(
  key: fc.Arbitrary<string>,
  value: fc.Arbitrary<T>,
): fc.Arbitrary<Readonly<Record<string, T>>> => fc.dictionary(key, value, { maxKeys: 3 });
export const seen = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Seen<T>> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ known: yes, value }) },
    { weight: 1, arbitrary: fc.record({ known: fc.constant(false as const), because: reason }) },
  );
