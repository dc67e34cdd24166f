import { createHash } from 'node:crypto';
import { accessSync, constants, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Processes } from '../processes.ts';
import versions from '../versions.json' with { type: 'json' };
import { bytesBelow } from './bytes-below.ts';
import type { Progress } from './cache.ts';
import { spaceProblem } from './problems.ts';
import { ownEnv, runCommand } from './run-command.ts';

/** One file of a Maven repository, as versions.json pins it: `artifact` is group:name:version. */
export type Artifact = { readonly artifact: string; readonly bytes: number; readonly sha256: string };

/** What Maven is run with; `java` is used where it would find none by itself. */
export type Maven = { java: string; processes: Processes; scratch: string; report: Progress };

/** There is no Maven here, or it could not bring the file: the message is one sentence, and without the file it goes on. */
export class MavenUnavailable extends Error {}

/**
 * Copies a jar of a Maven repository into the folder `out` with Maven's own client and settings; what it downloads beside
 * it stays in `scratch`. Throws MavenUnavailable, and another error for a file that is not the one that is pinned.
 */
export const mavenCopy = async ({ java, processes, scratch, report }: Maven, jar: Artifact, out: string) => {
  const env = ownEnv();
  const mvn = findMaven(env.PATH);
  if (mvn === undefined) throw new MavenUnavailable('there is no Maven (mvn) on the PATH');
  const lacking = spaceProblem(jar.artifact, jar.bytes, scratch);
  if (lacking !== undefined) throw new Error(lacking);
  const repository = join(scratch, 'repository');
  mkdirSync(out, { recursive: true });
  const poll = setInterval(() => reportArrived(jar, repository, report), POLL_MS);
  try {
    const what = [versions.maven.copy, `-Dartifact=${jar.artifact}`, `-DoutputDirectory=${out}`];
    await runCommand(processes, mvn, [...QUIETLY, ...what, `-Dmaven.repo.local=${repository}`], {
      logFile: join(scratch, 'maven.log'),
      env: hasJava(env) ? {} : { JAVA_HOME: dirname(dirname(java)) },
    });
  } catch (error) {
    throw new MavenUnavailable(`Maven (mvn) could not bring ${jar.artifact}: ${reasonIn(String(error))}`);
  } finally {
    clearInterval(poll);
  }
  checkHash(jar, out);
  report(jar.artifact, 1);
};

const POLL_MS = 200;

// Without a terminal to talk to; a file that is not what the repository says of it is refused.
const QUIETLY = ['--batch-mode', '--quiet', '--strict-checksums'];

const findMaven = (path = ''): string | undefined =>
  path
    .split(':')
    .filter((folder) => folder.startsWith('/'))
    .map((folder) => join(folder, 'mvn'))
    .find(canRun);

const hasJava = ({ JAVA_HOME, PATH = '' }: Record<string, string>): boolean =>
  JAVA_HOME !== undefined || PATH.split(':').some((folder) => canRun(join(folder, 'java')));

const canRun = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Maven's own sentence, without the advice that follows it. */
const reasonIn = (output: string): string =>
  /\[ERROR\] (.+?)(?: -> \[Help|\n|$)/.exec(output)?.[1] ?? output.split('\n').at(-1) ?? output;

// Nothing is told of what Maven loads for itself, nor where it brings nothing.
const reportArrived = ({ artifact, bytes }: Artifact, repository: string, report: Progress): void => {
  const [group = '', name = ''] = artifact.split(':');
  const arrived = bytesBelow(join(repository, ...group.split('.'), name));
  if (arrived > 0) report(artifact, Math.min(0.99, arrived / bytes));
};

const checkHash = ({ artifact, sha256 }: Artifact, folder: string): void => {
  const [file = ''] = readdirSync(folder);
  const found = createHash('sha256')
    .update(readFileSync(join(folder, file)))
    .digest('hex');
  if (found === sha256) return;
  throw new Error(
    `${artifact} should have the SHA-256 ${sha256}, what Maven brought has ${found}: look at Maven's settings (mirrors).`,
  );
};
