import { beforeAll, describe, expect, test } from 'vitest';
import { parameterProblems } from '../../examples/flink-on-ecs/check-parameters.ts';
import { exampleTemplate } from '../support/example-template.ts';
import { checkTemplate } from '../support/template-check.ts';

const byDefault = exampleTemplate();

// Loading the specification takes about a second, several on a busy machine.
beforeAll(() => checkTemplate(byDefault), 30_000);

/** The value at a path of keys, such as `Resources.Cluster.Properties`. */
const at = (node: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
      node,
    );

describe('the example cluster’s template', () => {
  test.each([
    ['by default', {}],
    ['in a given network', { vpcId: 'vpc-1', subnetIds: 'subnet-1,subnet-2', assignPublicIp: 'ENABLED' }],
    ['with a standby', { jobManagers: '2', zookeeperQuorum: 'zk:2181' }],
    ['with endpoints for clients and a bucket kept from before', { clientEndpoints: 'true', bucket: 'kept' }],
  ])('would be taken by CloudFormation %s', (_, parameters) => {
    expect(checkTemplate(exampleTemplate(parameters))).toEqual([]);
  });

  test('never runs two JobManagers at once without a ZooKeeper', () => {
    const service = at(byDefault, 'Resources.JobManagerService.Properties');
    expect(service).toMatchObject({
      ServiceName: 'jobmanager',
      DesiredCount: 1,
      AvailabilityZoneRebalancing: 'DISABLED',
    });
    const percents = { MinimumHealthyPercent: { 'Fn::If': ['HighAvailability', 50, 0] }, MaximumPercent: 100 };
    expect(at(service, 'DeploymentConfiguration')).toMatchObject(percents);
    expect(at(byDefault, 'Conditions.HighAvailability')).toEqual({ 'Fn::Not': [{ 'Fn::Equals': ['', ''] }] });
  });

  test('has the names that the manifest and the Flink settings speak of', () => {
    expect(at(byDefault, 'Resources.Cluster.Properties.ClusterName')).toBe('flink-on-ecs');
    expect(at(byDefault, 'Resources.TaskManagerService.Properties.ServiceName')).toBe('taskmanager');
    const address = `${at(byDefault, 'Resources.JobManagerName.Properties.Name')}.${at(byDefault, 'Resources.Namespace.Properties.Name')}`;
    expect(flinkSettings('JobManagerTask').get('jobmanager.rpc.address')).toBe(address);
  });

  test('keeps its bucket private, encrypted, and alive without the stack', () => {
    const bucket = at(byDefault, 'Resources.StateBucket');
    expect(bucket).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
    expect(at(bucket, 'Properties.BucketEncryption')).toBeDefined();
    expect(Object.values(at(bucket, 'Properties.PublicAccessBlockConfiguration') ?? {})).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });

  test('lets its jobs touch nothing but the bucket', () => {
    const statements = at(
      exampleTemplate({ bucket: 'kept' }),
      'Resources.TaskRole.Properties.Policies.0.PolicyDocument.Statement',
    );
    const resources = [statements].flat().map((statement) => at(statement, 'Resource'));
    expect(resources).toEqual([
      { 'Fn::Sub': `arn:\${AWS::Partition}:s3:::kept` },
      { 'Fn::Sub': `arn:\${AWS::Partition}:s3:::kept/*` },
    ]);
  });

  test.each(['JobManager', 'TaskManager'])('a %s has a minute to stop, and its logs end one day', (role) => {
    expect(at(byDefault, `Resources.${role}Task.Properties.ContainerDefinitions.0.StopTimeout`)).toBeGreaterThanOrEqual(
      60,
    );
    expect(at(byDefault, `Resources.${role}Logs.Properties.RetentionInDays`)).toBe(14);
  });
});

/** FLINK_PROPERTIES as the image reads them: spaces dropped, split at the first colon. */
const flinkSettings = (task: string, template = byDefault): Map<string, string> => {
  const environment = at(template, `Resources.${task}.Properties.ContainerDefinitions.0.Environment`);
  const properties = [environment].flat().find((variable) => at(variable, 'Name') === 'FLINK_PROPERTIES');
  const [base, choice] = [at(properties, 'Value.Fn::Join.1.0.Fn::Sub'), 'Value.Fn::Join.1.1.Fn::If'];
  const isHa = at(template, 'Conditions.HighAvailability.Fn::Not.0.Fn::Equals.0') !== '';
  const chosen = at(properties, isHa ? `${choice}.1.Fn::Sub` : `${choice}.2`);
  const lines = `${base}${chosen}`.trim().split('\n');
  return new Map(
    lines.map((line) => [line.replace(/:.*/, '').trim(), line.replace(/^[^:]*:/, '').replaceAll(' ', '')]),
  );
};

