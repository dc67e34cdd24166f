import type { Stryker } from '@stryker-mutator/core';

type Options = ConstructorParameters<typeof Stryker>[0];

/** What an earlier run came to. */
export const INCREMENTAL_FILE = '.local/mutation/incremental.json';

/** How these files of lib/core are mutated: by every mutator, in every line. */
export const optionsFor = (
  files: readonly string[],
  { concurrency, force }: { readonly concurrency: number; readonly force: boolean },
): Options => ({
  mutate: [...files],
  testRunner: 'vitest',
  vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
  // The newest TypeScript has no JavaScript API for Stryker to read its configuration with.
  tsconfigFile: 'no-tsconfig.json',
  disableTypeChecks: false,
  coverageAnalysis: 'perTest',
  concurrency,
  // A loop that does not end is ended by its count of hits. What is ended by the clock counts as noticed, so that a busy
  // machine, on which milliseconds become seconds, must not do that.
  timeoutMS: 60_000,
  ignorePatterns: ['**', '!lib/**', '!test/**', '!serverless/**', '!package.json'],
  incremental: true,
  incrementalFile: INCREMENTAL_FILE,
  force,
  tempDirName: '.local/mutation/sandboxes',
  reporters: ['progress', 'html'],
  htmlReporter: { fileName: '.local/mutation/report.html' },
  allowEmpty: false,
});
