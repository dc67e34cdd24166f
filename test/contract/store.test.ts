import { describe, test } from 'vitest';
import { createFakeStore } from '../support/fake-store.ts';
import { bind } from './suites/case.ts';
import { commitCases } from './suites/store/commit.ts';
import { leaseCases } from './suites/store/lease.ts';
import { nameCases } from './suites/store/names.ts';
import { orderCases } from './suites/store/orders.ts';

describe('the store with a plain memory keeps the contract that the real one keeps', () => {
  const store = createFakeStore();
  let clusters = 0;
  const cluster = () => {
    clusters += 1;
    return `cluster-${clusters}`;
  };
  for (const { name, run } of bind([...leaseCases, ...commitCases, ...nameCases, ...orderCases], {
    store,
    cluster,
    log: async (of) => store.log(of),
  }))
    test(name, run);
});
