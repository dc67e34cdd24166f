import assert from 'node:assert/strict';
import type { Order } from '../../../../lib/core/model.ts';
import type { Case } from '../case.ts';
import { exampleLogEntry } from './examples.ts';
import { EMPTY, type StoreTarget, save, soon, T, take } from './target.ts';

const pauseOrder: Order = {
  id: '00017-a',
  kind: 'pause',
  who: 'ännie@example.com',
  why: 'a deploy\nof two lines',
  atMs: T,
  expiresMs: T + 1,
};
const adoptOrder: Order = { ...pauseOrder, id: '00018-b', kind: 'adopt', job: 'orders', jobId: '0'.repeat(32) };

/** What people say: orders, the pause of a cluster, and the audit trail that they read. */
export const orderCases: readonly Case<StoreTarget>[] = [
  {
    name: 'orders are loaded in the order of their ids, whole, and written twice they are one',
    run: async (target) => {
      const cluster = target.cluster();
      await target.store.order(cluster, adoptOrder, soon());
      await target.store.order(cluster, pauseOrder, soon());
      await target.store.order(cluster, pauseOrder, soon());
      assert.deepEqual((await target.store.load(cluster, soon())).orders, [pauseOrder, adoptOrder]);
    },
  },
  {
    name: 'an order needs no lease, and is consumed with what came of it',
    run: async (target) => {
      const cluster = target.cluster();
      const lease = await take(target, cluster);
      await target.store.order(cluster, pauseOrder, soon());
      await target.store.order(cluster, adoptOrder, soon());
      const pause = { who: 'a', why: 'b', sinceMs: T, untilMs: T + 9 };
      const held = await save(target, lease, { consumed: [pauseOrder.id], pause });
      assert.deepEqual(await target.store.load(cluster, soon()), { ...EMPTY, orders: [adoptOrder], pause });
      await save(target, held, { consumed: [adoptOrder.id, adoptOrder.id.concat('-unknown')], pause: null });
      assert.deepEqual(await target.store.load(cluster, soon()), EMPTY);
    },
  },
  {
    name: 'the audit trail is read newest first, bounded, and before a time (F88)',
    run: async (target) => {
      const cluster = target.cluster();
      const entries = [0, 1, 2, 3].map((n) => ({ ...exampleLogEntry, atMs: T + n, what: `n${n}`, orderId: `${n}` }));
      await save(target, await take(target, cluster), { log: entries });
      const read = async (page: { limit: number; beforeMs?: number }) =>
        (await target.store.history(cluster, page, soon())).map(({ what }) => what);
      assert.deepEqual(await read({ limit: 2 }), ['n3', 'n2']);
      assert.deepEqual(await read({ limit: 9, beforeMs: T + 2 }), ['n1', 'n0']);
      assert.deepEqual((await target.store.history(cluster, { limit: 1 }, soon()))[0], entries[3]);
    },
  },
];
