import { notAsExpected, type Problem, pathText } from './problems.ts';
import { get, isObject, list } from './raw.ts';

const EITHER = 'nothing beside url: a cluster is ECS services or one url';

/** Where a cluster is: ECS services or one `url`, exactly one of the two; and TLS that agrees with it. */
export const placeProblems = (input: unknown): Problem[] =>
  list(input, 'clusters').flatMap((cluster, i) => {
    if (!isObject(cluster)) return [];
    const at = (key: string, found: unknown, expected: string) =>
      notAsExpected(pathText(['clusters', i, key]), found, expected);
    const beside = get(cluster, 'url') === undefined ? ecsProblems(cluster, at) : urlProblems(cluster, at);
    return [...beside, ...tlsProblems(cluster, at)];
  });

type At = (key: string, found: unknown, expected: string) => Problem;

const ecsProblems = (cluster: object, at: At): Problem[] => {
  const [ecsCluster, jobManagers] = [get(cluster, 'ecsCluster'), get(cluster, 'jobManagers')];
  const problems: Problem[] = [];
  if (ecsCluster === undefined || ecsCluster === '')
    problems.push(at('ecsCluster', ecsCluster, 'the name of an ECS cluster (not its ARN), or url instead'));
  if (jobManagers === undefined || (Array.isArray(jobManagers) && jobManagers.length === 0))
    problems.push(at('jobManagers', jobManagers, 'a list of ECS service names, at least one, or url instead'));
  return problems;
};

/** What a parsed manifest has beside a `url` counts as absent. */
const urlProblems = (cluster: object, at: At): Problem[] => {
  const ecsCluster = get(cluster, 'ecsCluster');
  return [
    ...(ecsCluster === undefined || ecsCluster === '' ? [] : [at('ecsCluster', ecsCluster, EITHER)]),
    ...['jobManagers', 'taskManagers']
      .filter((key) => list(cluster, key).length > 0)
      .map((key) => at(key, get(cluster, key), EITHER)),
    ...(get(cluster, 'leader') === undefined
      ? []
      : [
          at(
            'leader',
            get(cluster, 'leader'),
            'nothing beside url: which JobManager answers behind a url nobody knows',
          ),
        ]),
    ...(get(cluster, 'restPort') === undefined || get(cluster, 'restPort') === 8081
      ? []
      : [at('restPort', get(cluster, 'restPort'), 'the port in url')]),
  ];
};

/** A scheme that speaks against `tls`, and a client certificate where there is no TLS to show it in. */
const tlsProblems = (cluster: object, at: At): Problem[] => {
  const [url, tls] = [get(cluster, 'url'), get(cluster, 'tls')];
  const isPlain = typeof url === 'string' ? url.startsWith('http://') : tls === undefined;
  if (!isPlain) return [];
  const problems = tls === undefined ? [] : [at('tls', tls, 'https:// in url beside it')];
  const isMutual = get(get(cluster, 'auth'), 'kind') === 'mutual';
  return isMutual
    ? [...problems, at('auth', get(cluster, 'auth'), 'TLS beside kind: mutual (tls: true, or https:// in url)')]
    : problems;
};