describe('the example cluster’s Flink settings', () => {
  test('are the same for both services and hold a value on each line', () => {
    const settings = flinkSettings('JobManagerTask');
    expect(flinkSettings('TaskManagerTask')).toEqual(settings);
    for (const [key, value] of settings) expect(`${key}: ${value}`).toMatch(/^[\w.-]+: [^\s#]+$/);
  });

  test('with a ZooKeeper name no JobManager, for each has a name of its own, and keep the ports that are let in', () => {
    const settings = flinkSettings('JobManagerTask', exampleTemplate({ jobManagers: '2', zookeeperQuorum: 'a:1,b:2' }));
    expect(settings.has('jobmanager.rpc.address')).toBe(false);
    expect(settings.get('high-availability.type')).toBe('zookeeper');
    expect(settings.get('high-availability.zookeeper.quorum')).toBe('a:1,b:2');
    expect(settings.get('high-availability.jobmanager.port')).toBe(settings.get('jobmanager.rpc.port'));
  });

  test('keep snapshots in the bucket, or where stateUri says', () => {
    expect(flinkSettings('JobManagerTask').get('execution.checkpointing.dir')).toBe(
      `s3://flink-on-ecs-dev-\${AWS::AccountId}-\${AWS::Region}/checkpoints`,
    );
    const local = flinkSettings('JobManagerTask', exampleTemplate({ stateUri: 'file:///state', slots: '3' }));
    expect(local.get('execution.checkpointing.savepoint-dir')).toBe('file:///state/savepoints');
    expect(local.get('taskmanager.numberOfTaskSlots')).toBe('3');
  });

  test.each([
    ['JobManager', ['jobmanager.rpc.port', 'blob.server.port', 'rest.port']],
    ['TaskManager', ['taskmanager.data.port', 'taskmanager.rpc.port', 'metrics.internal.query-service.port']],
  ])('use ports of the %s that its security group lets in', (role, keys) => {
    const rules = [at(byDefault, `Resources.${role}Ingress.Properties.SecurityGroupIngress`)].flat();
    const ranges = rules.map((rule) => [Number(at(rule, 'FromPort')), Number(at(rule, 'ToPort'))] as const);
    for (const key of keys) {
      const port = Number(flinkSettings('JobManagerTask').get(key));
      expect(
        ranges.some(([from, to]) => port >= from && port <= to),
        `${key} ${port}`,
      ).toBe(true);
    }
  });
});

describe('the example cluster’s parameters', () => {
  const fine = {
    image: 'flink:1.20.5-java17',
    s3Plugin: 'flink-s3-fs-hadoop-1.20.5.jar',
    jobManagers: 1,
    zookeeperQuorum: '',
    taskManagers: 1,
    slots: 2,
    vpcId: '',
    subnetIds: '',
    assignPublicIp: 'DISABLED',
    clientEndpoints: 'false',
    stateUri: 's3://bucket',
  };
  const network = { vpcId: 'vpc-0a', subnetIds: 'subnet-0a,subnet-0b' };

  test.each([
    ['the defaults', {}],
    ['text as --param gives it', { taskManagers: '0', slots: '1' }],
    ['a standby', { jobManagers: '2', zookeeperQuorum: 'zk-1:2181,zk-2:2181' }],
    ['Flink 2.3', { image: 'flink:2.3.0-java17', s3Plugin: 'flink-s3-fs-hadoop-2.3.0.jar' }],
    ['an image that names no version', { image: 'registry:5000/flink:release-7' }],
    ['a given network', network],
    ['endpoints', { clientEndpoints: 'true' }],
    ['a local folder', { stateUri: 'file:///tmp/state' }],
  ])('are fine: %s', (_, change) => {
    expect(parameterProblems({ ...fine, ...change })).toEqual([]);
  });

  test.each([
    ['half a TaskManager', { taskManagers: '0.5' }, /^taskManagers /],
    ['half a JobManager', { jobManagers: '0.5' }, /^jobManagers /],
    ['a standby without a ZooKeeper', { jobManagers: '2' }, /two clusters/],
    ['a ZooKeeper without a port', { zookeeperQuorum: 'zk' }, /^zookeeperQuorum /],
    ['a space between ZooKeepers', { zookeeperQuorum: 'a:1, b:2' }, /^zookeeperQuorum /],
    ['no slot', { slots: 0 }, /^slots /],
    ['an image with a space', { image: 'flink 1' }, /^image /],
    ['a plugin of another version', { image: 'flink:2.3.0-java17' }, /^s3Plugin /],
    ['no VPC id', { ...network, vpcId: 'mine' }, /^vpcId /],
    ['a space between subnets', { ...network, subnetIds: 'subnet-0a, subnet-0b' }, /^subnetIds /],
    ['a VPC without subnets', { vpcId: 'vpc-0a' }, /together/],
    ['subnets without a VPC', { subnetIds: 'subnet-0a' }, /together/],
    ['yes for ENABLED', { assignPublicIp: 'yes' }, /^assignPublicIp /],
    ['yes for true', { clientEndpoints: 'yes' }, /^clientEndpoints /],
    ['endpoints in a given network', { ...network, clientEndpoints: 'true' }, /given VPC/],
    ['a path for a URI', { stateUri: '/tmp/state' }, /^stateUri /],
    ['a / at the end', { stateUri: 's3://bucket/' }, /^stateUri /],
    ['a space in the URI', { stateUri: 'file:///my state' }, /^stateUri /],
  ])('are refused with one reason: %s', (_, change, reason) => {
    expect(parameterProblems({ ...fine, ...change })).toEqual([expect.stringMatching(reason)]);
  });

  test('are refused with all reasons at once', () => {
    expect(parameterProblems({ ...fine, taskManagers: 'x', slots: 'y', stateUri: 'z' })).toHaveLength(3);
  });
});
