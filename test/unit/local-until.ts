/** Resolves when `holds` does; rejects, naming what was waited for, when it has not within 15 s: a busy machine is slow. */
export const until = async (what: string, holds: () => boolean): Promise<void> => {
  const deadline = Date.now() + 15_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`waited 15 s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};
