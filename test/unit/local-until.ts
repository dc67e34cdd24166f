/** Resolves when `holds` does; rejects, naming what was waited for, when it has not within 4 s. */
export const until = async (what: string, holds: () => boolean): Promise<void> => {
  const deadline = Date.now() + 4_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`waited 4 s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};
