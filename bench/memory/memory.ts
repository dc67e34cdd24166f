import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import type { Timeline } from '../../local/show/timeline.ts';
import { FUNCTION_ENV, packageFunctions } from '../functions.ts';
import { thisMachine } from '../machine.ts';
import { runProgram } from '../program.ts';
import { JARS, type MemoryPair, type MemoryReport, type MemorySample, summarizeMemory } from './report.ts';

/**
 * Measures the peak of a function's memory while a jar streams through it, small and large in turns, each in a process
 * of its own; S3 and Flink are stubs in others. Throws when a stream does not come to its end.
 */
export const benchMemory = async (options: MemoryOptions): Promise<MemoryReport> => {
  const { runs, memoryMb, timeline, signal } = options;
  const machine = thisMachine();
  const dir = mkdtempSync(join(tmpdir(), 'bench-memory-'));
  const stubs: ChildProcess[] = [];
  try {
    const program = await timeline.step('bundle of the functions', () => programIn(dir));
    const urls: string[] = [];
    for (const kind of ['s3', 'flink']) urls.push(await startStub(kind, stubs, signal));
    const stream = (sizeMb: number) => streamOnce([...program, ...urls, String(sizeMb)], memoryMb, signal);
    const pairs = await takePairs(runs, timeline, stream);
    return summarizeMemory({ at: new Date().toISOString(), machine, node: process.version, memoryMb, pairs });
  } finally {
    for (const stub of stubs) stub.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  }
};

/** `memoryMb`: the memory setting of the function, from which Lambda's runtime makes the limits of its heap. */
export type MemoryOptions = {
  readonly runs: number;
  readonly memoryMb: number;
  readonly timeline: Timeline;
  readonly signal: AbortSignal;
};

/** The function that uploads most, and ./stream.ts in one file: reading TypeScript costs memory that no function has. */
const programIn = async (dir: string): Promise<readonly string[]> => {
  const outfile = join(dir, 'stream.mjs');
  const js = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`;
  const how = {
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    minify: true,
    banner: { js },
  } as const;
  await build({ ...how, entryPoints: [join(import.meta.dirname, 'stream.ts')], outfile, logLevel: 'error' });
  const taskStarted = (await packageFunctions(dir)).find(({ name }) => name === 'task-started');
  if (taskStarted === undefined) throw new Error('There is no function task-started.');
  return [outfile, taskStarted.file];
};

/** It cannot outlive us: it ends with its input. Gives its URL. */
const startStub = async (kind: string, stubs: ChildProcess[], signal: AbortSignal): Promise<string> => {
  const file = join(import.meta.dirname, 'stub.ts');
  const child = spawn(process.execPath, [file, kind], { stdio: ['pipe', 'pipe', 'inherit'] });
  stubs.push(child);
  for await (const line of createInterface({ input: child.stdout, signal })) return String(JSON.parse(line));
  throw new Error(`the stub of ${kind} did not start`);
};

const takePairs = async (
  runs: number,
  { step }: Timeline,
  stream: (sizeMb: number) => Promise<MemorySample>,
): Promise<MemoryPair[]> => {
  const pairs: MemoryPair[] = [];
  for (let n = 1; n <= runs; n++) {
    const once = (sizeMb: number) => step(`pair ${n} of ${runs}, ${sizeMb} MB`, () => stream(sizeMb));
    const early = n % 2 === 1 ? await once(JARS.smallMb) : undefined;
    const large = await once(JARS.largeMb);
    pairs.push({ small: early ?? (await once(JARS.smallMb)), large });
  }
  return pairs;
};

const streamOnce = async (program: readonly string[], memoryMb: number, signal: AbortSignal): Promise<MemorySample> => {
  // As Lambda's runtime for Node starts it: the young part of the heap, the old one, the collector exposed.
  const newSpaceMb = Math.floor(memoryMb / 10);
  const limits = [
    `--max-semi-space-size=${Math.floor(newSpaceMb / 2)}`,
    `--max-old-space-size=${memoryMb - newSpaceMb}`,
  ];
  return (await runProgram(['--expose-gc', ...limits, ...program], { env: FUNCTION_ENV, signal })) as MemorySample;
};
