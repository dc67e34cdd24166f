/**
 * Asks one question after the other, every 20 ms or as soon as a slow one is answered, and gives the first answer that is
 * not undefined with the moment it came (epoch ms). A question that fails has no answer. Throws the signal's reason.
 * One at a time: on a busy machine, questions that pile up would slow down what they ask about.
 */
export const firstAnswer = async <T>(ask: () => Promise<T | undefined>, signal: AbortSignal): Promise<Came<T>> => {
  for (;;) {
    signal.throwIfAborted();
    const next = new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    const value = await ask().catch(() => undefined);
    if (value !== undefined) return { value, atMs: Date.now() };
    await next;
  }
};

export type Came<T> = { readonly value: T; readonly atMs: number };

const EVERY_MS = 20;
