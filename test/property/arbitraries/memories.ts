import fc from 'fast-check';
import { defaults } from '../../../lib/core/defaults.ts';
import type {
  Attempt,
  EndState,
  Incarnation,
  Job,
  JobMemory,
  Order,
  Outcome,
  Post,
  Savepoint,
} from '../../../lib/core/model.ts';
import { aJob, anAttempt, anOrder, aPost, idOf, t0 } from '../../support/builders.ts';
import { mostly, process, sometimes } from './chances.ts';

const codes = ['MAIN_THREW', 'JAR_GONE', 'DUPLICATE_JOB', 'CLASS_MISSING', 'UNREACHABLE'] as const;
const when = fc.constantFrom(
  ...[0, -1, 1_000, defaults.goneAfterMs, defaults.repeatAfterMs, defaults.mainWithinMs, 3_600_000].map(
    (ms) => t0 - ms,
  ),
);

const post: fc.Arbitrary<Post> = fc
  .record({
    to: process,
    sentMs: when,
    answer: fc.constantFrom('none', 'none', 'unanswered', 'broken', 'refused', 'not-sent', 'accepted'),
    code: fc.constantFrom(...codes),
    processEnded: fc.boolean(),
    jarId: sometimes(fc.constantFrom('a.jar', 'b.jar')),
  })
  .map(({ code, jarId, answer, ...changes }) =>
    aPost({
      ...changes,
      answer,
      ...(answer === 'refused' || answer === 'not-sent' ? { refusal: { code, text: code } } : {}),
      ...(jarId === null ? {} : { jarId }),
    }),
  );

/** An accepted POST is a sighting. Of those seen, one was ordered to end for so many (`goOn`) that were not. */
const attemptOf = (goOn: number): fc.Arbitrary<Omit<Attempt, 'n' | 'jobId'>> =>
  fc
    .record({
      posts: fc.array(post, { maxLength: 3 }),
      sighted: sometimes(process, 2),
      end: mostly<EndState | null>(3, null, 'LOST', 'LOST', 'LOST', 'FINISHED', 'CANCELED', 'FAILED', 'GONE'),
      atMs: when,
      isAbsent: fc.boolean(),
      isAcknowledged: fc.boolean(),
      revision: mostly(2, 'rev-1', 'rev-2'),
      stop: sometimes(
        fc.record({ order: fc.constantFrom('restart', 'apply'), sentMs: sometimes(when), expiresMs: sometimes(when) }),
        goOn,
      ),
      savepoint: sometimes(
        fc.record({ sentMs: sometimes(when), expiresMs: when, failed: sometimes(fc.constant('x'), 4), to: process }),
        goOn,
      ),
    })
    .map(({ posts, sighted, end, atMs, isAbsent, isAcknowledged, revision, stop, savepoint }) => {
      const sightedOn = posts.find(({ answer }) => answer === 'accepted')?.to ?? sighted ?? undefined;
      const { n: _n, jobId: _id, ...base } = anAttempt();
      return {
        ...base,
        revision,
        posts: posts.map((each, index) => ({ ...each, id: index + 1 })),
        ...(sightedOn === undefined ? {} : { sightedOn, flinkName: 'orders' }),
        ...(end === null ? {} : { end: { state: end, atMs } }),
        ...(isAbsent && sightedOn !== undefined && end === null ? { absentSinceMs: atMs } : {}),
        ...(isAcknowledged ? { acknowledged: true as const } : {}),
        ...(stop === null || sightedOn === undefined ? {} : { stop: stopOf(stop.order, stop.sentMs, stop.expiresMs) }),
        ...(savepoint === null || stop !== null || sightedOn === undefined
          ? {}
          : { savepoint: savepointOf(savepoint) }),
      };
    });

