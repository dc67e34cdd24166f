import { describe, expect, test } from 'vitest';
import { readCheckpointConfig, readCheckpoints, readSavepointStatus } from '../../../lib/adapters/flink-checkpoints.ts';

const item = (id: number, more: object = {}) => ({
  className: 'completed',
  id,
  status: 'COMPLETED',
  is_savepoint: false,
  trigger_timestamp: 1_000 * id,
  latest_ack_timestamp: 1_000 * id + 50,
  state_size: 100,
  external_path: `s3://b/c/job/chk-${id}`,
  discarded: false,
  ...more,
});
const none = { completed: null, savepoint: null, failed: null, restored: null };
const answer = (history: readonly object[], latest: object = {}, completed = history.length) =>
  readCheckpoints(JSON.stringify({ counts: { completed }, latest: { ...none, ...latest }, history }));
const seen = (id: number) => ({
  kind: 'checkpoint',
  path: `s3://b/c/job/chk-${id}`,
  id,
  atMs: 1_000 * id + 50,
  sizeBytes: 100,
});
const savepoint = { is_savepoint: true, external_path: 's3://b/s/savepoint-1' };

describe('what Flink says of the snapshots of a job', () => {
  test('is each complete one once, the newest first', () => {
    const found = answer([item(3), item(2)], { completed: item(3), savepoint: item(1, savepoint) });
    expect(found).toEqual({
      completed: 2,
      snapshots: [seen(3), seen(2), { ...seen(1), kind: 'savepoint', path: 's3://b/s/savepoint-1' }],
    });
  });

  test.each([
    ['CHECKPOINT', {}],
    ['UNALIGNED_CHECKPOINT', { unaligned: true }],
    ['SAVEPOINT', {}],
    ['SYNC_SAVEPOINT', { stopped: true }],
  ])('says of a %s: %j', (checkpoint_type, more) => {
    expect(answer([item(2, { checkpoint_type })]).snapshots).toEqual([{ ...seen(2), ...more }]);
  });

  test.each([
    ['discarded', { discarded: true }],
    ['still in progress', { status: 'IN_PROGRESS', latest_ack_timestamp: -1, external_path: undefined }],
    ['failed', { status: 'FAILED', external_path: undefined, discarded: undefined }],
    ["in the JobManager's memory", { external_path: '<checkpoint-not-externally-addressable>' }],
    ['without a path', { external_path: null }],
  ])('names none that is %s', (_, more) => {
    expect(answer([item(2, more), item(1)], {}, 7)).toMatchObject({ completed: 7, snapshots: [seen(1)] });
  });

  test.each([
    [
      { id: 9, external_path: 's3://b/c/old/chk-9' },
      { id: 9, path: 's3://b/c/old/chk-9' },
    ],
    [{ id: 9, external_path: '<checkpoint-not-externally-addressable>' }, { id: 9 }],
  ])('tells what the job began from: %j', (restored, expected) => {
    expect(answer([], { restored })).toEqual({ completed: 0, snapshots: [], restored: expected });
  });

  test.each(['<html>', '{}', '{"counts":{"completed":1},"latest":{},"history":[{"id":1}]}'])('is not %s', (text) => {
    expect(() => readCheckpoints(text)).toThrow(expect.objectContaining({ code: 'FLINK_UNREADABLE' }));
  });
});

describe('how a job takes checkpoints', () => {
  const config = {
    interval: 10_000,
    timeout: 600_000,
    externalization: { enabled: true, delete_on_cancellation: false },
    checkpoint_storage: 'FileSystemCheckpointStorage',
    unaligned_checkpoints: false,
    tolerable_failed_checkpoints: 2,
  };
  const read = (more: object) => readCheckpointConfig(JSON.stringify({ ...config, ...more }));
  const expected = {
    intervalMs: 10_000,
    timeoutMs: 600_000,
    toleratedFailures: 2,
    retention: 'retain',
    inMemory: false,
    unaligned: false,
  };

  test.each([
    [{}, {}],
    [{ unaligned_checkpoints: true }, { unaligned: true }],
    [{ externalization: { enabled: true, delete_on_cancellation: true } }, { retention: 'delete' }],
    [{ externalization: { enabled: false, delete_on_cancellation: true } }, { retention: 'none' }],
    [{ checkpoint_storage: 'JobManagerCheckpointStorage' }, { inMemory: true }],
    [{ checkpoint_storage: 'MemoryStateBackend' }, { inMemory: true }],
  ])('%j is %j', (more, differs) => {
    expect(read(more)).toEqual({ ...expected, ...differs });
  });

  test('an interval beyond all numbers means that it takes none by itself', () => {
    const text = JSON.stringify({ ...config, interval: 1 }).replace('"interval":1', '"interval":9223372036854775807');
    const { intervalMs: _, ...off } = expected;
    expect(readCheckpointConfig(text)).toEqual(off);
  });

  test('is not known while the job has no storage', () => {
    expect(read({ checkpoint_storage: 'Unknown' })).toBeUndefined();
    expect(read({ checkpoint_storage: undefined })).toBeUndefined();
  });
});

test.each([
  [{ status: { id: 'IN_PROGRESS' }, operation: null }, { state: 'in-progress' }],
  [
    { status: { id: 'COMPLETED' }, operation: { location: 's3://b/s/savepoint-1' } },
    { state: 'completed', path: 's3://b/s/savepoint-1' },
  ],
  [
    {
      status: { id: 'COMPLETED' },
      operation: { 'failure-cause': { 'stack-trace': 'a.Completion\n\tat x\nCaused by: b.IO: full\n' } },
    },
    { state: 'failed', because: 'b.IO: full' },
  ],
  [
    { status: { id: 'COMPLETED' }, operation: {} },
    { state: 'failed', because: 'Flink says no more' },
  ],
])('a savepoint of which Flink says %j is %j', (said, expected) => {
  expect(readSavepointStatus(JSON.stringify(said))).toEqual(expected);
});
