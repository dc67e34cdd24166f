import assert from 'node:assert/strict';
import { defaults } from '../../../../lib/core/defaults.ts';
import { type Case, faultOf } from '../case.ts';
import { EMPTY, type StoreTarget, soon, T, take } from './target.ts';

/** One lease a cluster: who has it, until when, and who rang. */
export const leaseCases: readonly Case<StoreTarget>[] = [
  {
    name: 'an unknown cluster is empty, and nobody holds its lease',
    run: async (target) => {
      const cluster = target.cluster();
      assert.deepEqual(await target.store.load(cluster, soon()), EMPTY);
      assert.equal(await target.store.ring(cluster, T, soon()), undefined);
      assert.deepEqual(await target.store.load(cluster, soon()), EMPTY);
      const lease = await take(target, cluster);
      assert.deepEqual(lease, { cluster, owner: 'a', fence: 1, bell: 0, untilMs: T + 20_000 });
    },
  },
  {
    name: 'a lease is held up to and with its last millisecond, and free in the next (F94)',
    run: async (target) => {
      const cluster = target.cluster();
      const { untilMs } = await take(target, cluster);
      assert.equal(
        await target.store.acquire(cluster, { owner: 'b', nowMs: untilMs, untilMs: untilMs + 1 }, soon()),
        undefined,
      );
      const next = await target.store.acquire(
        cluster,
        { owner: 'b', nowMs: untilMs + 1, untilMs: untilMs + 9 },
        soon(),
      );
      assert.deepEqual([next?.owner, next?.fence], ['b', 2]);
    },
  },
  {
    name: 'who holds a lease, until when, can be read without a ring',
    run: async (target) => {
      const cluster = target.cluster();
      assert.equal(await target.store.holder(cluster, T, soon()), undefined);
      const lease = await take(target, cluster);
      const { untilMs } = lease;
      assert.deepEqual(await target.store.holder(cluster, untilMs, soon()), { untilMs });
      assert.equal(await target.store.holder(cluster, untilMs + 1, soon()), undefined);
      assert.equal(await target.store.release(lease, soon()), undefined);
      const stays = { owner: 'b', nowMs: T, untilMs, staysUntilMs: T + 9 };
      await target.store.acquire(cluster, stays, soon());
      assert.deepEqual(await target.store.holder(cluster, T, soon()), { untilMs, staysUntilMs: T + 9 });
    },
  },
  {
    name: 'a lease that ends farther ahead than any owner may need it is nobody’s, since a clock was wrong (F92)',
    run: async (target) => {
      const cluster = target.cluster();
      const untilMs = T + defaults.leaseFarMs + 3_600_000;
      const wrong = await target.store.acquire(cluster, { owner: 'a', nowMs: untilMs - 20_000, untilMs }, soon());
      const nearMs = untilMs - defaults.leaseFarMs;
      const next = (owner: string, nowMs: number) => ({ owner, nowMs, untilMs: nowMs + 20_000 });
      assert.equal(await target.store.acquire(cluster, next('b', nearMs), soon()), undefined);
      assert.deepEqual(await target.store.holder(cluster, nearMs, soon()), { untilMs });
      assert.deepEqual(await target.store.ring(cluster, nearMs, soon()), {});
      assert.equal(await target.store.holder(cluster, nearMs - 1, soon()), undefined);
      assert.equal(await target.store.ring(cluster, nearMs - 1, soon()), undefined);
      const right = await target.store.acquire(cluster, next('b', nearMs - 1), soon());
      assert.deepEqual([right?.owner, right?.fence], ['b', 2]);
      // Whose clock was wrong writes nothing any more.
      assert(wrong !== undefined);
      const late = target.store.commit(wrong, { jobs: {}, incidents: [], log: [] }, untilMs, untilMs, soon());
      assert.equal((await faultOf(late)).code, 'LEASE_LOST');
    },
  },
  {
    name: 'of eight at once exactly one gets the lease (F30)',
    run: async (target) => {
      const cluster = target.cluster();
      const owners = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
      const got = await Promise.all(
        owners.map((owner) => target.store.acquire(cluster, { owner, nowMs: T, untilMs: T + 9 }, soon())),
      );
      assert.equal(got.filter((lease) => lease !== undefined).length, 1);
    },
  },
  {
    name: 'the same claim repeated, as after a lost answer, is the same lease',
    run: async (target) => {
      const cluster = target.cluster();
      assert.deepEqual(await take(target, cluster), await take(target, cluster));
    },
  },
  {
    name: 'a released lease is free at once, and the fence goes on growing',
    run: async (target) => {
      const cluster = target.cluster();
      const first = await take(target, cluster);
      assert.equal(await target.store.release(first, soon()), undefined);
      assert.equal(await target.store.ring(cluster, T, soon()), undefined);
      assert.equal((await take(target, cluster, 'b')).fence, first.fence + 1);
      assert.equal((await faultOf(target.store.release(first, soon()))).code, 'LEASE_LOST');
    },
  },
  {
    name: 'releasing twice, as after a lost answer, is released',
    run: async (target) => {
      const lease = await take(target, target.cluster());
      assert.equal(await target.store.release(lease, soon()), undefined);
      assert.equal(await target.store.release(lease, soon()), undefined);
    },
  },
  {
    name: 'a ring keeps the lease with its owner, who sees the new count (F132)',
    run: async (target) => {
      const cluster = target.cluster();
      const lease = await take(target, cluster);
      assert.deepEqual(await target.store.ring(cluster, lease.untilMs, soon()), {});
      assert.deepEqual(await target.store.ring(cluster, lease.untilMs, soon()), {});
      const rung = await target.store.release(lease, soon());
      assert.deepEqual(rung, { ...lease, bell: lease.bell + 2 });
      assert.equal(await target.store.acquire(cluster, { owner: 'b', nowMs: T, untilMs: T + 9 }, soon()), undefined);
      assert.equal(await target.store.release(rung, soon()), undefined);
    },
  },
  {
    name: 'who rings is told how long the owner stays, and only of this owner',
    run: async (target) => {
      const cluster = target.cluster();
      const staying = { owner: 'a', nowMs: T, untilMs: T + 20_000, staysUntilMs: T + 180_000 };
      const lease = await target.store.acquire(cluster, staying, soon());
      if (lease === undefined) throw new Error('the lease of a new cluster was not free');
      const renewed = await target.store.commit(lease, { jobs: {}, incidents: [], log: [] }, T + 30_000, T, soon());
      assert.deepEqual(await target.store.ring(cluster, T, soon()), { staysUntilMs: T + 180_000 });
      await target.store.release({ ...renewed, bell: renewed.bell + 1 }, soon());
      await take(target, cluster, 'b');
      assert.deepEqual(await target.store.ring(cluster, T, soon()), {});
    },
  },
  {
    name: 'nobody hears a ring after the lease ran out: the ringer is told so',
    run: async (target) => {
      const cluster = target.cluster();
      const { untilMs } = await take(target, cluster);
      assert.equal(await target.store.ring(cluster, untilMs + 1, soon()), undefined);
    },
  },
];
