import { createHash } from 'node:crypto';
import type { Cluster, ClusterSpec, JobSpec } from '../../../lib/core/model.ts';
import { identify } from '../../../lib/identify.ts';

/** The manifest as it is deployed, and what people know of its jobs for ever. */
export type Deployed = {
  clusters(): readonly Cluster[];
  /** By name; also of one that left the manifest. */
  specs(): readonly ClusterSpec[];
  deploy(specs: readonly ClusterSpec[]): void;
  readonly first: readonly ClusterSpec[];
  /** Of one of our job ids. */
  lineageOf(jobId: string): string | undefined;
  /** Whose lineage it is, whether it is still in the manifest or not. */
  knownAs(lineage: string): KnownJob | undefined;
  /** The same by its name in the manifest. */
  known(cluster: string, job: string): KnownJob | undefined;
  /** A manifest let the job start without its state, now or before: whoever looks with an older one may still do it. */
  mayBeEmpty(lineage: string | undefined): boolean;
};

export type KnownJob = {
  readonly cluster: string;
  readonly job: string;
  /** Its name on Flink. */
  readonly name: string;
  readonly bounded: boolean;
};

export const createDeployed = (first: readonly ClusterSpec[]): Deployed => {
  const known = new Map<string, KnownJob>();
  const empty = new Set<string>();
  let specs = first;
  let clusters: readonly Cluster[] = [];
  const deploy = (wanted: readonly ClusterSpec[]): void => {
    specs = wanted;
    clusters = identify({ namespace: 'sim', clusters: wanted }, sha256Hex);
    for (const { name: cluster, jobs } of clusters)
      for (const job of jobs) {
        if (!known.has(job.lineage)) known.set(job.lineage, { ...knownJob(job), cluster });
        if (job.state === 'none') empty.add(job.lineage);
      }
  };
  deploy(first);
  return {
    clusters: () => clusters,
    specs: () => specs,
    deploy,
    first,
    lineageOf: (jobId) => (known.has(jobId.slice(0, 16)) ? jobId.slice(0, 16) : undefined),
    knownAs: (lineage) => known.get(lineage),
    known: (cluster, job) => [...known.values()].find((each) => each.cluster === cluster && each.job === job),
    mayBeEmpty: (lineage) => lineage !== undefined && empty.has(lineage),
  };
};

const knownJob = ({ name, flinkName, bounded }: JobSpec): Omit<KnownJob, 'cluster'> => ({
  job: name,
  name: flinkName ?? `${name} as execute() names it`,
  bounded: bounded === true,
});

/** The same few texts again and again: a hash costs more than all that is decided about a job. */
const hashes = new Map<string, string>();
const HASHES_MAX = 5_000;

const sha256Hex = (text: string): string => {
  const known = hashes.get(text);
  if (known !== undefined) return known;
  const hash = createHash('sha256').update(text).digest('hex');
  if (hashes.size < HASHES_MAX) hashes.set(text, hash);
  return hash;
};
