import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isUp, runJar, SAMPLE_JAR, uploadJar } from './flink.ts';
import type { BenchJob } from './job.ts';

/**
 * The method of a start script as many write it: sleep a minute, ask every 2 s whether Flink is up, up to 30 times, then
 * upload the jar and run it. Throws when Flink did not come up.
 */
export const shellMethod = async ({ sleep, isUp, submit }: ShellSteps): Promise<void> => {
  await sleep(SLEEP_MS);
  for (let asked = 1; !(await isUp()); asked++) {
    if (asked === ASK_MAX) throw new Error(`Flink was not up after ${ASK_MAX} questions`);
    await sleep(ASK_EVERY_MS);
  }
  await submit();
};

/** What of the script touches the world. */
export type ShellSteps = {
  sleep(ms: number): Promise<unknown>;
  isUp(): Promise<boolean>;
  /** Uploads and runs. */
  submit(): Promise<unknown>;
};

const SLEEP_MS = 60_000;
const ASK_EVERY_MS = 2_000;
const ASK_MAX = 30;

/** The steps as `curl` does them, each request on its own. */
export const shellSteps = (address: string, job: BenchJob, signal: AbortSignal): ShellSteps => ({
  sleep: (ms) => sleep(ms, undefined, { signal }),
  isUp: () => isUp(address),
  submit: async () => {
    const jarName = await uploadJar(address, basename(SAMPLE_JAR), await readFile(SAMPLE_JAR));
    await runJar(address, jarName, job);
  },
});
