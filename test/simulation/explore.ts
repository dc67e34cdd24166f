import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Guard } from './guards/guard.ts';
import { createProgress, sharedFor } from './progress.ts';
import type { Result } from './simulate.ts';
import { type Judges, type Summary, summarize } from './summary.ts';
import type { Task, Word } from './worker.ts';

export type Exploration = {
  readonly seeds: Task['seeds'];
  readonly workers?: number;
  readonly profile?: string;
  readonly guard?: Guard;
  /** The usual profile, in each run without some kinds of fault, strike and deed, which its seed draws. */
  readonly isThinned?: boolean;
  /** Hears now and then how many runs are over. */
  readonly onProgress?: (ran: number) => void;
};

export type Explored = {
  readonly summary: Summary;
  /** By seed. */
  readonly results: readonly Result[];
  /** What broke, by seed. */
  readonly red: readonly Pick<Result, 'seed' | 'broken'>[];
  /** Of each worker that died: the seed that it was at. */
  readonly died: readonly string[];
};

/** Many seeds in plain threads, each a run by itself: what it comes to does not depend on how many there are. */
export const explore = async ({
  seeds,
  profile,
  guard,
  isThinned,
  onProgress,
  ...options
}: Exploration): Promise<Explored> => {
  const workers = Math.max(1, Math.min(options.workers ?? availableParallelism(), countOf(seeds)));
  const shared = sharedFor(workers);
  const progress = createProgress(shared);
  const startedMs = performance.now();
  const results: Result[] = [];
  let judges: Judges = { invariants: [], states: [] };
  const hear = (word: Word): void => {
    if (word.kind === 'judges') judges = word;
    else results.push(...word.results);
  };
  const ends = Array.from({ length: workers }, (_, worker) => {
    const task: Task = {
      worker,
      seeds,
      profile: profile ?? guard?.profile ?? 'uniform',
      shared,
      ...(guard && { guard }),
      ...(isThinned && { isThinned }),
    };
    return runWorker(task, hear, progress);
  });
  const timer = setInterval(() => onProgress?.(progress.count()), PROGRESS_EVERY_MS);
  const died = (await Promise.all(ends)).filter((how) => how !== undefined);
  clearInterval(timer);
  const from = 'from' in seeds ? seeds.from : Math.min(...seeds.map(({ seed }) => seed));
  results.sort((a, b) => a.seed - b.seed);
  const red = results
    .filter(({ broken }) => Object.keys(broken).length > 0)
    .map(({ seed, broken }) => ({ seed, broken }));
  return { summary: summarize(results, judges, from, performance.now() - startedMs), results, red, died };
};

const PROGRESS_EVERY_MS = 200;

const countOf = (seeds: Task['seeds']): number => ('from' in seeds ? seeds.count : seeds.length);

/** How it died, and at which seeds; undefined when it did not. One that stands still is ended. */
const runWorker = (
  task: Task,
  hear: (word: Word) => void,
  progress: ReturnType<typeof createProgress>,
): Promise<string | undefined> =>
  new Promise((resolve) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: task, resourceLimits });
    let why: string | undefined;
    let ran = -1;
    const watch = setInterval(() => {
      if (progress.count() === ran) {
        why = `nothing ended for ${STANDS_STILL_MS / 1_000} s`;
        void worker.terminate();
      }
      ran = progress.count();
    }, STANDS_STILL_MS);
    worker.on('message', hear);
    worker.on('error', (error) => {
      why = error instanceof Error ? error.message : String(error);
    });
    worker.on('exit', (code) => {
      clearInterval(watch);
      const seed = progress.under(task.worker);
      const isFine = why === undefined && code === 0 && seed === undefined;
      resolve(isFine ? undefined : `${why ?? `exit code ${code}`}; it was at the seed ${seed ?? '(none)'}`);
    });
  });

/** All of a run is garbage when it is over: the seldomer that is collected, the less of it is moved before. */
const resourceLimits = { maxYoungGenerationSizeMb: 192 };

/** A run takes milliseconds, on any machine. */
const STANDS_STILL_MS = 120_000;
