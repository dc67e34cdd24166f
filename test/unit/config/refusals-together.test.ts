import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../../lib/config.ts';
import { cluster, defaults, job, urlCluster, withCluster, withJob, withUrl } from './manifests.ts';

const refusal = (input: unknown): string => {
  try {
    parseManifest(input, defaults);
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault);
  }
  return 'nothing was wrong';
};
/** The lines below the headline, without the file. */
const linesOf = (input: unknown): string[] =>
  refusal(input)
    .split('\n')
    .slice(1)
    .map((line) => line.replace('  flink-jobs.yml: ', ''));
const withAfter = (...afters: readonly (readonly string[])[]) =>
  withCluster({ jobs: afters.map((after, i) => ({ ...job, name: 'abcdef'[i], after })) });
const CANARY = 'canary-7f3a';
const ref = (inside: string) => `\x24{${inside}}`;

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
    ['TLS without https', withUrl({ tls: true }), ['clusters[0].tls: found true; expected https:// in url beside it']],
    [
      'a client certificate without TLS',
      withCluster({ auth: { kind: 'mutual', certificate: 'PEM', key: ref('ssm:/key') } }),
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

describe('a reference', () => {
  const only = 'at most: secrets may stand in args, values of flinkConfiguration, tls.ca and auth only';
  const kinds = `${ref('ssm:/path')}, ${ref('secret:name#key')} or ${ref('env:NAME')}; a literal \x24{ is written \x24\x24{`;
  it.each<[string, object, string]>([
    [
      'of an unknown kind',
      withJob({ args: [ref('vault:x')] }),
      `jobs[0].args[0]: found ${ref('vault:x')}; expected ${kinds}`,
    ],
    ['of the shell', withJob({ args: [ref('HOME')] }), `jobs[0].args[0]: found ${ref('…')}; expected ${kinds}`],
    ['without an end', withJob({ args: ['\x24{ssm:/a'] }), `jobs[0].args[0]: found ${ref('…')}; expected ${kinds}`],
    [
      'without a slash',
      withJob({ args: [ref('ssm:a')] }),
      `jobs[0].args[0]: found ${ref('ssm:a')}; expected ${ref('ssm:/path')}`,
    ],
    [
      'without a name',
      withJob({ flinkConfiguration: { 'a.b': ref('secret:#k') } }),
      `jobs[0].flinkConfiguration.a.b: found ${ref('secret:#k')}; expected ${ref('secret:name#key')}, or ${ref('secret:name')} for all of it`,
    ],
    [
      'where none may stand',
      withJob({ jar: `s3://${ref('ssm:/b')}/a.jar` }),
      `jobs[0].jar: found ${ref('ssm:/b')}; expected ${ref('env:NAME')} ${only}`,
    ],
    [
      'in a name',
      withCluster({ name: ref('secret:a') }),
      `name: found ${ref('secret:a')}; expected ${ref('env:NAME')} ${only}`,
    ],
    [
      'to the environment, after the deploy',
      withJob({ args: [ref('env:X')] }),
      `jobs[0].args[0]: found ${ref('env:X')}; expected a value: it is read from the environment of the deploying shell, when deploying`,
    ],
    [
      'that is none, where none may stand',
      withJob({ flinkName: '\x24\x24{x}' }),
      `jobs[0].flinkName: found ${ref('…')}; expected ${ref('env:NAME')} ${only}`,
    ],
  ])('%s: says so', (_, input, line) => {
    expect(linesOf(input)).toEqual([`clusters[0].${line}`]);
  });
});

describe('a secret in the open', () => {
  const expected = `expected a reference to a secret: ${ref('ssm:/path')} or ${ref('secret:name#key')}`;
  it.each<[string, object, string]>([
    ['password', { kind: 'basic', username: 'u', password: CANARY }, 'auth.password'],
    [
      'password beside a reference',
      { kind: 'basic', username: 'u', password: `${CANARY}${ref('ssm:/a')}` },
      'auth.password',
    ],
    ['password of digits', { kind: 'basic', username: 'u', password: 73_113_7 }, 'auth.password'],
    ['token', { kind: 'bearer', token: CANARY }, 'auth.token'],
    ['key', { kind: 'mutual', certificate: 'PEM', key: CANARY }, 'auth.key'],
  ])('%s: is refused and not repeated', (_, auth, path) => {
    const message = refusal(withCluster({ tls: true, auth }));
    expect(message).toContain(`clusters[0].${path}: found something that is not shown here; ${expected}`);
    expect(message).not.toMatch(/canary|731137/);
  });

  it.each<[string, object]>([
    ['for a mapping', { auth: CANARY }],
    ['that looks like a reference', { auth: { kind: 'bearer', token: `\x24{${CANARY}` } }],
    ['in a url', { url: `http://user:${CANARY}@flink:8081` }],
  ])('%s: is refused and not repeated', (_, fields) => {
    expect(refusal(withUrl(fields))).toMatch(/found/);
    expect(refusal(withUrl(fields))).not.toContain(CANARY);
  });

  it.each<[object, string]>([
    [{ auth: {} }, 'auth.kind: missing; expected one of none, basic, bearer, mutual'],
    [{ auth: { kind: 'digest' } }, 'auth.kind: found "digest"; expected one of none, basic, bearer, mutual'],
    [
      { auth: 'basic' },
      'auth: found something that is not shown here; expected a mapping with kind: none, basic, bearer, mutual',
    ],
    [{ auth: { kind: 'basic', username: 'u' } }, `auth.password: missing; ${expected}`],
    [
      { auth: { kind: 'bearer', token: ref('ssm:/t'), pasword: 'x' } },
      'auth.pasword: unknown name; did you mean password?',
    ],
    [{ tls: false }, 'tls: found false; expected true, or a mapping with serverName or ca'],
    [{ tls: { servername: 'x' } }, 'tls.servername: unknown name; did you mean serverName?'],
    [{ tls: { ca: 1 } }, 'tls.ca: found 1; expected PEM text, or a reference to it'],
  ])('%o: says what would be right', (fields, line) => {
    expect(linesOf(withCluster(fields))).toEqual([`clusters[0].${line}`]);
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
          auth: { kind: 'basic', username: 'u', password: CANARY },
          jobs: [
            { ...job, jar: '/opt/a.jar', after: ['a'], priority: 1_001 },
            { ...job, name: 'b', args: [ref('x:y')] },
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
