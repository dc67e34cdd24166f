/** Lambda answers with 6 MB at most; the rest of it is the frame. Counted in UTF-8 bytes of JSON. */
export const ANSWER_BYTES_MAX = 5_000_000;

/** As many entries, from the first on, as fit, and how many were left out. */
export const fitting = <T>(entries: readonly T[], bytesMax = ANSWER_BYTES_MAX): Fitting<T> => {
  let left = bytesMax;
  const kept: T[] = [];
  for (const entry of entries) {
    left -= bytesOf(entry);
    if (left < 0) break;
    kept.push(entry);
  }
  return { kept, cut: entries.length - kept.length, left };
};

/** The same of clusters: each keeps its head, and as many of its jobs as fit; what is left out is counted in jobs. */
export const fittingJobs = <T extends { readonly jobs: readonly unknown[] }>(
  clusters: readonly T[],
  bytesMax = ANSWER_BYTES_MAX,
): Pick<Fitting<T>, 'kept' | 'cut'> => {
  let left = bytesMax - bytesOf(clusters.map((cluster) => ({ ...cluster, jobs: [] })));
  let cut = 0;
  const kept: T[] = [];
  for (const cluster of clusters) {
    const jobs = fitting(cluster.jobs, left);
    left = jobs.cut > 0 ? 0 : jobs.left;
    cut += jobs.cut;
    kept.push({ ...cluster, jobs: jobs.kept });
  }
  return { kept, cut };
};

type Fitting<T> = { readonly kept: readonly T[]; readonly cut: number; readonly left: number };

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
