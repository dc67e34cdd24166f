import fc from 'fast-check';
import type {
  Attempt,
  ClusterMemory,
  JobMemory,
  JobSpec,
  Order,
  Outcome,
  Pause,
  Post,
  Savepoint,
  Stop,
} from '../../../lib/core/model.ts';
import { jm } from '../../support/builders.ts';
import { byKey, id, incarnation, jar, ms, name, names, number, reason, someOf, yes } from './odd-values.ts';

const spec: fc.Arbitrary<JobSpec> = fc.record(
  {
    name,
    jar,
    mainClass: name,
    args: someOf(name),
    parallelism: number,
    slots: number,
    flinkConfiguration: byKey(name, name),
    flinkName: name,
    state: fc.constant('none' as const),
    bounded: yes,
    after: someOf(name),
    priority: number,
    mode: fc.constantFrom('watch' as const, 'dry-run' as const),
    enabled: fc.boolean(),
  },
  { requiredKeys: ['name', 'jar', 'args', 'flinkConfiguration', 'enabled'] },
);

const post: fc.Arbitrary<Post> = fc.record(
  {
    id: number,
    to: incarnation,
    sentMs: ms,
    settledByMs: ms,
    answer: fc.constantFrom('none', 'accepted', 'refused', 'not-sent', 'unanswered', 'broken'),
    refusal: reason,
    processEnded: fc.boolean(),
    alone: yes,
    jarId: name,
  },
  { requiredKeys: ['id', 'to', 'sentMs', 'settledByMs', 'answer', 'processEnded'] },
);

const stop: fc.Arbitrary<Stop> = fc.record(
  {
    how: fc.constant('cancel' as const),
    order: fc.constantFrom('restart', 'apply'),
    because: name,
    expiresMs: ms,
    sentMs: ms,
    to: incarnation,
  },
  { requiredKeys: ['how', 'order', 'because'] },
);

const savepoint: fc.Arbitrary<Savepoint> = fc.record(
  {
    triggerId: name,
    directory: name,
    because: name,
    expiresMs: ms,
    sentMs: ms,
    to: incarnation,
    path: name,
    failed: name,
  },
  { requiredKeys: ['directory', 'because', 'expiresMs'] },
);

const attempt: fc.Arbitrary<Attempt> = fc.record(
  {
    n: number,
    jobId: id,
    revision: fc.constantFrom('rev-1', 'rev-2'),
    spec,
    jarVersion: name,
    jarSizeBytes: number,
    taskDefinitionArn: name,
    flinkVersion: name,
    posts: someOf(post),
    sightedOn: incarnation,
    flinkName: name,
    absentSinceMs: ms,
    end: fc.record({ state: fc.constantFrom('FINISHED', 'CANCELED', 'FAILED', 'LOST', 'GONE'), atMs: ms }),
    acknowledged: yes,
    wanted: fc.constantFrom('rev-1', 'rev-3'),
    stop,
    savepoint,
  },
  {
    requiredKeys: [
      'n',
      'jobId',
      'revision',
      'spec',
      'jarVersion',
      'jarSizeBytes',
      'taskDefinitionArn',
      'flinkVersion',
      'posts',
    ],
  },
);

const pause: fc.Arbitrary<Pause> = fc.record(
  { who: name, why: name, sinceMs: ms, untilMs: ms },
  { requiredKeys: ['who', 'why', 'sinceMs'] },
);

const jobMemory: fc.Arbitrary<JobMemory> = fc.record(
  {
    schema: fc.constant(1 as const),
    attempts: someOf(attempt, 13),
    pause,
    ignored: someOf(id),
    ready: fc.record({ process: fc.constantFrom(jm(1).process, ''), sinceMs: ms }),
  },
  { requiredKeys: ['schema', 'attempts'] },
);

const order: fc.Arbitrary<Order> = fc.record(
  {
    id: fc.constantFrom('0001', '0002', '0003', ''),
    kind: fc.constantFrom('release', 'pause', 'resume', 'restart', 'apply', 'savepoint', 'adopt', 'ignore'),
    job: name,
    jobId: id,
    who: name,
    why: name,
    atMs: ms,
    expiresMs: ms,
    untilMs: ms,
  },
  { requiredKeys: ['id', 'kind', 'who', 'why', 'atMs', 'expiresMs'] },
);

/** The jobs of a manifest; their names differ, as the manifest sees to. */
export const oddJobs = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...names), spec), { maxLength: 3, selector: ([each]) => each })
  .map((drawn) => drawn.map(([each, rest]) => ({ ...rest, name: each })));

export const oddMemory: fc.Arbitrary<ClusterMemory> = fc
  .record({ jobs: byKey(fc.constantFrom(...names), jobMemory), orders: someOf(order), pause: fc.option(pause) })
  .map(({ pause: paused, ...memory }) => ({ ...memory, incidents: [], ...(paused === null ? {} : { pause: paused }) }));

export const oddOutcomes: fc.Arbitrary<readonly Outcome[]> = someOf(
  fc.record(
    {
      job: fc.constantFrom(...names),
      attempt: number,
      postId: number,
      answer: fc.constantFrom('accepted', 'refused', 'not-sent', 'unanswered', 'broken'),
      refusal: reason,
      jarId: name,
    },
    { requiredKeys: ['job', 'attempt', 'postId', 'answer'] },
  ),
);
