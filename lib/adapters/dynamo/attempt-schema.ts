import * as z from 'zod/mini';
import type { Attempt, CheckpointConfig, Incarnation, JobSpec, Post, Reason } from '../../core/model.ts';

/** What is kept of an attempt, checked when it is read: see memory-schema.ts. */
const text = z.string();
const count = z.number().check(z.int(), z.nonnegative());
const ms = z.number();

const reason: z.ZodMiniType<Reason> = z.looseObject({ code: text, text });

const incarnation: z.ZodMiniType<Incarnation> = z.looseObject({
  taskArn: text,
  address: text,
  process: text,
  led: z.exactOptional(z.looseObject({ session: text, memory: text })),
  peers: z.exactOptional(z.array(text)),
});

const spec: z.ZodMiniType<JobSpec> = z.looseObject({
  name: text,
  jar: text,
  mainClass: z.exactOptional(text),
  args: z.array(text),
  parallelism: z.exactOptional(count),
  slots: z.exactOptional(count),
  flinkConfiguration: z.record(text, text),
  flinkName: z.exactOptional(text),
  state: z.exactOptional(z.enum(['required', 'preferred', 'none'])),
  garbage: z.exactOptional(z.literal('delete')),
  savepoints: z.exactOptional(z.looseObject({ every: text, keep: z.exactOptional(count) })),
  checkpointDir: z.exactOptional(text),
  savepointDir: z.exactOptional(text),
  restoreDepth: z.exactOptional(count),
  claimMode: z.exactOptional(z.literal('CLAIM')),
  allowNonRestoredState: z.exactOptional(z.literal(true)),
  bounded: z.exactOptional(z.literal(true)),
  after: z.exactOptional(z.array(text)),
  priority: z.exactOptional(z.number()),
  mode: z.exactOptional(z.enum(['watch', 'dry-run'])),
  enabled: z.boolean(),
});

const post: z.ZodMiniType<Post> = z.looseObject({
  id: count,
  to: incarnation,
  sentMs: ms,
  settledByMs: ms,
  answer: z.enum(['none', 'accepted', 'refused', 'not-sent', 'unanswered', 'broken']),
  refusal: z.exactOptional(reason),
  processEnded: z.boolean(),
  alone: z.exactOptional(z.literal(true)),
  jarId: z.exactOptional(text),
});

const snapshot = {
  kind: z.enum(['checkpoint', 'savepoint']),
  path: text,
  id: count,
  atMs: ms,
  sizeBytes: z.exactOptional(count),
  unaligned: z.exactOptional(z.literal(true)),
  stopped: z.exactOptional(z.literal(true)),
  disposedMs: z.exactOptional(ms),
};

const checkpointing: z.ZodMiniType<CheckpointConfig> = z.looseObject({
  intervalMs: z.exactOptional(ms),
  timeoutMs: ms,
  toleratedFailures: count,
  retention: z.enum(['retain', 'delete', 'none']),
  inMemory: z.boolean(),
  unaligned: z.boolean(),
});

export const attemptSchema: z.ZodMiniType<Attempt> = z.looseObject({
  n: count,
  jobId: z.string().check(z.regex(/^[0-9a-f]{32}$/)),
  revision: text,
  spec,
  jarVersion: text,
  jarSizeBytes: count,
  taskDefinitionArn: text,
  flinkVersion: text,
  posts: z.array(post),
  sightedOn: z.exactOptional(incarnation),
  flinkName: z.exactOptional(text),
  absentSinceMs: z.exactOptional(ms),
  absentUnder: z.exactOptional(text),
  end: z.exactOptional(
    z.looseObject({
      state: z.enum(['FINISHED', 'CANCELED', 'FAILED', 'LOST', 'GONE']),
      atMs: ms,
      cause: z.exactOptional(z.string()),
    }),
  ),
  wellSinceMs: z.exactOptional(ms),
  ranWell: z.exactOptional(z.literal(true)),
  acknowledged: z.exactOptional(z.literal(true)),
  wanted: z.exactOptional(text),
  stop: z.exactOptional(
    z.looseObject({
      how: z.enum(['savepoint', 'cancel']),
      triggerId: z.exactOptional(text),
      directory: z.exactOptional(text),
      order: z.enum(['restart', 'apply', 'heal']),
      because: text,
      expiresMs: z.exactOptional(ms),
      sentMs: z.exactOptional(ms),
      to: z.exactOptional(incarnation),
    }),
  ),
  source: z.exactOptional(z.looseObject({ ...snapshot, attempt: count })),
  restored: z.exactOptional(z.looseObject({ path: z.exactOptional(text), id: count })),
  snapshots: z.exactOptional(z.array(z.looseObject(snapshot))),
  hadState: z.exactOptional(z.literal(true)),
  checkpointing: z.exactOptional(checkpointing),
  leftIn: z.exactOptional(text),
  savepoint: z.exactOptional(
    z.looseObject({
      triggerId: z.exactOptional(text),
      directory: text,
      because: text,
      expiresMs: ms,
      sentMs: z.exactOptional(ms),
      to: z.exactOptional(incarnation),
      path: z.exactOptional(text),
      failed: z.exactOptional(text),
    }),
  ),
  savepointFailed: z.exactOptional(text),
  nextFrom: z.exactOptional(
    z.discriminatedUnion('kind', [
      z.looseObject({ kind: z.literal('empty') }),
      z.looseObject({ kind: z.literal('snapshot'), path: text }),
    ]),
  ),
});
