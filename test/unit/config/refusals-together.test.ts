import { describe, expect, it } from 'vitest';
import { cluster, job, linesOf, urlCluster, withCluster, withUrl } from './manifests.ts';

const withAfter = (...afters: readonly (readonly string[])[]) =>
  withCluster({ jobs: afters.map((after, i) => ({ ...job, name: 'abcdef'[i], after })) });
describe('a cluster that is at no place, or at two', () => {
  it.each<[string, object, readonly string[]]>([
    [
      'neither services nor url',
      { clusters: [{ name: 'c', jobs: [] }] },
      [
        'clusters[0].ecsCluster: missing; expected the name of an ECS cluster (not its ARN), or url instead',
        'clusters[0].jobManagers: missing; expected a list of ECS service names, at least one, or url instead',
      ],
    ],
    [
      'services and a url',
      withUrl({ ecsCluster: 'ecs', jobManagers: ['jm'], taskManagers: ['tm'], restPort: 8082 }),
      [
        'clusters[0].ecsCluster: found "ecs"; expected nothing beside url: a cluster is ECS services or one url',
        'clusters[0].jobManagers: found a list; expected nothing beside url: a cluster is ECS services or one url',
        'clusters[0].taskManagers: found a list; expected nothing beside url: a cluster is ECS services or one url',
        'clusters[0].restPort: found 8082; expected the port in url',
      ],
    ],
    [
      'a leader behind a url',
      withUrl({ leader: { quorum: 'zk:2181' } }),
      [
        'clusters[0].leader: found a mapping; expected nothing beside url: which JobManager answers behind a url nobody knows',
      ],
    ],
    ['TLS without https', withUrl({ tls: true }), ['clusters[0].tls: found true; expected https:// in url beside it']],
    [
      'a client certificate without TLS',
      withCluster({ auth: { kind: 'mutual', certificate: 'PEM', key: '\x24{ssm:/key}' } }),
      ['clusters[0].auth: found a mapping; expected TLS beside kind: mutual (tls: true, or https:// in url)'],
    ],
    [
      'the url of another',
      { clusters: [urlCluster, { ...urlCluster, name: 'd', url: 'HTTP://FLINK:8081'.replace('HTTP', 'http') }] },
      ['clusters[1].url: "http://flink:8081" is already clusters[0].url; each may stand here once'],
    ],
  ])('%s: says so', (_, input, lines) => {
    expect(linesOf(input)).toEqual(lines);
  });

  it.each(['flink:8081', 'ftp://flink', 'http://flink/', 'http://flink:8081/v1', 'http://flink:0', 'http://a b'])(
    'url %s: says what one looks like',
    (url) => {
      expect(linesOf(withUrl({ url }))).toEqual([
        `clusters[0].url: found "${url}"; expected http(s)://host:port, nothing after it`,
      ]);
    },
  );
});

describe('an order of jobs that cannot be', () => {
  it.each<[string, object, readonly string[]]>([
    ['itself', withAfter(['a']), ['after[0]: found "a", the job itself; expected other jobs of this cluster']],
    ['twice', withAfter(['b', 'b'], []), ['after[1]: found "b" again; each may stand here once']],
    ['unknown', withAfter(['bb'], []), ['after[0]: found "bb"; expected another job of this cluster; did you mean b?']],
    [
      'of another cluster',
      {
        clusters: [
          { ...cluster, jobs: [{ ...job, name: 'orders', after: ['payments'] }] },
          { ...cluster, name: 'd', jobManagers: ['jm2'], jobs: [{ ...job, name: 'payments' }] },
        ],
      },
      ['after[0]: found "payments"; expected another job of this cluster, which has none'],
    ],
    [
      'a circle of three, told once',
      withAfter(['b'], ['c'], ['a'], ['a']),
      ['after: a waits for b, b waits for c, c waits for a: none of them would ever be submitted'],
    ],
    [
      'two circles',
      withAfter(['b'], ['a'], ['d'], ['c']),
      [
        'after: a waits for b, b waits for a: none of them would ever be submitted',
        'after: c waits for d, d waits for c: none of them would ever be submitted',
      ],
    ],
  ])('%s: says so', (_, input, lines) => {
    expect(linesOf(input).map((line) => line.replace(/^clusters\[0\]\.jobs\[\d\]\./, ''))).toEqual(lines);
  });
});

describe('a manifest with ten mistakes', () => {
  it('is refused with ten lines', () => {
    const lines = linesOf({
      clusters: [
        {
          name: 'c',
          url: 'http://flink',
          ecsCluster: 'ecs',
          tls: true,
          mode: 'off',
          submitAfterSeconds: -1,
          jobs: [job],
        },
        {
          ...cluster,
          name: 'c',
          auth: { kind: 'basic', username: 'u', password: 'open' },
          jobs: [
            { ...job, jar: '/opt/a.jar', after: ['a'], priority: 1_001 },
            { ...job, name: 'b', args: ['\x24{x:y}'] },
          ],
        },
      ],
    });
    expect(lines.map((line) => line.slice(0, line.indexOf(':'))).sort()).toEqual([
      'clusters[0].ecsCluster',
      'clusters[0].mode',
      'clusters[0].submitAfterSeconds',
      'clusters[0].tls',
      'clusters[1].auth.password',
      'clusters[1].jobs[0].after[0]',
      'clusters[1].jobs[0].jar',
      'clusters[1].jobs[0].priority',
      'clusters[1].jobs[1].args[0]',
      'clusters[1].name',
    ]);
  });
});
