import { beforeEach, describe, expect, it } from 'vitest';
import { exit } from './world/ecs/service.ts';
import { codeOf, MINUTE, type QuietWorld, quietWorld } from './world/quiet-world.ts';
import { createSnapshotFiles } from './world/snapshot-files.ts';
import type { Restored } from './world/truth.ts';

const TRIGGER = 'f'.repeat(32);

let world: QuietWorld;
let lineage: string;
const id = (n: number): string => `${lineage}${n.toString(16).padStart(8, '0')}00000000`;
const files = () => createSnapshotFiles(world.stage);
const newest = () => world.stage.snapshots.list(lineage, world.sim.time.nowMs()).findLast(({ complete }) => complete);
const checkpoints = (n: number) => world.flink.checkpoints(world.at(), id(n), world.soonMs());
const status = () => world.flink.savepointStatus(world.at(), id(1), TRIGGER, world.soonMs());
const restore = (n: number, path: string): Promise<string> => {
  const request = { path, claimMode: 'NO_CLAIM', allowNonRestoredState: false } as const;
  return codeOf(world.answer(world.submit(id(n), { restore: request })), 'accepted');
};
const stopped = async (): Promise<void> => {
  const request = { triggerId: TRIGGER, directory: `s3://savepoints/${id(1)}`, stop: true };
  await world.flink.savepoint(world.at(), id(1), request, world.soonMs());
};
const killed = async (): Promise<void> => {
  exit(world.stage, world.cluster, world.process(), 'killed');
  await world.passes(2 * MINUTE);
};

beforeEach(async () => {
  world = quietWorld(1, { ms: 500, how: 'starts' });
  world.sim.phase = 'quiet';
  await world.passes(3 * MINUTE);
  lineage = world.stage.deployed.clusters()[0]?.jobs[0]?.lineage ?? '';
  await world.answer(world.submit(id(1)));
  await world.passes(10 * MINUTE);
});

describe('the buckets of snapshots', () => {
  it('tell a lineage by its prefix, what is complete, and what is not', async () => {
    await killed();
    const [home] = await files().children('s3://checkpoints', lineage, 0);
    expect(home).toBe(id(1));
    const names = await files().children(`s3://checkpoints/${home}`, 'chk-', 0);
    const heads = await Promise.all(names.map((name) => files().metadata(`s3://checkpoints/${home}/${name}`, 0)));
    expect(heads.filter((head) => head === undefined)).toHaveLength(1);
    expect(heads).toHaveLength(4);
  });

  it('lose metadata, or the end of it, and keep the directory (F45)', async () => {
    await killed();
    const { path = '' } = newest() ?? {};
    world.stage.snapshots.lose(path, 'cut');
    expect(await codeOf(files().metadata(path, 0))).toBe('SNAPSHOT_CORRUPT');
    world.stage.snapshots.lose(path, 'metadata');
    expect(await files().metadata(path, 0)).toBeUndefined();
    expect(await files().children(`s3://checkpoints/${id(1)}`, 'chk-', 0)).toContain(path.split('/').at(-1));
  });
});

describe('checkpoints that do not come to their end', () => {
  const stall = (how: 'fail' | 'hang') => {
    const fromMs = world.sim.time.nowMs();
    return world.stage.snapshots.stall(id(1), { fromMs, untilMs: fromMs + 30 * MINUTE, how });
  };

  it('fail in a row, none completes meanwhile, and the next one counts on', async () => {
    const before = await checkpoints(1);
    expect(stall('fail')).toBe(true);
    expect(stall('hang')).toBe(false);
    await world.passes(20 * MINUTE);
    const failing = await checkpoints(1);
    expect(failing.completed - before.completed).toBeLessThanOrEqual(1);
    expect(failing.failing).toMatchObject({ inRow: 10 });
    await world.passes(12 * MINUTE);
    const after = await checkpoints(1);
    expect(after.failing).toBeUndefined();
    expect(after.completed).toBeGreaterThan(failing.completed);
    expect(after.snapshots[0]?.id).toBe(after.completed);
  });

  it('hang under the id of the next one', async () => {
    stall('hang');
    await world.passes(20 * MINUTE);
    const { underWay, failing, snapshots } = await checkpoints(1);
    expect(underWay?.id).toBe((snapshots[0]?.id ?? 0) + 1);
    expect(failing).toBeUndefined();
  });

  it('are mended at once when trouble is over', async () => {
    stall('fail');
    await world.passes(10 * MINUTE);
    world.stage.snapshots.mend(world.sim.time.nowMs());
    await world.passes(3 * MINUTE);
    expect((await checkpoints(1)).failing).toBeUndefined();
  });
});

