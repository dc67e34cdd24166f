import type { Attempt, Cluster, Job, Storage } from '../model.ts';

/** What says where a job's snapshots are. */
export type Places = Sayings & { readonly job: Job };

type Sayings = {
  readonly cluster: Pick<Cluster, 'checkpointDir' | 'savepointDir'>;
  readonly job: Pick<Job, 'flinkConfiguration' | 'checkpointDir' | 'savepointDir'>;
  readonly attempts: readonly Attempt[];
  /** Of the JobManager that answers; undefined: none does. */
  readonly storage: Storage | undefined;
};

const checkpointKeys = ['execution.checkpointing.dir', 'state.checkpoints.dir'];
const savepointKeys = ['execution.checkpointing.savepoint-dir', 'state.savepoints.dir'];

/** Directories that hold one directory for each attempt, by its Flink job id, with its checkpoints in it. */
export const checkpointDirsOf = ({ cluster, job, attempts, storage }: Sayings): readonly string[] => {
  const set = configured(job, attempts, checkpointKeys);
  const seen = attempts.flatMap(learned);
  return distinct(
    storage,
    [...set, job.checkpointDir, cluster.checkpointDir, storage?.checkpointDir, ...seen],
    [...seen, ...set, storage?.checkpointDir],
  );
};

/** The same of savepoints; the first one is where ours go. */
export const savepointDirsOf = (places: Sayings): readonly string[] => {
  const { cluster, job, attempts, storage } = places;
  const set = configured(job, attempts, savepointKeys);
  const dirs = distinct(
    storage,
    [...set, job.savepointDir, storage?.savepointDir, cluster.savepointDir],
    [...set, storage?.savepointDir],
  );
  return dirs.length > 0 ? dirs : checkpointDirsOf(places).map((dir) => `${dir}/savepoints`);
};

/**
 * For comparing only: Flink writes `s3a://` or `s3://`, with or without a slash at the end, and takes several slashes for one. What Flink is to read
 * keeps the scheme that it was written with, since the cluster may have no file system for another.
 */
export const normalPath = (path: string): string =>
  path
    .replace(/^s3[ap]:/, 's3:')
    .replace(/^file:\/+/, 'file:/')
    .replace(SLASHES, '$1/')
    .replace(/\/(_metadata)?$/, '');

/** Several within a path; those of its scheme are others. */
const SLASHES = /([^:/])\/{2,}/g;

/** Two names of one directory, or of one snapshot. */
export const isSamePath = (one: string, other: string): boolean =>
  one === other || normalPath(one) === normalPath(other);

/** Whether one of these is what the path names: a ledger has paths as Flink writes them, a listing does not. */
export const holdsPath = (some: readonly { readonly path: string }[], path: string): boolean =>
  some.some((each) => isSamePath(each.path, path));

const configured = (
  job: Sayings['job'],
  attempts: readonly Attempt[],
  keys: readonly string[],
): readonly (string | undefined)[] =>
  [job, ...attempts.map(({ spec }) => spec)].flatMap(({ flinkConfiguration }) =>
    keys.map((key) => flinkConfiguration[key]),
  );

/** `main()` may set a directory of its own: a path that Flink named shows it. */
const learned = ({ jobId, snapshots = [] }: Attempt): readonly string[] =>
  snapshots.flatMap(({ path }) => {
    const end = path.indexOf(`/${jobId}/chk-`);
    return end < 0 ? [] : [path.slice(0, end)];
  });

/**
 * Each directory once, as Flink itself writes it where it was heard of (`spellings`), since it may know no other scheme than that. A secret in a path
 * stays one: nobody looks there.
 */
const distinct = (
  { entropyKey }: Partial<Storage> = {},
  dirs: readonly (string | undefined)[],
  spellings: readonly (string | undefined)[],
): readonly string[] => {
  const plain = (some: typeof dirs): readonly string[] =>
    [...new Set(some)]
      .map((dir = '') => (dir.includes('${') ? '' : withoutEntropy(dir.trim(), entropyKey).replace(/\/+$/, '')))
      .filter((dir) => dir !== '');
  const named = [...plain(dirs), ...plain(spellings).toReversed()];
  // One has no other name.
  if (new Set(named).size < 2) return named.slice(0, 1);
  return [...new Map(named.map((dir) => [normalPath(dir), dir])).values()];
};

/** Flink takes the key out of the paths of `_metadata`, so that they can be listed. */
const withoutEntropy = (dir: string, key: string | undefined): string =>
  key === undefined || key === '' ? dir : dir.replace(key, '').replace(SLASHES, '$1/');
