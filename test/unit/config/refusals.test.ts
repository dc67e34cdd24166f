import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../../lib/config.ts';
import { Fault } from '../../../lib/core/errors.ts';
import { cluster, defaults, job, withCluster, withJob, withWebhooks } from './manifests.ts';

const faultOf = (act: () => unknown): Fault => {
  try {
    act();
  } catch (fault) {
    if (fault instanceof Fault) return fault;
    throw fault;
  }
  throw new Error('nothing was thrown');
};
const refusal = (input: unknown): string => faultOf(() => parseManifest(input, defaults)).message;

describe('a manifest that is wrong', () => {
  it.each([
    ['empty', null, 'flink-jobs.yml: found nothing; expected a mapping with the key clusters'],
    ['a list', [], 'flink-jobs.yml: found an empty list; expected a mapping with the key clusters'],
    ['without clusters', {}, 'clusters: missing; expected a list of clusters, at least one'],
    [
      'with a runbook that is no URL',
      { ...withCluster({}), alerts: { runbookUrl: 'docs/runbook' } },
      'alerts.runbookUrl: found "docs/runbook"; expected a URL such as https://',
    ],
    [
      'with a password in the URL of the runbook',
      { ...withCluster({}), alerts: { runbookUrl: 'https://a:b@git.example.com/runbook' } },
      'alerts.runbookUrl: found',
    ],
    [
      'with reminders that are noise',
      { ...withCluster({}), alerts: { remindEvery: '10m' } },
      'alerts.remindEvery: found "10m"; expected a time such as 24h or 7d, at least 1h',
    ],
    [
      'with a webhook that is no URL',
      withWebhooks({ name: 'team', url: 'host/hook' }),
      'alerts.webhooks[0].url: found something that is not shown here; expected a URL such as https://host/path',
    ],
    [
      'with a webhook whose secret stands in the open',
      withWebhooks({ name: 'team', url: 'https://host/hook', secret: 'in the open' }),
      'alerts.webhooks[0].secret: found something that is not shown here; expected a reference to a secret',
    ],
    [
      'with a secret for a webhook that knows none',
      withWebhooks({ name: 'team', url: 'https://host/hook', format: 'slack', secret: '\x24{ssm:/a}' }),
      'alerts.webhooks[0].secret: found one; expected none: slack knows who posts by the URL alone',
    ],
    [
      'with two webhooks of one name',
      withWebhooks({ name: 'team', url: 'https://host/a' }, { name: 'team', url: 'https://host/b' }),
      'alerts.webhooks[1].name: found "team" a second time; expected a name of its own',
    ],
    [
      'with more webhooks than are told in time',
      withWebhooks(...Array.from({ length: 6 }, (_, i) => ({ name: `team-${i}`, url: 'https://host/a' }))),
      'alerts.webhooks: found 6; expected at most 5',
    ],
    [
      'with a webhook of a kind that nobody knows',
      withWebhooks({ name: 'team', url: 'https://host/hook', format: 'teams' }),
      'alerts.webhooks[0].format: found "teams"; expected generic or slack or feishu or dingtalk or wecom',
    ],
    [
      'with an unknown word about messages',
      { ...withCluster({}), alerts: { runbookURL: 'https://git.example.com' } },
      'did you mean runbookUrl',
    ],
    ['with no cluster', { clusters: [] }, 'clusters: found an empty list; expected a list of clusters, at least one'],
    [
      'with text for a list',
      withCluster({ jobManagers: 'jm' }),
      'clusters[0].jobManagers: found "jm"; expected a list',
    ],
    [
      'with a job that is too large to be kept',
      withJob({ args: ['x'.repeat(8_000)] }),
      'clusters[0].jobs[0]: an entry of 80',
    ],
    [
      'with a job of few characters that take many bytes',
      withJob({ args: ['流'.repeat(2_700)] }),
      'clusters[0].jobs[0]: an entry of 81',
    ],
    [
      'with a name on Flink that is never kept whole',
      withJob({ flinkName: 'x'.repeat(1_001) }),
      'expected the name the job has on Flink, not empty, at most 1000 characters',
    ],
    [
      'with an empty name on Flink',
      withJob({ flinkName: ' \n ' }),
      'expected the name the job has on Flink, not empty',
    ],
    ['without JobManagers', withCluster({ jobManagers: [] }), 'clusters[0].jobManagers: found an empty list'],
    [
      'with an ARN for a name',
      withCluster({ ecsCluster: 'arn:aws:ecs:x' }),
      'clusters[0].ecsCluster: found "arn:aws:ecs:x"',
    ],
    [
      'with port 0',
      withCluster({ restPort: 0 }),
      'clusters[0].restPort: found 0; expected a whole number from 1 to 65535',
    ],
    [
      'with a leader of a kind',
      withCluster({ leader: 'zookeeper' }),
      'leader: found "zookeeper"; expected a mapping with',
    ],
    [
      'with a ZooKeeper without a port',
      withCluster({ leader: { quorum: 'zk-1,zk-2:2181' } }),
      'clusters[0].leader.quorum: found "zk-1,zk-2:2181"; expected host:port of each server',
    ],
    [
      'with a port of a ZooKeeper that there is not',
      withCluster({ leader: { quorum: 'zk:65536' } }),
      'leader.quorum: found "zk:65536"; expected host:port of each server',
    ],
    [
      'with a cluster id that is no path',
      withCluster({ leader: { quorum: 'zk:2181', clusterId: 'a b' } }),
      'clusters[0].leader.clusterId: found "a b"; expected a path in ZooKeeper',
    ],
    [
      'with a digest in the open',
      withCluster({ leader: { quorum: 'zk:2181', digest: 'flink:pw' } }),
      'clusters[0].leader.digest: found',
    ],
    ['with port 65536', withCluster({ restPort: 65_536 }), 'clusters[0].restPort: found 65536'],
    [
      'with parallelism 0',
      withJob({ parallelism: 0 }),
      'clusters[0].jobs[0].parallelism: found 0; expected a whole number',
    ],
    ['with parallelism 32769', withJob({ parallelism: 32_769 }), 'parallelism: found 32769'],
    ['with half a slot', withJob({ slots: 1.5 }), 'slots: found 1.5'],
    ['with a number in quotes', withJob({ parallelism: '2' }), 'parallelism: found "2"; expected a whole number'],
    ['with a name of 65 characters', withJob({ name: 'n'.repeat(65) }), 'name: found "nnnn'],
    ['with a space in a name', withJob({ name: 'my job' }), 'name: found "my job"; expected a name of at most 64'],
    ['with a # in a name', withJob({ name: 'a#b' }), 'name: found "a#b"'],
    ...['/opt/flink/usrlib/a.jar', 'file:///opt/flink/usrlib/a.jar', 'local:///opt/a.jar'].map(
      (jar): [string, object, string] => [
        `with the path of a baked jar, ${jar}`,
        withJob({ jar }),
        `jar: found "${jar}"; expected image:a.jar, with the jar (or a link to it) baked into the image as <web.upload.dir>/flink-web-upload/a.jar; or s3`,
      ],
    ),
    ['with a baked jar in a folder', withJob({ jar: 'image:lib/a.jar' }), 'jar: found "image:lib/a.jar"; expected s3:'],
    ['with a baked zip', withJob({ jar: 'image:a.zip' }), 'jar: found "image:a.zip"'],
    ['with a zip for a jar', withJob({ jar: 's3://bucket/a.zip' }), 'jar: found "s3://bucket/a.zip"'],
    ['with a wildcard in a jar', withJob({ jar: 's3://bucket/*.jar' }), 'jar: found "s3://bucket/*.jar"'],
    ['with a class that is none', withJob({ mainClass: 'a.b.' }), 'mainClass: found "a.b."; expected a Java class'],
    [
      'with a number among the arguments',
      withJob({ args: ['--rate', 1.1] }),
      'args[1]: found 1.1; expected text; put it in quotes',
    ],
    ['with text for arguments', withJob({ args: '--rate 1' }), 'args: found "--rate 1"; expected a list of texts'],
    [
      'with an unknown state',
      withJob({ state: 'wanted' }),
      'state: found "wanted"; expected required or preferred or none',
    ],
    ['with a yes', withJob({ enabled: 'yes' }), 'enabled: found "yes"; expected true or false'],
    ['with a key and no value', withJob({ mainClass: null }), 'mainClass: found nothing; expected a Java class'],
    [
      'with nested configuration',
      withJob({ flinkConfiguration: { a: { b: 1 } } }),
      'flinkConfiguration.a: found a mapping; expected text',
    ],
    [
      'with a reference for a key of Flink',
      withJob({ flinkConfiguration: { '\x24{env:K}': 'v' } }),
      'flinkConfiguration.\x24{env:K}: not a key; expected a key of Flink, such as',
    ],
    ['with a number that YAML rounds', withJob({ flinkConfiguration: { a: 2 ** 53 } }), 'this number in quotes'],
    [
      'with a typing mistake',
      withJob({ paralelism: 2 }),
      'clusters[0].jobs[0].paralelism: unknown name; did you mean parallelism?',
    ],
    [
      'with a typing mistake further down',
      withJob({ health: { output: { prefx: 's3://b/o', within: '30m' } } }),
      'clusters[0].jobs[0].health.output.prefx: unknown name; did you mean prefix?',
    ],
    [
      'with another’s name',
      withCluster({ retention: 1 }),
      'clusters[0].retention: unknown name; known here: name, ecsCluster',
    ],
    [
      'with two clusters of one name (F97)',
      { clusters: [cluster, { ...cluster, ecsCluster: 'e' }] },
      'clusters[1].name: "c" is already clusters[0].name',
    ],
    [
      'with two jobs of one name (F97)',
      withCluster({ jobs: [job, job] }),
      'clusters[0].jobs[1].name: "a" is already clusters[0].jobs[0].name',
    ],
    [
      'with one service in two clusters',
      { clusters: [cluster, { ...cluster, name: 'd' }] },
      'clusters[1].jobManagers[0]: "ecs/jm" is already clusters[0].jobManagers[0]',
    ],
    [
      'with one service in two parts',
      withCluster({ taskManagers: ['jm'] }),
      'clusters[0].taskManagers[0]: "ecs/jm" is already',
    ],
  ])('%s: says so', (_, input, text) => {
    expect(refusal(input)).toContain(text);
  });

  it('is refused with all of its problems at once', () => {
    const { kind, code, message, context } = faultOf(() =>
      parseManifest(
        {
          namespac: 'x',
          clusters: [
            {
              ...cluster,
              name: 'a b',
              restPort: 'http',
              jobManagers: 'jm',
              jobs: [
                { ...job, parallelism: 0, args: [1], enabled: 'no' },
                { name: 'a', jar: 'a.jar', mainclass: 'x' },
              ],
            },
          ],
        },
        defaults,
      ),
    );
    expect({ kind, code, context }).toEqual({ kind: 'invalid', code: 'MANIFEST_INVALID', context: { problems: 10 } });
    const starts = [
      'flink-jobs.yml has 10 problems:',
      '  flink-jobs.yml: clusters[0].name: found "a b"; expected a name',
      '  flink-jobs.yml: clusters[0].jobManagers: found "jm"; expected a list',
      '  flink-jobs.yml: clusters[0].restPort: found "http"; expected a whole number',
      '  flink-jobs.yml: clusters[0].jobs[0].args[0]: found 1; expected text',
      '  flink-jobs.yml: clusters[0].jobs[0].parallelism: found 0; expected a whole number',
      '  flink-jobs.yml: clusters[0].jobs[0].enabled: found "no"; expected true or false',
      '  flink-jobs.yml: clusters[0].jobs[1].jar: found "a.jar"; expected s3://bucket/key.jar',
      '  flink-jobs.yml: clusters[0].jobs[1].mainclass: unknown name; did you mean mainClass?',
      '  flink-jobs.yml: namespac: unknown name; did you mean namespace?',
      '  flink-jobs.yml: clusters[0].jobs[1].name: "a" is already clusters[0].jobs[0].name',
    ];
    expect(message.split('\n').map((line, i) => line.slice(0, starts[i]?.length))).toEqual(starts);
  });

  it('is not repeated in full when it is long or hopeless', () => {
    const lines = refusal({ clusters: Array.from({ length: 300 }, () => ({ name: 'x'.repeat(500) })) }).split('\n');
    expect(lines.length).toBe(1 + 100 + 1);
    expect(lines.at(-1)).toMatch(/^ {2}… and \d+ more$/);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(250);
  });

  it('shows no line of endless length, whatever the names and values in it', () => {
    const long = 'x'.repeat(7_000);
    const input = withJob({ jar: `/opt/${long}.jar`, flinkConfiguration: { [long]: [] }, [long]: 1, after: [long] });
    const lines = refusal(input).split('\n');
    expect(lines.length).toBe(1 + 6);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(501);
    expect(lines.slice(1).filter((line) => !/expected|unknown name|at most/.test(line))).toEqual([]);
  });
});
