import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Timeline } from '../../local/show/timeline.ts';
import { FUNCTION_ENV, packageFunctions } from '../functions.ts';
import { thisMachine } from '../machine.ts';
import { runProgram } from '../program.ts';
import { type ColdPair, type ColdReport, type ColdSample, type FunctionPairs, summarizeCold } from './report.ts';

/**
 * Measures what importing each packaged function costs a new process, in pairs with an empty handler. Throws when a
 * function cannot be imported.
 */
export const benchCold = async ({ runs, timeline: { step }, signal }: ColdOptions): Promise<ColdReport> => {
  const machine = thisMachine();
  const dir = mkdtempSync(join(tmpdir(), 'bench-cold-'));
  try {
    const empty = join(dir, 'empty.mjs');
    writeFileSync(empty, 'export const handler = async () => {};\n');
    const packaged = await step('bundle of the functions', () => packageFunctions(dir));
    const functions: FunctionPairs[] = [];
    for (const { name, file } of packaged) {
      const pairs = await step(`${name}, ${runs} pairs`, () => takePairs(runs, empty, file, signal));
      functions.push({ name, pairs });
    }
    return summarizeCold({ at: new Date().toISOString(), machine, node: process.version, functions });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
};

export type ColdOptions = { readonly runs: number; readonly timeline: Timeline; readonly signal: AbortSignal };

const takePairs = async (runs: number, empty: string, file: string, signal: AbortSignal): Promise<ColdPair[]> => {
  // The first of each reads its files from the disk, which the others do not.
  for (const each of [empty, file]) await start(each, signal);
  const pairs: ColdPair[] = [];
  for (let n = 1; n <= runs; n++) {
    const early = n % 2 === 1 ? await start(empty, signal) : undefined;
    const loaded = await start(file, signal);
    pairs.push({ empty: early ?? (await start(empty, signal)), loaded });
  }
  return pairs;
};

/** One process, from before it is started. */
const start = async (file: string, signal: AbortSignal): Promise<ColdSample> => {
  const startedAtMs = performance.timeOrigin + performance.now();
  const said = (await runProgram([IMPORT, file], { env: FUNCTION_ENV, signal })) as Said;
  return { importedMs: said.importedAtMs - startedAtMs, cpuMs: said.cpuMs };
};

type Said = { readonly importedAtMs: number; readonly cpuMs: number };

const IMPORT = join(import.meta.dirname, 'import.mjs');
