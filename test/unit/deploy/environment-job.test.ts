import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../../lib/config.ts';
import { JOB_NAMES } from '../../../serverless/environment/names.ts';
import { deploying } from './deploying.ts';

const CANARY = 'canary-7f3a';
const needed = { FLINK_ECS_CLUSTER: 'flink', FLINK_ECS_SERVICE: 'jobmanager', JOB_JAR_PATH: 's3://bucket/app-1.2.jar' };
const all = {
  ...needed,
  JOB_MAIN_CLASS: 'com.example.Main',
  PARALLELISM_DEFAULT: '2',
  CHECKPOINT_INTERVAL: '60000',
  CHECKPOINT_DIR: 's3://state/checkpoints',
  SAVEPOINT_DIR: 's3://state/savepoints',
  HA_MODE: 'none',
  HA_ZOOKEEPER_QUORUM: 'zk:2181',
  HA_CLUSTER_ID: '/one',
  HA_ZOOKEEPER_PATH_ROOT: '/flink',
  DATABASE_HOST: 'db.internal',
  DATABASE_PORT: '1521',
  DATABASE_USERNAME: 'flink',
  DATABASE_PASSWORD: '\x24{secret:db#password}',
  DATABASE_SID: 'ORCL',
  DATABASE_SCHEMA: 'SALES',
  DATABASE_TABLES: 'A,B',
  OUTPUT_PATH: 's3://out/x',
};
const EMPTY = [
  ['no file', undefined],
  ['an empty file', ''],
  ['no clusters', 'clusters: []\n'],
] as const;

