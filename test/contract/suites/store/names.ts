import assert from 'node:assert/strict';
import type { Case } from '../case.ts';
import { exampleIncident, exampleJob } from './examples.ts';
import { EMPTY, type StoreTarget, save, soon, take } from './target.ts';

/** The names of the clusters that are looked after. */
export const nameCases: readonly Case<StoreTarget>[] = [
  {
    name: 'a name that was added is known once, however often it was, until it is forgotten',
    run: async ({ store, cluster }) => {
      const [first, second] = [cluster(), cluster()];
      const known = async () => (await store.clusters(soon())).filter((name) => name === first || name === second);
      assert.deepEqual(await known(), []);
      for (const name of [second, first, first]) await store.addCluster(name, soon());
      assert.deepEqual((await known()).toSorted(), [first, second].toSorted());
      await store.forgetCluster(first, soon());
      await store.forgetCluster(first, soon());
      assert.deepEqual(await known(), [second]);
      await store.forgetCluster(second, soon());
      assert.deepEqual(await known(), []);
    },
  },
  {
    name: 'a name says nothing of what is kept of its cluster',
    run: async (target) => {
      const { store } = target;
      const cluster = target.cluster();
      await store.addCluster(cluster, soon());
      assert.deepEqual(await store.load(cluster, soon()), EMPTY);
      const kept = { jobs: { orders: exampleJob }, incidents: [exampleIncident] };
      await save(target, await take(target, cluster), kept);
      await store.forgetCluster(cluster, soon());
      assert.deepEqual(await store.load(cluster, soon()), { ...EMPTY, ...kept });
      assert(!(await store.clusters(soon())).includes(cluster));
    },
  },
];
