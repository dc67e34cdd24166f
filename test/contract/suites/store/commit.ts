import assert from 'node:assert/strict';
import { defaults } from '../../../../lib/core/defaults.ts';
import { type Case, expectFault } from '../case.ts';
import { exampleIncident, exampleJob, exampleLogEntry } from './examples.ts';
import { EMPTY, type StoreTarget, save, soon, T, take } from './target.ts';

/** What a pass writes: all of it, only by the owner, and read back as it was. */
export const commitCases: readonly Case<StoreTarget>[] = [
  {
    name: 'what was committed is loaded again, equal in every field',
    run: async (target) => {
      const cluster = target.cluster();
      const lease = await take(target, cluster);
      const changes = { jobs: { orders: exampleJob }, incidents: [exampleIncident], log: [exampleLogEntry] };
      const renewed = await save(target, lease, changes, T + 60_000);
      assert.deepEqual(renewed, { ...lease, untilMs: T + 60_000 });
      const memory = { ...EMPTY, jobs: { orders: exampleJob }, incidents: [exampleIncident] };
      assert.deepEqual(await target.store.load(cluster, soon()), memory);
      assert.deepEqual(await target.log(cluster), [exampleLogEntry]);
      assert.equal(
        await target.store.acquire(cluster, { owner: 'b', nowMs: T + 60_000, untilMs: T + 99_999 }, soon()),
        undefined,
      );
    },
  },
  {
    name: 'fields that are undefined are not kept',
    run: async (target) => {
      const cluster = target.cluster();
      const job = Object.assign({}, exampleJob, { surplus: undefined });
      await save(target, await take(target, cluster), { jobs: { orders: job } });
      const { jobs } = await target.store.load(cluster, soon());
      assert.deepEqual(Object.keys(jobs.orders ?? {}).sort(), Object.keys(exampleJob).sort());
    },
  },
  {
    name: 'a later commit replaces what it names and leaves the rest',
    run: async (target) => {
      const cluster = target.cluster();
      const lease = await take(target, cluster);
      const other = { ...exampleIncident, key: 'other' };
      await save(target, lease, { jobs: { a: exampleJob, b: exampleJob }, incidents: [exampleIncident, other] });
      const closed = { ...exampleIncident, state: 'closed', closedMs: T + 1 } as const;
      const empty = { schema: 1, attempts: [] } as const;
      await save(target, lease, { jobs: { b: empty }, incidents: [closed] });
      const { jobs, incidents } = await target.store.load(cluster, soon());
      assert.deepEqual(jobs, { a: exampleJob, b: empty });
      assert.deepEqual(
        incidents.find(({ key }) => key === exampleIncident.key),
        closed,
      );
      assert.deepEqual(
        incidents.find(({ key }) => key === 'other'),
        other,
      );
    },
  },
  {
    name: 'an owner that was overtaken writes nothing (F94, F131)',
    run: async (target) => {
      const cluster = target.cluster();
      const frozen = await take(target, cluster);
      await take(target, cluster, 'b', frozen.untilMs + 1);
      const late = save(target, frozen, { jobs: { orders: exampleJob }, log: [exampleLogEntry] });
      await expectFault(late, 'conflict', 'LEASE_LOST');
      await expectFault(save(target, frozen, {}), 'conflict', 'LEASE_LOST');
      assert.deepEqual(await target.store.load(cluster, soon()), EMPTY);
      assert.deepEqual(await target.log(cluster), []);
    },
  },
  {
    name: 'the same owner under an older fence writes nothing',
    run: async (target) => {
      const cluster = target.cluster();
      const older = await take(target, cluster);
      await take(target, cluster, 'a', older.untilMs + 1);
      await expectFault(save(target, older, { jobs: { orders: exampleJob } }), 'conflict', 'LEASE_LOST');
      await expectFault(target.store.release(older, soon()), 'conflict', 'LEASE_LOST');
    },
  },
  {
    name: 'an owner that is late but was not overtaken may still write, and holds the lease again',
    run: async (target) => {
      const cluster = target.cluster();
      const lease = await take(target, cluster);
      await save(target, lease, {}, T + 90_000);
      assert.equal(
        await target.store.acquire(cluster, { owner: 'b', nowMs: T + 90_000, untilMs: T + 99_000 }, soon()),
        undefined,
      );
    },
  },
  {
    name: `a commit of ${defaults.transactionItemsMax} items passes, one more is a bug and writes nothing`,
    run: async (target) => {
      const cluster = target.cluster();
      const lease = await take(target, cluster);
      const log = Array.from({ length: defaults.transactionItemsMax - 1 }, () => exampleLogEntry);
      await expectFault(save(target, lease, { log: [...log, exampleLogEntry] }), 'bug', 'COMMIT_TOO_LARGE');
      assert.deepEqual(await target.log(cluster), []);
      await save(target, lease, { log });
      assert.equal((await target.log(cluster)).length, log.length);
    },
  },
  {
    name: 'more than a megabyte is loaded whole',
    run: async (target) => {
      const cluster = target.cluster();
      const [attempt] = exampleJob.attempts;
      assert(attempt !== undefined);
      const big = { schema: 1, attempts: [{ ...attempt, revision: 'x'.repeat(40_000) }] } as const;
      const jobs = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`job-${n}`, big]));
      await save(target, await take(target, cluster), { jobs });
      assert.deepEqual((await target.store.load(cluster, soon())).jobs, jobs);
    },
  },
  {
    name: 'clusters do not see each other, whatever they are called',
    run: async (target) => {
      const cluster = target.cluster();
      const lease = await take(target, cluster);
      await save(target, lease, { jobs: { 'ä/#1': exampleJob } });
      for (const other of [`${cluster}#`, `${cluster}-2`, 'LEASE']) {
        assert.deepEqual(await target.store.load(other, soon()), EMPTY);
      }
      assert.deepEqual(Object.keys((await target.store.load(cluster, soon())).jobs), ['ä/#1']);
    },
  },
  {
    name: 'what is handed out cannot be changed',
    run: async (target) => {
      const cluster = target.cluster();
      const lease = await take(target, cluster);
      await save(target, lease, { jobs: { orders: exampleJob }, incidents: [exampleIncident] });
      const { jobs, incidents } = await target.store.load(cluster, soon());
      for (const part of [lease, jobs, jobs.orders, jobs.orders?.attempts[0]?.posts, incidents, incidents[0]]) {
        assert(Object.isFrozen(part));
      }
    },
  },
];
