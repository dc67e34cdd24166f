import { createHash } from 'node:crypto';
import { join } from 'node:path';
import versions from '../versions.json' with { type: 'json' };
import { installOnce, type Progress } from './cache.ts';
import { type Package, pipDownload, pipInstall, requirements } from './pip.ts';
import { findPython } from './python.ts';
import { runCommand } from './run-command.ts';

/** Installs the AWS emulator into a virtual environment of its own; returns that environment's python. */
export const installEmulator = async (report: Progress): Promise<{ python: string }> => {
  const packages: readonly Package[] = versions.emulator.packages;
  const base = findPython(versions.emulator.pythonMinor);
  // Another Python, or another list of packages, is another environment.
  const key = createHash('sha256')
    .update(`${base.path} ${base.version}\n${requirements(packages)}`)
    .digest('hex');
  const folder = await installOnce(`emulator-${key.slice(0, 12)}`, report, async (out, processes, scratch) => {
    report('Python environment');
    const advice = 'Python needs its venv and ensurepip modules (on Debian and Ubuntu: apt install python3-venv).';
    await runCommand(processes, base.path, ['-m', 'venv', out], { logFile: join(scratch, 'venv.log'), advice });
    report('Python environment', 1);
    const pip = { python: join(out, 'bin/python'), processes, scratch, report };
    await pipDownload(pip, 'AWS emulator', packages, ['--only-binary=:all:']);
    await pipInstall(pip, 'AWS emulator');
  });
  return { python: join(folder, 'bin/python') };
};
