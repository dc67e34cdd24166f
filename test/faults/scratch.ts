import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { CHECKOUT, type GuardedLine } from './faults.ts';

/** A copy of the checkout in which lines may be deleted; the working tree is never touched. */
export const createScratch = (lane: string): Scratch => {
  const dir = join(CHECKOUT, '.local/faults', lane);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  for (const name of readdirSync(CHECKOUT).filter((each) => !LEFT_OUT.has(each)))
    cpSync(join(CHECKOUT, name), join(dir, name), { recursive: true });
  symlinkSync(join(CHECKOUT, 'node_modules'), join(dir, 'node_modules'));
  return {
    dir,
    without: async (line, work) => {
      const file = join(dir, line.file);
      const text = readFileSync(file, 'utf8');
      const rest = withoutLine(text, line);
      if (!parses(line.file, rest)) return 'does not parse';
      writeFileSync(file, rest);
      try {
        return await work();
      } finally {
        writeFileSync(file, text);
      }
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
};

export type Scratch = {
  readonly dir: string;
  /** Does `work` while the line is missing. A file that does not parse proves nothing: then no work is done. */
  without<T>(line: GuardedLine, work: () => Promise<T>): Promise<T | 'does not parse'>;
  remove(): void;
};

const LEFT_OUT: ReadonlySet<string> = new Set(['node_modules', '.git', '.local', '.build', '.serverless', 'coverage']);

/** The text without the line, or lines, that hold the recorded text; or with `instead` in its place. */
export const withoutLine = (text: string, { text: guarded, instead }: GuardedLine): string => {
  const at = text.indexOf(guarded);
  if (at < 0) return text;
  if (instead !== undefined) return text.slice(0, at) + instead + text.slice(at + guarded.length);
  const start = text.lastIndexOf('\n', at) + 1;
  const end = text.indexOf('\n', at + guarded.length);
  return text.slice(0, start) + text.slice(end + 1);
};

const parses = (file: string, text: string): boolean => {
  if (!file.endsWith('.ts')) return true;
  try {
    transformSync(text, { loader: 'ts', logLevel: 'silent' });
    return true;
  } catch {
    return false;
  }
};
