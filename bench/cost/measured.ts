import type { Look } from './model.ts';

/**
 * By `npm run bench -- tick`, rounded up, with items as large as they come to be; seconds are from docs/benchmarks.md, "What
 * 256 MB cost in time", and of many clusters the CPU of the benchmark on the seventh of one that 256 MB have.
 */
export const ONE: Look = {
  name: 'one cluster with one job',
  clusters: 1,
  jobs: 1,
  seconds: 0.3,
  writeUnits: 7,
  readUnits: 2,
  logBytes: 280,
  jars: 1,
};

export const MANY: Look = {
  name: '50 clusters with 20 jobs each',
  clusters: 50,
  jobs: 20,
  seconds: 20,
  writeUnits: 1_300,
  readUnits: 451,
  logBytes: 275_000,
  jars: 50,
};