describe('one job from the environment', () => {
  it.each(EMPTY)('is described by its names where there is %s', async (_, text) => {
    const { manifest } = await deploying(text, all);
    expect(manifest.clusters).toEqual([
      {
        name: 'flink',
        ecsCluster: 'flink',
        jobManagers: ['jobmanager'],
        taskManagers: [],
        restPort: 8081,
        jobs: [
          {
            name: 'job',
            jar: 's3://bucket/app-1.2.jar',
            mainClass: 'com.example.Main',
            parallelism: 2,
            flinkConfiguration: {
              'execution.checkpointing.interval': '60000 ms',
              'state.checkpoints.dir': 's3://state/checkpoints',
              'execution.checkpointing.dir': 's3://state/checkpoints',
              'state.savepoints.dir': 's3://state/savepoints',
              'execution.checkpointing.savepoint-dir': 's3://state/savepoints',
            },
            args: [
              ...['--database-host', 'db.internal', '--database-port', '1521', '--database-username', 'flink'],
              ...['--database-password', '\x24{secret:db#password}', '--database-sid', 'ORCL'],
              ...['--database-schema', 'SALES', '--database-tables', 'A,B', '--output-path', 's3://out/x'],
            ],
            enabled: true,
          },
        ],
      },
    ]);
  });

  it('needs three names, keeps a namespace, and says each name with its place', async () => {
    const { manifest, said } = await deploying('namespace: mine\n', needed);
    expect(manifest.namespace).toBe('mine');
    expect(manifest.clusters[0]?.jobs[0]).toMatchObject({ args: [], flinkConfiguration: {} });
    expect(said).toEqual([
      'environment: FLINK_ECS_CLUSTER = "flink" → clusters[0].ecsCluster',
      'environment: FLINK_ECS_SERVICE = "jobmanager" → clusters[0].jobManagers[0]',
      'environment: JOB_JAR_PATH = "s3://bucket/app-1.2.jar" → clusters[0].jobs[0].jar',
    ]);
  });

  it('is said to stand for a file that is not there', async () => {
    expect((await deploying(undefined, needed)).said[0]).toBe(
      'flink-jobs.yml: there is no such file; its one job is taken from the environment',
    );
  });

  it('is a manifest that a cold start takes as it is', async () => {
    const { manifest } = await deploying(undefined, { ...all, AUTO_SUBMIT_JOB: 'false', AUTO_SUBMIT_DELAY: '60' });
    const bundled: unknown = JSON.parse(JSON.stringify(manifest));
    expect(parseManifest(bundled, { namespace: 'other', file: 'flink-jobs.json' })).toEqual(manifest);
  });

  it('is refused with every name that is needed and missing', async () => {
    expect((await deploying(undefined, { JOB_MAIN_CLASS: 'a.B' })).problems).toEqual([
      'flink-jobs.yml: there is no such file; its one job is taken from the environment',
      'environment: FLINK_ECS_CLUSTER: missing; expected the name of an ECS cluster (not its ARN), at most 64 characters',
      'environment: FLINK_ECS_SERVICE: missing; expected the name of an ECS service (not its ARN)',
      'environment: JOB_JAR_PATH: missing; expected s3://bucket/key.jar or image:NAME.jar',
    ]);
  });

  it('is refused with every name that is empty (F95)', async () => {
    const { problems } = await deploying('', Object.fromEntries(JOB_NAMES.map(({ name }) => [name, ' '])));
    expect(problems.map((line) => line.slice(0, line.indexOf(';')))).toEqual(
      JOB_NAMES.map(({ name }) => `environment: ${name}: empty`),
    );
  });

  it.each<[string, string, string]>([
    ['FLINK_ECS_CLUSTER', 'arn:aws:ecs:x', 'found "arn:aws:ecs:x"; expected'],
    ['FLINK_ECS_SERVICE', 'a/b', 'found "a/b"; expected the name of an ECS service (not its ARN)'],
    ['JOB_JAR_PATH', '/opt/flink/usrlib/a.jar', 'found "/opt/flink/usrlib/a.jar"; expected image:a.jar, with the jar'],
    ['JOB_MAIN_CLASS', 'a b', 'found "a b"; expected a Java class'],
    ['PARALLELISM_DEFAULT', '0', 'found "0"; expected a whole number from 1 to 32768'],
    ['PARALLELISM_DEFAULT', '32769', 'found 32769; expected a whole number from 1 to 32768'],
    ['CHECKPOINT_INTERVAL', '60 s', 'found "60 s"; expected a whole number of milliseconds'],
    ['CHECKPOINT_DIR', 'checkpoints', 'found "checkpoints"; expected a URI'],
    ['SAVEPOINT_DIR', 's3:', 'found "s3:"; expected a URI'],
    ['HA_MODE', 'kubernetes', 'found "kubernetes"; expected none or zookeeper'],
    ['DATABASE_PORT', '65536', 'found "65536"; expected a port from 1 to 65535'],
    ['DATABASE_HOST', '\x24{vault:x}', 'found \x24{vault:x}; expected \x24{ssm:/path}'],
    ['DATABASE_PASSWORD', CANARY, 'found something that is not shown here; expected the password as a reference'],
    ['OUTPUT_PATH', `jdbc://u:${CANARY}@h`, 'found something that is not shown here; expected the password as'],
  ])('%s=%s is refused by that name, with what would be right', async (name, value, text) => {
    const { problems } = await deploying('', { ...needed, [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`environment: ${name}: ${text}`);
    expect(problems[0]).not.toContain(CANARY);
  });

  it('is led by the ZooKeeper that three names describe', async () => {
    const { manifest, said } = await deploying('', { ...all, HA_MODE: 'zookeeper' });
    expect(manifest.clusters[0]?.leader).toEqual({ quorum: 'zk:2181', clusterId: '/one', root: '/flink' });
    expect(said).toContain('environment: HA_CLUSTER_ID = "/one" → clusters[0].leader.clusterId');
  });

  it.each([
    ['HA_ZOOKEEPER_QUORUM', 'zk', 'found "zk"; expected host:port of each server'],
    ['HA_CLUSTER_ID', 'a b', 'found "a b"; expected a path in ZooKeeper'],
    ['HA_ZOOKEEPER_PATH_ROOT', '$root', 'found "$root"; expected a path in ZooKeeper'],
  ])('%s=%s is refused by that name where it is used', async (name, value, text) => {
    const { problems } = await deploying('', { ...all, HA_MODE: 'zookeeper', [name]: value });
    expect(problems).toEqual([expect.stringContaining(`environment: ${name}: ${text}`)]);
  });

  it('is refused where high availability is half declared', async () => {
    const without = await deploying('', { ...needed, HA_MODE: 'zookeeper' });
    expect(without.problems).toEqual([
      'environment: HA_ZOOKEEPER_QUORUM: missing beside HA_MODE=zookeeper; expected host:port of each server',
    ]);
    const { problems } = await deploying('', { ...needed, HA_CLUSTER_ID: '/one' });
    expect(problems).toEqual(['environment: HA_MODE: missing beside HA_CLUSTER_ID; expected none or zookeeper']);
  });

  it.each(['1', '65535'])('takes port %s', async (port) => {
    expect((await deploying(undefined, { ...needed, DATABASE_PORT: port })).problems).toEqual([]);
  });
});

describe('names of a job beside a manifest with clusters', () => {
  const manifest = (args = '') => `clusters: [{ name: c, ecsCluster: e, jobManagers: [jm], jobs: [${args}] }]\n`;

  it('are refused, each by its name and with where it belongs', async () => {
    const { problems } = await deploying(manifest(), all);
    expect(problems).toHaveLength(JOB_NAMES.length);
    expect(problems).toContain(
      'environment: OUTPUT_PATH: describes a job beside the clusters of flink-jobs.yml; say it there (args: --output-path), or unset it',
    );
    expect(problems).toContain('environment: HA_MODE: describes a job beside the clusters of flink-jobs.yml; unset it');
  });

  it('are refused once where the manifest asks for one that it may not have', async () => {
    const text = manifest("{ name: a, jar: 's3://bkt/a.jar', args: ['\x24{env:DATABASE_PASSWORD}'] }");
    expect((await deploying(text, { DATABASE_PASSWORD: CANARY })).problems).toEqual([
      expect.stringMatching(/args\[0\]: found \$\{env:DATABASE_PASSWORD\}; expected \$\{secret:name#key\}/),
    ]);
  });

  it('are fine where the manifest asks for them', async () => {
    const text = manifest("{ name: a, jar: 's3://bkt/a.jar', args: ['\x24{env:OUTPUT_PATH}'] }");
    expect((await deploying(text, { OUTPUT_PATH: 's3://out' })).manifest.clusters[0]?.jobs[0]?.args).toEqual([
      's3://out',
    ]);
  });

  it('leave a file that is no manifest to its own problems', async () => {
    const { problems } = await deploying('- a\n', needed);
    expect(problems.at(-1)).toBe('flink-jobs.yml: found a list; expected a mapping with the key clusters');
  });
});
