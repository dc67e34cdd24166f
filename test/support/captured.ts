/** All that goes to standard output and standard error from here on, until it is given back by a function of `cleanups`. */
export const captured = (cleanups: (() => unknown)[]): readonly string[] => {
  const lines: string[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write;
    stream.write = (chunk: Uint8Array | string) => {
      lines.push(String(chunk));
      return true;
    };
    cleanups.push(() => {
      stream.write = write;
    });
  }
  return lines;
};
