/** Where the value of a name goes. The cluster that the environment describes is `clusters[0]`, its job `jobs[0]`. */
export type Target =
  | { readonly kind: 'every cluster'; readonly key: string }
  | { readonly kind: 'cluster' | 'job'; readonly key: string }
  | { readonly kind: 'flink'; readonly keys: readonly string[]; readonly suffix?: string }
  | { readonly kind: 'leader'; readonly key: string }
  | { readonly kind: 'argument'; readonly argument: string }
  | { readonly kind: 'none' };

export type EnvironmentName = {
  readonly name: string;
  readonly meaning: string;
  readonly unit: string;
  readonly target: Target;
  /** What a value must look like, where the manifest's schema does not say it. */
  readonly pattern?: RegExp;
  readonly expected: string;
};

const TEXT = { unit: 'text', pattern: /\S/, expected: 'text that is not empty' };
const WHOLE = /^[1-9]\d{0,14}$/;
const PORT = /^([1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5])$/;
const PLACE = { unit: 'URI', pattern: /^([a-z][a-z0-9+.-]*:\/)?\/\S*$/, expected: 'a URI, such as s3://bucket/folder' };

const argument = (name: string, meaning: string): EnvironmentName => ({
  ...TEXT,
  name,
  meaning,
  target: { kind: 'argument', argument: `--${name.toLowerCase().replaceAll('_', '-')}` },
});

const unused = (name: string, meaning: string): EnvironmentName => ({
  ...TEXT,
  name,
  meaning,
  target: { kind: 'none' },
});

const leader = (name: string, key: string, meaning: string): EnvironmentName => ({
  ...TEXT,
  name,
  meaning,
  target: { kind: 'leader', key },
});

/** Names that act on every cluster of any manifest. */
export const SUBMISSION_NAMES: readonly EnvironmentName[] = [
  {
    name: 'AUTO_SUBMIT_JOB',
    meaning:
      '`false`: nothing is submitted anywhere; log, status and plan say that this is why. `true`: as without it.',
    unit: 'true or false',
    target: { kind: 'every cluster', key: 'mode: watch' },
    pattern: /^(true|false)$/i,
    expected: 'true or false',
  },
  {
    name: 'AUTO_SUBMIT_DELAY',
    meaning: 'Least age of a JobManager before anything is submitted to it; a cluster that says its own keeps it.',
    unit: 'seconds',
    target: { kind: 'every cluster', key: 'submitAfterSeconds' },
    pattern: /^(\d{1,3}|[12]\d{3}|3[0-5]\d{2}|3600)$/,
    expected: 'a whole number of seconds from 0 to 3600',
  },
];

/** Names that describe one job and its cluster, where the manifest has none. */
export const JOB_NAMES: readonly EnvironmentName[] = [
  {
    name: 'FLINK_ECS_CLUSTER',
    meaning: 'The ECS cluster; it is the cluster’s name too.',
    unit: 'name',
    target: { kind: 'cluster', key: 'ecsCluster' },
    pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/,
    expected: 'the name of an ECS cluster (not its ARN), at most 64 characters',
  },
  {
    name: 'FLINK_ECS_SERVICE',
    meaning: 'The ECS service that runs the JobManager.',
    unit: 'name',
    target: { kind: 'cluster', key: 'jobManagers[0]' },
    expected: 'the name of an ECS service (not its ARN)',
  },
  {
    name: 'JOB_JAR_PATH',
    meaning: 'The jar. The job’s name is `job`, whatever the jar is called.',
    unit: 'URI',
    target: { kind: 'job', key: 'jar' },
    expected: 's3://bucket/key.jar or image:NAME.jar',
  },
  {
    name: 'JOB_MAIN_CLASS',
    meaning: 'The class to run; otherwise the jar’s manifest names it.',
    unit: 'Java class',
    target: { kind: 'job', key: 'mainClass' },
    expected: 'a Java class, such as com.example.Main',
  },
  {
    name: 'PARALLELISM_DEFAULT',
    meaning: 'Parallelism of the job.',
    unit: 'whole number',
    target: { kind: 'job', key: 'parallelism' },
    pattern: WHOLE,
    expected: 'a whole number from 1 to 32768, such as 2',
  },
  {
    name: 'CHECKPOINT_INTERVAL',
    meaning: 'Time between checkpoints.',
    unit: 'milliseconds',
    target: { kind: 'flink', keys: ['execution.checkpointing.interval'], suffix: ' ms' },
    pattern: WHOLE,
    expected: 'a whole number of milliseconds, such as 60000',
  },
  {
    ...PLACE,
    name: 'CHECKPOINT_DIR',
    meaning: 'Where checkpoints are kept. Both keys are sent: 1.20 gave it a new one, which hides the old.',
    target: { kind: 'flink', keys: ['state.checkpoints.dir', 'execution.checkpointing.dir'] },
  },
  {
    ...PLACE,
    name: 'SAVEPOINT_DIR',
    meaning:
      'Where savepoints go. Flink takes it from the cluster’s configuration only; the job keeps it for savepoints that the autopilot orders.',
    target: { kind: 'flink', keys: ['state.savepoints.dir', 'execution.checkpointing.savepoint-dir'] },
  },
  {
    ...unused(
      'HA_MODE',
      '`none`: one JobManager without high availability; the other names of it are not used then. `zookeeper`: as `HA_ZOOKEEPER_QUORUM` and the others say.',
    ),
    unit: 'none or zookeeper',
    pattern: /^(none|zookeeper)$/i,
    expected: 'none or zookeeper',
  },
  leader('HA_ZOOKEEPER_QUORUM', 'quorum', 'The servers of the ZooKeeper, `host:port,…`.'),
  leader('HA_CLUSTER_ID', 'clusterId', 'The cluster’s id in it; otherwise `/default`.'),
  leader('HA_ZOOKEEPER_PATH_ROOT', 'root', 'The node above it; otherwise `/flink`.'),
  argument('DATABASE_HOST', 'Host of the database.'),
  {
    ...argument('DATABASE_PORT', 'Port of the database.'),
    unit: 'port',
    pattern: PORT,
    expected: 'a port from 1 to 65535',
  },
  argument('DATABASE_USERNAME', 'User of the database.'),
  {
    ...argument('DATABASE_PASSWORD', 'The user’s password: a reference to it, never the password.'),
    unit: 'reference',
  },
  argument('DATABASE_SID', 'SID of the database.'),
  argument('DATABASE_SCHEMA', 'Schema of the database.'),
  argument('DATABASE_TABLES', 'Tables to read, as the job wants them written.'),
  argument('OUTPUT_PATH', 'Where the job writes.'),
];

/** The target as people write it: a field of the manifest, Flink keys or an argument. */
export const targetText = (target: Target): string => {
  switch (target.kind) {
    case 'every cluster':
      return `clusters[].${target.key}`;
    case 'leader':
      return `clusters[0].leader.${target.key}`;
    case 'cluster':
      return `clusters[0].${target.key}`;
    case 'job':
      return `clusters[0].jobs[0].${target.key}`;
    case 'flink':
      return `flinkConfiguration: ${target.keys.join(', ')}`;
    case 'argument':
      return `args: ${target.argument}`;
    case 'none':
      return 'nothing';
  }
};
