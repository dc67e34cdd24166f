import { describe, expect, it } from 'vitest';
import { act } from '../../../lib/act.ts';
import { Fault } from '../../../lib/core/errors.ts';
import type { Attempt, Effect, Found } from '../../../lib/core/model.ts';
import { proveSource } from '../../../lib/snapshots/prove-source.ts';
import { aCheckpoint, aCluster, anAttempt, aPost, idOf, jm, t0 } from '../../support/builders.ts';
import { createFakeSnapshots, type FakeSnapshots } from '../../support/fake-snapshots.ts';
import { createWorld, jobManagerAt, portsOf } from '../pass/fake-ports.ts';

const store = (...ids: readonly number[]): FakeSnapshots => {
  const files = createFakeSnapshots(() => t0);
  for (const id of ids) files.snapshot(aCheckpoint(id).path, id);
  return files;
};
const from = (source: Found = aCheckpoint(42), changes: Partial<Attempt> = {}): Attempt =>
  anAttempt(2, { source, posts: [aPost()], ...changes });
const proven = (files: FakeSnapshots, attempt = from(), attempts: readonly Attempt[] = []) =>
  proveSource(files, attempt, attempts, t0 + 1_000);

describe('a snapshot that a start names', () => {
  it('is proven once more right before the call', async () => {
    await expect(proven(store(41, 42))).resolves.toBeUndefined();
    await expect(proven(store(), anAttempt(1))).resolves.toBeUndefined();
  });

  it.each<[string, (files: FakeSnapshots) => void]>([
    ['gone', () => undefined],
    ['cut short', (files) => files.put(`${aCheckpoint(42).path}/_metadata`, Buffer.from('x'))],
    ['another one', (files) => files.snapshot(aCheckpoint(42).path, 7)],
  ])('that is %s by now is not named: it is chosen anew (F55, F101, F109)', async (_, spoil) => {
    const files = store(41);
    spoil(files);
    await expect(proven(files)).rejects.toMatchObject({ kind: 'transient', code: 'SNAPSHOT_GONE' });
  });

  it('that cannot be read is not named either (I6)', async () => {
    const denied = async (): Promise<never> => {
      throw new Fault('rejected', 'SNAPSHOTS_DENIED', 'not allowed');
    };
    await expect(proven({ ...store(42), metadata: denied })).rejects.toMatchObject({ code: 'SNAPSHOTS_DENIED' });
    await expect(proven({ ...store(42), children: denied })).rejects.toMatchObject({ code: 'SNAPSHOTS_DENIED' });
  });

  it('that a newer one followed meanwhile is chosen anew (F46)', async () => {
    await expect(proven(store(42, 43))).rejects.toMatchObject({ kind: 'transient', code: 'SNAPSHOT_NEWER' });
  });

  it.each<[string, (files: FakeSnapshots) => void, readonly Attempt[]]>([
    ['is not complete', (files) => files.put(`${aCheckpoint(43).path}/part`, Buffer.from('x')), []],
    [
      'was refused',
      (files) => files.snapshot(aCheckpoint(43).path, 43),
      [
        anAttempt(1, {
          source: aCheckpoint(43, 1, { path: aCheckpoint(43).path.replace('s3:', 's3a:') }),
          posts: [aPost({ answer: 'refused', refusal: { code: 'SNAPSHOT_UNREADABLE', text: 'x' } })],
        }),
      ],
    ],
  ])('stays, where the newer one %s', async (_, spoil, attempts) => {
    const files = store(42);
    spoil(files);
    await expect(proven(files, from(), attempts)).resolves.toBeUndefined();
  });

  it.each<[string, Attempt]>([
    [
      'an earlier call may have begun from it',
      from(aCheckpoint(42), { posts: [aPost({ answer: 'broken' }), aPost()] }),
    ],
    ['a person ordered it', from(aCheckpoint(42, 1, { attempt: 0 }))],
    ['it is a savepoint', from({ ...aCheckpoint(42), kind: 'savepoint', path: `s3://state/savepoints/${idOf()}/a` })],
    ['another Flink wrote it, whose newest may not fit', from(aCheckpoint(42), { flinkVersion: '1.21.0' })],
  ])('stays where %s', async (_, attempt) => {
    const files = store(42, 43);
    files.snapshot(`s3://state/savepoints/${idOf()}/a`, 42);
    await expect(proven(files, attempt, [anAttempt(1)])).resolves.toBeUndefined();
  });
});

describe('a start whose snapshot is gone', () => {
  const post = aPost();
  const run: Effect = { kind: 'run', job: 'orders', attempt: from(aCheckpoint(42), { posts: [post] }), post };

  it('never reaches Flink, and leaves no jar (F101)', async () => {
    const world = createWorld();
    const [outcome] = await act(portsOf(world), aCluster(), [run]);
    expect(outcome).toMatchObject({ answer: 'not-sent', refusal: { code: 'SNAPSHOT_GONE' } });
    expect([jobManagerAt(world).jobs.size, jobManagerAt(world).jars.size]).toEqual([0, 0]);
  });

  it('reaches it with path, claim mode and leave to drop state as the entry says', async () => {
    const world = createWorld();
    world.snapshots.snapshot(aCheckpoint(42).path, 42);
    const asked: unknown[] = [];
    const given = async (changes: Partial<Attempt['spec']>) => {
      const attempt = { ...run.attempt, spec: { ...run.attempt.spec, ...changes } };
      const flink = {
        run: async (...[, , { restore }]: readonly [unknown, unknown, { restore?: unknown }, unknown]) => {
          asked.push(restore);
        },
      };
      await act(portsOf(world, { flink }), aCluster(), [{ ...run, attempt }]);
    };
    await given({});
    await given({ claimMode: 'CLAIM', allowNonRestoredState: true });
    const { path } = aCheckpoint(42);
    expect(asked).toEqual([
      { path, claimMode: 'NO_CLAIM', allowNonRestoredState: false },
      { path, claimMode: 'CLAIM', allowNonRestoredState: true },
    ]);
    expect(jobManagerAt(world).identity.process).toBe(jm().process);
  });
});
