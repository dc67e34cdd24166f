import { defaults } from '../core/defaults.ts';
import { type Problem, pathText } from './problems.ts';
import { get, list, type Path } from './raw.ts';

/**
 * Names that stand for two things: clusters, jobs of a cluster, ECS services and URLs (two clusters must not look after one JobManager).
 * It looks at the raw input, so that doubles are named in the same message as everything else that is wrong.
 */
export const duplicateNames = (input: unknown): Problem[] => {
  const clusters = list(input, 'clusters');
  return [
    ...doubles(clusters.map((cluster, i) => [get(cluster, 'name'), ['clusters', i, 'name']])),
    ...clusters.flatMap((cluster, i) =>
      doubles(list(cluster, 'jobs').map((job, j) => [get(job, 'name'), ['clusters', i, 'jobs', j, 'name']])),
    ),
    ...doubles(clusters.flatMap(services)),
    ...doubles(clusters.map((cluster, i) => [lowerCase(get(cluster, 'url')), ['clusters', i, 'url']])),
  ];
};

/** Entries too large to be kept with each attempt: ten of them have to fit into one item of the table (400 KB). */
export const largeJobs = (input: unknown): Problem[] =>
  list(input, 'clusters').flatMap((cluster, i) =>
    list(cluster, 'jobs').flatMap((job, j) => {
      const bytes = Buffer.byteLength(JSON.stringify(job) ?? '');
      if (bytes <= defaults.jobBytesMax) return [];
      const text = `an entry of ${bytes} bytes; at most ${defaults.jobBytesMax} fit, put long texts into the jar or a file that main() reads`;
      return [{ path: pathText(['clusters', i, 'jobs', j]), text }];
    }),
  );

const doubles = (named: readonly (readonly [name: unknown, path: Path])[]): Problem[] => {
  const first = new Map<string, Path>();
  const problems: Problem[] = [];
  for (const [name, path] of named) {
    if (typeof name !== 'string') continue;
    const before = first.get(name);
    if (before === undefined) first.set(name, path);
    else
      problems.push({
        path: pathText(path),
        text: `${JSON.stringify(name)} is already ${pathText(before)}; each may stand here once`,
      });
  }
  return problems;
};

/** A service is known by its ECS cluster too: two ECS clusters may both have a `jobmanager`. */
const services = (cluster: unknown, i: number): [string, Path][] =>
  ['jobManagers', 'taskManagers'].flatMap((key) =>
    list(cluster, key).flatMap((service, j): [string, Path][] => {
      const ecsCluster = get(cluster, 'ecsCluster');
      if (typeof service !== 'string' || typeof ecsCluster !== 'string') return [];
      return [[`${ecsCluster}/${service}`, ['clusters', i, key, j]]];
    }),
  );

/** Scheme and host mean the same in capitals. */
const lowerCase = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value);
