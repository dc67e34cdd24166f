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
  // A mutant takes milliseconds; one that runs longer than this does not end.
  timeoutMS: 5_000,
  ignorePatterns: ['**', '!lib/**', '!test/**', '!serverless/**', '!package.json'],
  incremental: true,
  incrementalFile: INCREMENTAL_FILE,
  force,
  tempDirName: '.local/mutation/sandboxes',
  reporters: ['progress', 'html'],
  htmlReporter: { fileName: '.local/mutation/report.html' },
  allowEmpty: false,
});
