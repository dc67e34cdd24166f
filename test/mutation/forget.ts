import { existsSync, readFileSync, writeFileSync } from 'node:fs';

type Report = {
  readonly files: Readonly<Record<string, { readonly mutants: readonly { readonly status: string }[] }>>;
};

/**
 * Takes the survivors out of an earlier run's report, so that they are run again: Stryker does not see that a new test
 * may notice a mutant which acts while its file is loaded.
 */
export const forgetSurvivors = (file: string): void => {
  if (!existsSync(file)) return;
  const report: Report = JSON.parse(readFileSync(file, 'utf8'));
  const files = Object.entries(report.files).map(([name, each]) => [
    name,
    { ...each, mutants: each.mutants.filter(({ status }) => status === 'Killed' || status === 'Timeout') },
  ]);
  writeFileSync(file, JSON.stringify({ ...report, files: Object.fromEntries(files) }));
};
