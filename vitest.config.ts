import { defineConfig } from 'vitest/config';

/** One project for each layer of tests; `npm test` runs all but e2e, which has its own runner on the real world. */
const layer = (name: string, testTimeout = 5_000, isolate = true) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout, hookTimeout: testTimeout, isolate },
});

export default defineConfig({
  test: {
    // More than there are cores: many of the files wait for processes and sockets most of their time.
    maxWorkers: 3,
    projects: [
      // Nothing in lib/ keeps state in a module: a fresh one for each file would only cost time. Each takes milliseconds;
      // those that wait for real processes have time enough on a busy machine.
      layer('unit', 20_000, false),
      layer('property', 30_000, false),
      layer('contract', 20_000),
      layer('simulation', 60_000),
      // One after the other; what judges all their recordings comes last. (An order of 0 would come after every other.)
      { test: { ...layer('e2e', 300_000).test, sequence: { groupOrder: 1 } } },
      { test: { name: 'fidelity', include: ['test/e2e/fidelity/judgement.ts'], sequence: { groupOrder: 2 } } },
    ],
  },
});