describe('a restore', () => {
  it('begins from a complete snapshot, says so, and counts on from its id', async () => {
    await killed();
    const { path = '', id: at = 0 } = newest() ?? {};
    expect(await restore(2, path)).toBe('accepted');
    await world.passes(5 * MINUTE);
    const { restored, snapshots } = await checkpoints(2);
    expect(restored).toEqual({ path, id: at } satisfies Restored);
    expect(snapshots[0]?.id).toBeGreaterThan(at);
    expect(world.stage.notes.truth.starts.at(-1)?.restored).toEqual({ path, id: at });
  });

  it('of what is not there is refused, and burns its id (F52)', async () => {
    expect(await restore(2, 's3://checkpoints/nobody/chk-1')).toBe('SNAPSHOT_UNREADABLE');
    expect(await world.jobs()).toContain(`${id(2)} FAILED`);
  });
});

describe('a savepoint that ends its job', () => {
  it('leaves itself and no checkpoint, and one trigger is one savepoint (F110)', async () => {
    await stopped();
    expect(await status()).toEqual({ state: 'in-progress' });
    await stopped();
    await world.passes(10 * MINUTE);
    expect(world.stage.notes.truth.triggers).toHaveLength(1);
    expect((await world.jobs())[0]).toBe(`${id(1)} FINISHED`);
    const left = world.stage.snapshots.list(lineage, world.sim.time.nowMs());
    expect(left.map(({ kind, complete }) => [kind, complete])).toEqual([['savepoint', true]]);
  });

  it('is told for five minutes after it is over, and is gone with its process', async () => {
    await stopped();
    for (let ms = 0; ms < 10 * MINUTE && (await status()).state === 'in-progress'; ms += 1_000)
      await world.passes(1_000);
    expect(await status()).toEqual({ state: 'completed', path: newest()?.path });
    await world.passes(6 * MINUTE);
    expect(await status()).toEqual({ state: 'unknown' });
  });

  it('fails where its job has ended, which its trigger tells', async () => {
    await world.flink.cancel(world.at(), id(1), world.soonMs());
    await stopped();
    await world.passes(10 * MINUTE);
    expect((await world.answer(status())).state).not.toBe('completed');
    expect(world.stage.notes.truth.triggers.map(({ path }) => path)).toEqual([undefined]);
  });
});

describe('a savepoint beside the work', () => {
  const saved = async (triggerId = TRIGGER): Promise<void> => {
    const request = { triggerId, directory: `s3://savepoints/${id(1)}`, stop: false };
    await world.flink.savepoint(world.at(), id(1), request, world.soonMs());
    await world.passes(10 * MINUTE);
  };
  const kinds = () => world.stage.snapshots.list(lineage, world.sim.time.nowMs()).map(({ kind }) => kind);

  it('leaves its job running, takes an id of its checkpoints, and is told among them', async () => {
    await saved();
    expect((await world.jobs())[0]).toBe(`${id(1)} RUNNING`);
    const { snapshots, completed } = await checkpoints(1);
    const ids = snapshots.map((each) => each.id);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => b - a));
    expect(snapshots.filter(({ kind }) => kind === 'savepoint').map(({ stopped }) => stopped)).toEqual([undefined]);
    expect(completed).toBe(ids[0]);
  });

  it('outlasts the end of its job, whatever becomes of its checkpoints', async () => {
    await saved();
    await stopped();
    await world.passes(10 * MINUTE);
    expect(kinds()).toEqual(['savepoint', 'savepoint']);
    await saved('e'.repeat(32));
    expect(kinds()).toHaveLength(2);
  });

  it('fails where Flink can write none, which its trigger tells', async () => {
    world.cluster.savepointsRefusedUntilMs = Number.POSITIVE_INFINITY;
    await saved();
    expect(world.stage.notes.truth.triggers.map(({ refused, path }) => [refused, path])).toEqual([[true, undefined]]);
    expect(kinds()).not.toContain('savepoint');
  });

  it('is deleted some time after that was asked for, and a second time is nothing', async () => {
    await saved();
    const { path = '' } = world.stage.notes.truth.triggers[0] ?? {};
    for (const _ of [1, 2]) {
      await world.flink.dispose(world.at(), path, world.soonMs());
      await world.passes(MINUTE);
    }
    expect(kinds()).not.toContain('savepoint');
    expect(world.stage.notes.truth.deletions).toMatchObject([{ how: 'disposal', path }]);
  });
});

describe('what an earlier run left', () => {
  it('goes with its directory, and others stay', async () => {
    await killed();
    await world.answer(world.submit(id(2)));
    await world.passes(10 * MINUTE);
    expect(await files().remove(`s3://checkpoints/${id(1)}`, 0)).toBe(true);
    expect(await files().children('s3://checkpoints', lineage, 0)).toEqual([id(2)]);
    expect(world.stage.notes.truth.deletions[0]?.gone).toHaveLength(3);
  });
});
