import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import versions from '../versions.json' with { type: 'json' };
import { installOnce, type Progress } from './cache.ts';
import { installEmulator } from './emulator.ts';
import { pipDownload } from './pip.ts';
import { runCommand } from './run-command.ts';

/** The versions of Flink that can be installed. */
export type FlinkVersion = keyof typeof versions.flink;

/**
 * Installs the jars of a Flink distribution; returns the folder that holds lib/ and plugins/. They come from Flink's
 * package for Python, which carries the whole distribution without its scripts.
 */
export const installFlink = async (version: FlinkVersion, report: Progress): Promise<{ home: string }> => {
  const libraries = versions.flink[version];
  // pip prepares the package's metadata: the setuptools for it are those of the emulator's environment, checked by hash.
  const { python } = await installEmulator(report);
  const home = await installOnce(`flink-${version}`, report, async (out, processes, scratch) => {
    const options = ['--no-build-isolation', '--no-binary=:all:'];
    const folder = await pipDownload({ python, processes, scratch, report }, `Flink ${version}`, [libraries], options);
    report(`Flink ${version}: unpacking`);
    mkdirSync(out);
    const [archive] = readdirSync(folder);
    const top = `${libraries.name.replaceAll('-', '_')}-${version}`;
    const wanted = ['deps/lib', 'deps/plugins'].map((part) => `${top}/${part}`);
    const args = ['-xzf', join(folder, archive ?? ''), '-C', out, '--strip-components=2', ...wanted];
    await runCommand(processes, 'tar', args, { logFile: join(scratch, 'tar.log') });
    report(`Flink ${version}: unpacking`, 1);
  });
  return { home };
};
