import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Processes } from '../processes.ts';

/** The root of this checkout. */
export const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Runs `serverless deploy` on a copy of some of a folder's files: what a deploy writes (.serverless, .build) then never
 * meets that of another world which deploys from the same checkout. Throws with what serverless said when it fails.
 */
export const deploy = async (options: DeployOptions): Promise<void> => {
  const { processes, name, workFolder, logFile } = options;
  const copy = join(workFolder, name);
  copyService(options, copy);
  // Packages are found through the checkout's node_modules, wherever the copy lies.
  const modules = join(workFolder, 'node_modules');
  if (!existsSync(modules)) symlinkSync(join(PROJECT, 'node_modules'), modules);
  rmSync(logFile, { force: true });
  const args = [
    SERVERLESS,
    'deploy',
    ...Object.entries(options.params).map(([key, value]) => `--param=${key}=${value}`),
  ];
  const child = processes.spawn(process.execPath, args, {
    name: `deploy ${name}`,
    logFile,
    env: options.env,
    cwd: copy,
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`serverless deploy of ${name} failed:\n${lastLines(logFile)}`);
};

export type DeployOptions = {
  processes: Processes;
  name: string;
  /** The folder that holds serverless.yml, and which of its entries belong to the service (default: all). */
  source: string;
  entries?: readonly string[];
  /** Files that replace others in the copy: name in the copy → file. */
  replacements?: Readonly<Record<string, string>>;
  params: Readonly<Record<string, string>>;
  workFolder: string;
  logFile: string;
  env: Record<string, string>;
};

const copyService = (
  { source, entries = readdirSync(source), replacements = {} }: DeployOptions,
  copy: string,
): void => {
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy, { recursive: true });
  for (const entry of entries) {
    if (!WRITTEN.includes(entry) && existsSync(join(source, entry)))
      cpSync(join(source, entry), join(copy, entry), { recursive: true });
  }
  for (const [name, file] of Object.entries(replacements)) cpSync(file, join(copy, name));
};

// What deploys and installs write beside a serverless.yml.
const WRITTEN = ['.serverless', '.build', 'node_modules'];

const SERVERLESS = join(PROJECT, 'node_modules/serverless/bin/serverless.js');

const lastLines = (logFile: string): string => readFileSync(logFile, 'utf8').trim().split('\n').slice(-40).join('\n');
