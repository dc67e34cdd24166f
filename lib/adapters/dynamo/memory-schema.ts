import * as z from 'zod/mini';
import type { Incident, JobMemory, LogEntry, Order, Pause } from '../../core/model.ts';
import { attemptSchema } from './attempt-schema.ts';

/**
 * What is kept of jobs and incidents, checked when it is read. Fields of a later release with the same schema are kept
 * as they are: while two releases overlap in a deploy, the older one must not drop what the newer one wrote.
 */
const text = z.string();
const count = z.number().check(z.int(), z.nonnegative());
const ms = z.number();

export const pauseSchema: z.ZodMiniType<Pause> = z.looseObject({
  who: text,
  why: text,
  sinceMs: ms,
  untilMs: z.exactOptional(ms),
});

export const jobMemorySchema: z.ZodMiniType<JobMemory> = z.looseObject({
  schema: z.literal(1),
  attempts: z.array(attemptSchema),
  pause: z.exactOptional(pauseSchema),
  ignored: z.exactOptional(z.array(text)),
  check: z.exactOptional(
    z.looseObject({
      attempt: count,
      atMs: ms,
      expiry: z.exactOptional(text),
      rulesUnseen: z.exactOptional(text),
      unlisted: z.exactOptional(text),
      left: z.exactOptional(z.array(z.looseObject({ path: text, bytes: count, files: count, more: z.boolean() }))),
      soon: z.exactOptional(z.literal(true)),
    }),
  ),
  ready: z.exactOptional(z.looseObject({ process: text, sinceMs: ms })),
  missing: z.exactOptional(
    z.looseObject({
      processes: z.array(text),
      sinceMs: ms,
      lookedMs: ms,
      unheard: z.exactOptional(z.literal(true)),
      foreign: z.exactOptional(z.array(text)),
    }),
  ),
});

const marksShape = {
  openToldMs: z.exactOptional(ms),
  closeToldMs: z.exactOptional(ms),
  gistTold: z.exactOptional(text),
  updates: z.exactOptional(count),
  reminders: z.exactOptional(count),
  toldMs: z.exactOptional(ms),
  ended: z.exactOptional(z.looseObject({ firstSeenMs: ms, closedMs: ms })),
  failure: z.exactOptional(z.looseObject({ atMs: ms, what: text, isFinal: z.boolean() })),
};

export const incidentSchema: z.ZodMiniType<Incident> = z.looseObject({
  code: text,
  job: z.exactOptional(text),
  about: z.exactOptional(text),
  graceMs: ms,
  what: text,
  gist: z.exactOptional(text),
  done: z.exactOptional(text),
  next: text,
  fix: text,
  key: z.string().check(z.minLength(1)),
  state: z.enum(['pending', 'open', 'closed']),
  firstSeenMs: ms,
  lastSeenMs: ms,
  unlookedMs: z.exactOptional(ms),
  closedMs: z.exactOptional(ms),
  closedBecause: z.exactOptional(text),
  ...marksShape,
  opened: z.exactOptional(z.array(ms)),
  channels: z.exactOptional(z.record(text, z.looseObject(marksShape))),
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
