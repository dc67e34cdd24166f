/**
 * Asks again and again until the answer is something else than undefined or false, and returns it. Throws, naming what
 * was waited for, after `maxMs`; what `ask` throws ends the waiting at once.
 */
export const waitFor = async <T>(
  what: string,
  maxMs: number,
  ask: () => Promise<T | undefined | false>,
  everyMs = 50,
): Promise<T> => {
  const deadline = performance.now() + maxMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) throw new Error(`waited ${maxMs / 1000} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
};
