import { execFileSync } from 'node:child_process';

/** A Python of this machine: its real path and version, such as '3.11.7'. */
export type Python = { readonly path: string; readonly version: string };

/** Finds a Python that is new enough (3.`minor` or later); throws one sentence that says what is missing. */
export const findPython = (minor: number): Python => {
  const found = ['python3', ...[14, 13, 12, 11, 10].map((n) => `python3.${n}`)].flatMap(ask);
  const chosen = found.find(({ version }) => Number(version.split('.')[1]) >= minor);
  if (chosen !== undefined) return chosen;
  const seen =
    found.length === 0 ? 'no python3 was found' : `found only Python ${found.map((p) => p.version).join(', ')}`;
  throw new Error(
    `The local AWS runs on Python 3.${minor} or newer, and ${seen} on the PATH: install it and start again.`,
  );
};

const ASK = 'import os, sys; print(os.path.realpath(sys.executable)); print(".".join(map(str, sys.version_info[:3])))';

const ask = (command: string): Python[] => {
  try {
    const output = execFileSync(command, ['-c', ASK], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const [path, version] = output.trim().split('\n');
    return path !== undefined && version?.startsWith('3.') === true ? [{ path, version }] : [];
  } catch {
    return []; // not there, or a stub that only says how to install it
  }
};
