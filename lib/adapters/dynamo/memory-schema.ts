import * as z from 'zod/mini';
import type {
  Attempt,
  CheckpointConfig,
  Incarnation,
  Incident,
  JobMemory,
  JobSpec,
  LogEntry,
  Order,
  Pause,
  Post,
  Reason,
} from '../../core/model.ts';

/**
 * What is kept of jobs and incidents, checked when it is read. Fields of a later release with the same schema are kept
 * as they are: while two releases overlap in a deploy, the older one must not drop what the newer one wrote.
 */
const text = z.string();
const count = z.number().check(z.int(), z.nonnegative());
const ms = z.number();

const reason: z.ZodMiniType<Reason> = z.looseObject({ code: text, text });

const incarnation: z.ZodMiniType<Incarnation> = z.looseObject({ taskArn: text, address: text, process: text });

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
};

const checkpointing: z.ZodMiniType<CheckpointConfig> = z.looseObject({
  intervalMs: z.exactOptional(ms),
  timeoutMs: ms,
  toleratedFailures: count,
  retention: z.enum(['retain', 'delete', 'none']),
  inMemory: z.boolean(),
  unaligned: z.boolean(),
});

const attempt: z.ZodMiniType<Attempt> = z.looseObject({
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
  end: z.exactOptional(z.looseObject({ state: z.enum(['FINISHED', 'CANCELED', 'FAILED', 'LOST', 'GONE']), atMs: ms })),
  acknowledged: z.exactOptional(z.literal(true)),
  wanted: z.exactOptional(text),
  stop: z.exactOptional(
    z.looseObject({
      how: z.enum(['savepoint', 'cancel']),
      triggerId: z.exactOptional(text),
      directory: z.exactOptional(text),
      order: z.enum(['restart', 'apply']),
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

export const pauseSchema: z.ZodMiniType<Pause> = z.looseObject({
  who: text,
  why: text,
  sinceMs: ms,
  untilMs: z.exactOptional(ms),
});

export const jobMemorySchema: z.ZodMiniType<JobMemory> = z.looseObject({
  schema: z.literal(1),
  attempts: z.array(attempt),
  pause: z.exactOptional(pauseSchema),
  ignored: z.exactOptional(z.array(text)),
  ready: z.exactOptional(z.looseObject({ process: text, sinceMs: ms })),
});

export const incidentSchema: z.ZodMiniType<Incident> = z.looseObject({
  code: text,
  job: z.exactOptional(text),
  graceMs: ms,
  what: text,
  next: text,
  fix: text,
  key: z.string().check(z.minLength(1)),
  state: z.enum(['pending', 'open', 'closed']),
  firstSeenMs: ms,
  lastSeenMs: ms,
  closedMs: z.exactOptional(ms),
  closedBecause: z.exactOptional(text),
  openToldMs: z.exactOptional(ms),
  closeToldMs: z.exactOptional(ms),
});

export const orderSchema: z.ZodMiniType<Order> = z.looseObject({
  id: z.string().check(z.minLength(1)),
  kind: z.enum([
    'release',
    'pause',
    'resume',
    'restart',
    'apply',
    'savepoint',
    'adopt',
    'ignore',
    'start-empty',
    'restore-from',
  ]),
  job: z.exactOptional(text),
  jobId: z.exactOptional(text),
  path: z.exactOptional(text),
  who: text,
  why: text,
  atMs: ms,
  expiresMs: ms,
  untilMs: z.exactOptional(ms),
});

export const logSchema: z.ZodMiniType<LogEntry> = z.looseObject({
  job: text,
  attempt: count,
  jobId: text,
  what: text,
  because: text,
  atMs: ms,
  orderId: z.exactOptional(text),
});
