import * as z from 'zod/mini';
import type { CheckpointConfig, Checkpoints, SavepointStatus, Snapshot } from '../core/model.ts';
import { rootCause } from './flink-errors.ts';
import { parse } from './flink-parse.ts';

/**
 * A job's snapshots, from `/jobs/:id/checkpoints`. Flink keeps the answer up to 3 s, in which more of them may have been discarded: with
 * one retained and a short interval none of those it names is left, although `completed` ones were there.
 */
export const readCheckpoints = (text: string): Checkpoints => {
  const { counts, latest, history } = parse(checkpoints, text, '/jobs/:id/checkpoints');
  const all = [...history, latest.completed, latest.savepoint].flatMap(snapshotIn);
  const snapshots = [...new Map(all.map((snapshot) => [snapshot.path, snapshot])).values()];
  const restored = latest.restored ?? undefined;
  const from = pathIn(restored?.external_path);
  return {
    completed: counts.completed,
    snapshots: snapshots.sort((a, b) => b.id - a.id),
    ...(restored === undefined ? {} : { restored: { ...(from === undefined ? {} : { path: from }), id: restored.id } }),
    ...failuresIn(history, latest),
    ...underWayIn(history),
  };
};

/** Flink goes on to count where it restored; savepoints are other people's calls. */
const failuresIn = (
  history: Parsed['history'],
  { completed, failed, restored }: Parsed['latest'],
): Pick<Checkpoints, 'failing'> => {
  const ofItsOwn = [...history, ...(failed ? [failed] : [])].filter(({ is_savepoint }) => !is_savepoint);
  const complete = ofItsOwn.filter(({ status }) => status === 'COMPLETED').map(({ id }) => id);
  const last = Math.max(-1, completed?.id ?? -1, restored?.id ?? -1, ...complete);
  const failures = new Map(
    ofItsOwn.flatMap((item) => (item.status === 'FAILED' && item.id > last ? [[item.id, item] as const] : [])),
  );
  if (failures.size === 0) return {};
  const newest = failures.get(Math.max(...failures.keys()));
  const [because = ''] = (newest?.failure_message ?? '').split('\n');
  return { failing: { inRow: failures.size, because: because === '' ? 'Flink says no more' : because } };
};

const underWayIn = (history: Parsed['history']): Pick<Checkpoints, 'underWay'> => {
  const item = history.find(({ status, is_savepoint }) => status === 'IN_PROGRESS' && !is_savepoint);
  return item === undefined ? {} : { underWay: { id: item.id, sinceMs: item.trigger_timestamp } };
};

/** How a job takes checkpoints, from `/jobs/:id/checkpoints/config`; undefined while Flink does not know where they go. */
export const readCheckpointConfig = (text: string): CheckpointConfig | undefined => {
  const config = parse(configuration, text, '/jobs/:id/checkpoints/config');
  const storage = config.checkpoint_storage ?? UNKNOWN_STORAGE;
  if (storage === UNKNOWN_STORAGE) return undefined;
  const { enabled, delete_on_cancellation: deletes } = config.externalization;
  return {
    // Off is Java's largest long, which JSON gives as the number beside it.
    ...(config.interval > Number.MAX_SAFE_INTEGER ? {} : { intervalMs: config.interval }),
    timeoutMs: config.timeout,
    toleratedFailures: config.tolerable_failed_checkpoints,
    retention: !enabled ? 'none' : deletes ? 'delete' : 'retain',
    inMemory: storage === 'JobManagerCheckpointStorage' || storage === 'MemoryStateBackend',
    unaligned: config.unaligned_checkpoints,
  };
};

/** A batch job has neither checkpoints nor settings of them, for which Flink's defaults stand here. */
export const NO_CHECKPOINTS: Checkpoints = { completed: 0, snapshots: [] };
export const NO_CHECKPOINT_CONFIG: CheckpointConfig = {
  timeoutMs: 600_000,
  toleratedFailures: 0,
  retention: 'none',
  inMemory: false,
  unaligned: false,
};

/** What came of a savepoint: COMPLETED is the end of the call, not its success. */
export const readSavepointStatus = (text: string): SavepointStatus => {
  const { status, operation } = parse(savepoint, text, '/jobs/:id/savepoints/:triggerId');
  if (status.id === 'IN_PROGRESS') return { state: 'in-progress' };
  const path = pathIn(operation?.location);
  if (path !== undefined) return { state: 'completed', path };
  const trace = operation?.['failure-cause']?.['stack-trace'];
  return { state: 'failed', because: trace === undefined ? 'Flink says no more' : rootCause([trace]) };
};

const snapshotIn = (item: z.infer<typeof checkpoint> | null | undefined): readonly Snapshot[] => {
  const path = pathIn(item?.external_path);
  if (item?.status !== 'COMPLETED' || item.discarded === true || path === undefined) return [];
  return [
    {
      kind: item.is_savepoint ? 'savepoint' : 'checkpoint',
      path,
      id: item.id,
      atMs: Math.max(item.latest_ack_timestamp ?? 0, item.trigger_timestamp),
      sizeBytes: item.state_size,
      ...(item.checkpoint_type === 'UNALIGNED_CHECKPOINT' ? { unaligned: true as const } : {}),
      ...(item.checkpoint_type === 'SYNC_SAVEPOINT' ? { stopped: true as const } : {}),
    },
  ];
};

/** In its place stands `<checkpoint-not-externally-addressable>` for what lies in the JobManager's memory. */
const pathIn = (path: string | null | undefined): string | undefined =>
  typeof path === 'string' && path !== '' && !path.startsWith('<') ? path : undefined;

const UNKNOWN_STORAGE = 'Unknown';

const count = z.number().check(z.nonnegative());
const checkpoint = z.object({
  id: count,
  status: z.string(),
  is_savepoint: z.boolean(),
  /** SYNC_SAVEPOINT: the one of stop-with-savepoint (Flink's RestAPICheckpointType). */
  checkpoint_type: z.nullish(z.string()),
  trigger_timestamp: z.number(),
  latest_ack_timestamp: z.optional(z.number()),
  state_size: z.number(),
  external_path: z.nullish(z.string()),
  discarded: z.nullish(z.boolean()),
  failure_message: z.nullish(z.string()),
});
const checkpoints = z.object({
  counts: z.object({ completed: count }),
  latest: z.object({
    completed: z.nullish(checkpoint),
    savepoint: z.nullish(checkpoint),
    failed: z.nullish(checkpoint),
    restored: z.nullish(z.object({ id: count, external_path: z.nullish(z.string()) })),
  }),
  history: z.array(checkpoint),
});
type Parsed = z.infer<typeof checkpoints>;
const configuration = z.object({
  interval: count,
  timeout: count,
  externalization: z.object({ enabled: z.boolean(), delete_on_cancellation: z.boolean() }),
  checkpoint_storage: z.nullish(z.string()),
  unaligned_checkpoints: z.boolean(),
  tolerable_failed_checkpoints: count,
});
const savepoint = z.object({
  status: z.object({ id: z.enum(['IN_PROGRESS', 'COMPLETED']) }),
  operation: z.nullish(
    z.object({
      location: z.nullish(z.string()),
      'failure-cause': z.nullish(z.object({ 'stack-trace': z.optional(z.string()) })),
    }),
  ),
});
