import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The first failure ends a mutant: the core's own tests go first, the laws with their many runs last. */
class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): string => moduleId.replace('/test/unit/', '/test/a/');
    return files.toSorted((a, b) => rank(a).localeCompare(rank(b)));
  }
}

/** The tests that lib/core has to answer to, without those that start processes or load a vendor's client. */
export default defineConfig({
  test: {
    include: ['test/unit/{core,memory,pass,operate,snapshots}/**/*.test.ts', 'test/property/**/*.test.ts'],
    exclude: ['test/unit/operate/wired.test.ts', 'test/property/manifest.test.ts'],
    isolate: false,
    // Beside much other work the longest law takes longer than usual; what does not end is ended by Stryker.
    testTimeout: 60_000,
    runner: 'test/mutation/runner.ts',
    env: { PROPERTY_RUNS: '100' },
    sequence: { sequencer: QuickFirst },
  },
});
