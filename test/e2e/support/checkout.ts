import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, openSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from '../../../local/deploy/deploy.ts';
import { cacheFolder } from '../../../local/install/cache.ts';
import { chosenFlink } from './flink.ts';

/** What a user's clone of the project holds, as far as `npm start` needs it. */
const ENTRIES = [
  'package.json',
  'tsconfig.json',
  'serverless.yml',
  'flink-jobs.yml',
  'functions',
  'lib',
  'serverless',
  'local',
  'examples',
];

/** Makes a folder of its own from this checkout, as a second clone is, with the installed packages of this one. */
export const makeCheckout = (name: string): string => {
  const folder = join(PROJECT, '.local', 'e2e', 'checkouts', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const entry of ENTRIES) cpSync(join(PROJECT, entry), join(folder, entry), { recursive: true });
  symlinkSync(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
};

/** What is installed for this user is installed in the checkout alone, as where no other folder can be written. */
export const giveOwnCache = (folder: string): void => {
  mkdirSync(join(folder, '.local'));
  symlinkSync(cacheFolder(), join(folder, '.local', 'cache'));
};

/** `npm start` in a folder, as from a terminal: npm and all that shares the terminal with it are one process group. */
export const npmStart = (folder: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): NpmStart => {
  const log = join(folder, 'npm-start.log');
  const output = openSync(log, 'w');
  const child = spawn('npm', ['start', '-s', '--', '--flink', chosenFlink(), ...args], {
    cwd: folder,
    detached: true,
    env,
    stdio: ['ignore', output, output],
  });
  const ended = once(child, 'exit').then(([code]) => code);
  return { child, ended, said: () => readFileSync(log, 'utf8') };
};

export type NpmStart = {
  readonly child: ChildProcess;
  /** Its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  /** All of its output so far. */
  said(): string;
};
