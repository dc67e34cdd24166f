import { afterEach, beforeEach, expect } from 'vitest';
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
    const verdict = await stageOf().watcher.verdict(fromMs);
    console.log(
      `watched: ${verdict.samples} samples, ${verdict.processes} JobManagers, longest gap ${Math.round(verdict.longestGapMs)} ms, the watch late by ${Math.round(verdict.longestLateMs)} ms`,
    );
    expect(verdict.red).toEqual([]);
  });
};
