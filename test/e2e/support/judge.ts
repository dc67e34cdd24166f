import { afterEach, beforeEach, expect } from 'vitest';
import { waitFor } from '../../../local/wait-for.ts';
import type { Verdict } from '../watcher/verdict.ts';
import { report } from './report.ts';
import type { Stage } from './stage.ts';

/** Each test of this block ends with the watcher's verdict on its time; one that fails says what a person needs. */
export const judgeEachTest = (stageOf: () => Stage): void => {
  let fromMs = 0;
  beforeEach(({ onTestFailed }) => {
    fromMs = Date.now();
    onTestFailed(async () => console.error(await report(stageOf(), fromMs)));
  });
  afterEach(async () => {
    const verdict = await verdictSince(stageOf(), fromMs);
    console.log(
      `watched: ${verdict.samples} samples, ${verdict.processes} JobManagers, longest gap ${Math.round(verdict.longestGapMs)} ms, the watch late by ${Math.round(verdict.longestLateMs)} ms`,
    );
    expect(verdict.red).toEqual([]);
  });
};

/** A test may be over before the watch looks once more. */
const verdictSince = async ({ watcher }: Stage, fromMs: number): Promise<Verdict> => {
  const untilMs = Date.now() + SEEN_MAX_MS;
  return waitFor('a verdict', 2 * SEEN_MAX_MS, async () => {
    const verdict = await watcher.verdict(fromMs);
    return (verdict.answered > 0 || Date.now() > untilMs) && verdict;
  });
};

const SEEN_MAX_MS = 5_000;
