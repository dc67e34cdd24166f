import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Processes } from '../processes.ts';
import { bytesBelow } from './bytes-below.ts';
import type { Progress } from './cache.ts';
import { downloadProblem, spaceProblem } from './problems.ts';
import { runCommand } from './run-command.ts';

/** One entry of versions.json: a package of the Python index, with the hash of every file that may be taken for it. */
export type Package = {
  readonly name: string;
  readonly version: string;
  readonly bytes: number;
  readonly sha256: readonly string[];
  /** An environment marker: which Pythons need it. */
  readonly when?: string;
};

/** The lines of a requirements file that pip accepts with --require-hashes. */
export const requirements = (packages: readonly Package[]): string =>
  packages
    .map(({ name, version, sha256, when }) => {
      const marker = when === undefined ? '' : ` ; ${when}`;
      return `${name}==${version}${marker}${sha256.map((hash) => ` \\\n  --hash=sha256:${hash}`).join('')}\n`;
    })
    .join('');

/** What pip is run with. */
export type Pip = { python: string; processes: Processes; scratch: string; report: Progress };

/**
 * Downloads packages with pip, which checks every file against its hash, into `scratch`/wheels; returns that folder.
 * `what` is told with the share of the bytes that have arrived, read from the growing files.
 */
export const pipDownload = async (
  { python, processes, scratch, report }: Pip,
  what: string,
  packages: readonly Package[],
  options: readonly string[],
): Promise<string> => {
  const wheels = join(scratch, 'wheels');
  const temporary = join(scratch, 'tmp');
  for (const folder of [wheels, temporary]) mkdirSync(folder, { recursive: true });
  const list = join(scratch, 'requirements.txt');
  writeFileSync(list, requirements(packages));
  const bytes = packages.reduce((sum, item) => sum + item.bytes, 0);
  const lacking = spaceProblem(what, bytes, dirname(scratch));
  if (lacking !== undefined) throw new Error(lacking);
  const poll = setInterval(
    () => report(what, Math.min(0.99, (bytesBelow(wheels) + bytesBelow(temporary)) / bytes)),
    200,
  );
  try {
    const args = ['-m', 'pip', 'download', '--no-deps', '--require-hashes', '--no-cache-dir', ...options];
    await runCommand(processes, python, [...args, '-r', list, '-d', wheels], {
      logFile: join(scratch, 'pip.log'),
      env: { TMPDIR: temporary },
      advice: `Downloading ${what} needs the Python package index (pip's own settings apply).`,
    });
  } catch (error) {
    const problem = downloadProblem(what, bytes, String(error));
    throw problem === undefined ? error : new Error(problem, { cause: error });
  } finally {
    clearInterval(poll);
  }
  report(what, 1);
  return wheels;
};

/** Installs what `pipDownload` has brought, without the network. */
export const pipInstall = async (
  { python, processes, scratch, report }: Pip,
  what: string,
  options: readonly string[] = [],
): Promise<void> => {
  report(`${what}: installing`);
  const source = ['--no-index', '--find-links', join(scratch, 'wheels'), '-r', join(scratch, 'requirements.txt')];
  const args = ['-m', 'pip', 'install', '--no-deps', '--require-hashes', ...source, ...options];
  await runCommand(processes, python, args, { logFile: join(scratch, 'pip.log') });
  report(`${what}: installing`, 1);
};