const stopOf = (order: 'restart' | 'apply', sentMs: number | null, expiresMs: number | null): Attempt['stop'] & {} => ({
  how: 'cancel',
  order,
  because: 'x',
  ...(sentMs === null ? {} : { sentMs }),
  ...(expiresMs === null ? {} : { expiresMs }),
});

const savepointOf = ({
  sentMs,
  expiresMs,
  failed,
  to,
}: {
  readonly sentMs: number | null;
  readonly expiresMs: number;
  readonly failed: string | null;
  readonly to: Incarnation;
}): Savepoint => ({
  directory: 's3://state/savepoints/x',
  because: 'x',
  expiresMs,
  ...(sentMs === null ? {} : { sentMs, to, triggerId: 'f'.repeat(32) }),
  ...(sentMs === null || failed === null ? {} : { failed }),
});

const memoryOf = (attempts: fc.Arbitrary<Omit<Attempt, 'n' | 'jobId'>[]>): fc.Arbitrary<JobMemory> =>
  attempts.map((drawn) => ({
    schema: 1,
    attempts: drawn.map((each, index) => ({ ...each, n: index + 1, jobId: idOf(index + 1) })),
  }));

/** Attempts 1, 2, 3 … of a job, in any state that they may be left in. */
export const memory = memoryOf(fc.array(attemptOf(6), { maxLength: 3 }));

/** The same, where every other attempt that was seen was ordered to end. */
export const memoryOfStops = memoryOf(fc.array(attemptOf(1), { maxLength: 3 }));

/** As many as are kept, or a few more: of an earlier release, or a table that people mended. */
export const longMemory = memoryOf(fc.array(attemptOf(6), { minLength: defaults.attemptsMax - 1, maxLength: 13 }));

/** The job `orders` as a manifest may want it. */
export const job: fc.Arbitrary<Job> = fc
  .record({
    enabled: mostly(8, true, false),
    isStateful: mostly(4, false, true),
    slots: fc.nat(2),
    flinkName: sometimes(fc.constantFrom('orders', 'payments')),
  })
  .map(({ enabled, isStateful, slots, flinkName }) => {
    const { state: _, ...spec } = aJob({ enabled, slots, ...(flinkName === null ? {} : { flinkName }) });
    return isStateful ? spec : { ...spec, state: 'none' };
  });

/** Orders of a person, mostly for the job `orders`, in the order of their ids. */
export const orders: fc.Arbitrary<readonly Order[]> = fc
  .array(
    fc.record({
      kind: fc.constantFrom<Order['kind'][]>(
        'release',
        'pause',
        'resume',
        'restart',
        'apply',
        'savepoint',
        'adopt',
        'ignore',
      ),
      job: mostly<string | null>(8, 'orders', 'other', null),
      jobId: sometimes(fc.constantFrom(idOf(1), idOf(4), 'f'.repeat(32))),
      expiresMs: mostly(8, t0 + 1, t0, t0 - 1),
      untilMs: sometimes(fc.constantFrom(t0 - 1, t0, t0 + 1)),
    }),
    { maxLength: 3 },
  )
  .map((drawn) =>
    drawn.map(({ kind, job: name, jobId, expiresMs, untilMs }, index) => {
      const { job: _, ...order } = anOrder(kind, { id: `000${index}`, expiresMs });
      return {
        ...order,
        ...(name === null ? {} : { job: name }),
        ...(jobId === null ? {} : { jobId }),
        ...(untilMs === null ? {} : { untilMs }),
      };
    }),
  );

export const outcome: fc.Arbitrary<Outcome> = fc
  .record({ attempt: fc.integer({ min: 1, max: 3 }), postId: fc.integer({ min: 1, max: 3 }), post })
  .map(({ attempt: n, postId, post: { answer, refusal, jarId } }) => ({
    job: 'orders',
    attempt: n,
    postId,
    answer: answer === 'none' ? 'unanswered' : answer,
    ...(refusal === undefined ? {} : { refusal }),
    ...(jarId === undefined ? {} : { jarId }),
  }));
