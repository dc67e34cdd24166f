/**
 * Asks every `everyMs`, whether earlier questions were answered or not, and gives the first answer that is not undefined
 * with the moment it came (epoch ms). A question that fails has no answer. Rejects with the signal's reason.
 */
export const firstAnswer = <T>(
  ask: () => Promise<T | undefined>,
  { signal, everyMs = 20 }: Patience,
): Promise<Came<T>> =>
  new Promise((resolve, reject) => {
    let open = 0;
    const end = () => {
      clearInterval(timer);
      signal.removeEventListener('abort', giveUp);
    };
    const giveUp = () => {
      end();
      reject(signal.reason);
    };
    const once = async () => {
      if (open >= OPEN_MAX) return;
      open++;
      const value = await ask().catch(() => undefined);
      open--;
      if (value === undefined) return;
      end();
      resolve({ value, atMs: Date.now() });
    };
    const timer = setInterval(() => void once(), everyMs);
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) giveUp();
  });

export type Patience = { readonly signal: AbortSignal; readonly everyMs?: number };

export type Came<T> = { readonly value: T; readonly atMs: number };

/** A JobManager on its way up holds questions back for up to half a second; never more than this many at once. */
const OPEN_MAX = 32;
