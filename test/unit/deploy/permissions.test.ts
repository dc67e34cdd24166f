import { describe, expect, it } from 'vitest';
import { POLICIES_MAX, permissionResources } from '../../../serverless/permissions.ts';
import { clusterOf, manifestOf } from './clusters.ts';

const functions = {
  'task-started': { name: 'autopilot-dev-task-started', role: 'TaskStartedRole', events: [], destinations: {} },
  'health-check': { name: 'autopilot-dev-health-check', role: 'HealthCheckRole', events: [], destinations: {} },
  operate: { name: 'autopilot-dev-operate', role: 'OperateRole', events: [] },
};
const none = { encryptAlerts: false };
const jars = (count: number) => Array.from({ length: count }, (_, i) => `s3://bucket-${i}/jars/${'x'.repeat(200)}.jar`);

/** What CloudFormation makes of a template: texts with partition, region and account filled in. */
const rendered = (value: unknown): string => {
  const filled = JSON.stringify(value, (_, part) => part?.['Fn::Sub'] ?? part);
  return filled
    .replaceAll(/\$\{AWS::Partition\}/g, 'aws-us-gov')
    .replaceAll(/\$\{AWS::Region\}/g, 'us-gov-west-1')
    .replaceAll(/\$\{AWS::AccountId\}/g, '123456789012')
    .replaceAll(/\$\{AWS::URLSuffix\}/g, 'amazonaws.com');
};
const policiesOf = (resources: ReturnType<typeof permissionResources>) =>
  Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::IAM::ManagedPolicy');

describe('the permissions', () => {
  it('name the clusters and jars of the manifest and nothing else', () => {
    const manifest = manifestOf(['s3://b/a.jar', 's3://b/a.jar']);
    const text = rendered(policiesOf(permissionResources(manifest, functions, none)));
    const ecs = 'arn:aws-us-gov:ecs:us-gov-west-1:123456789012';
    expect(text.match(/arn:[^"]+|"\*"/g)).toEqual([
      ...[`${ecs}:task/ecs/*`, `${ecs}:service/ecs/*`],
      ...['"*"', `${ecs}:cluster/ecs`],
      ...['arn:aws-us-gov:s3:::b/a.jar', 'arn:aws-us-gov:s3:::b'],
    ]);
    expect(text).toContain(
      `"Action":["ecs:ListTasks"],"Resource":"*","Condition":{"ArnEquals":{"ecs:cluster":"${ecs}:cluster/ecs"}}`,
    );
  });

  it('name no jar of a job that is not run, none that is baked into an image, and no ECS cluster for a URL', () => {
    const [wanted, off, baked] = manifestOf(['s3://b/a.jar', 's3://off/b.jar', 'image:c.jar']).clusters[0]?.jobs ?? [];
    if (wanted === undefined || off === undefined || baked === undefined) throw new Error('three jobs expected');
    const jobs = [wanted, { ...off, enabled: false }, baked];
    const byUrl = clusterOf({ ecsCluster: '', jobManagers: [], url: 'https://flink.example.com', jobs });
    const manifest = { namespace: 'n', clusters: [byUrl] };
    const text = rendered(policiesOf(permissionResources(manifest, functions, none)));
    expect(text.match(/arn:[^"]+|"\*"/g)).toEqual(['arn:aws-us-gov:s3:::b/a.jar', 'arn:aws-us-gov:s3:::b']);
  });

  it('let the functions read the secrets that the manifest refers to, and use keys through the service that keeps them', () => {
    const [job] = manifestOf(['image:a.jar']).clusters[0]?.jobs ?? [];
    if (job === undefined) throw new Error('a job expected');
    const jobs = [
      {
        ...job,
        args: ['--user', '\x24{ssm:/db/user}'],
        flinkConfiguration: { 'x.key': 'a-\x24{secret:db/main#password}' },
      },
      { ...job, name: 'off', enabled: false, args: ['\x24{ssm:/off}'] },
    ];
    const manifest = { namespace: 'n', clusters: [clusterOf({ url: 'https://x', jobs })] };
    const text = rendered(policiesOf(permissionResources(manifest, functions, none)));
    const here = (service: string) => `arn:aws-us-gov:${service}:us-gov-west-1:123456789012`;
    for (const statement of [
      `"Action":["ssm:GetParameter"],"Resource":"${here('ssm')}:parameter/db/user"`,
      `"Action":["secretsmanager:GetSecretValue"],"Resource":"${here('secretsmanager')}:secret:db/main-??????"`,
      `"Action":["kms:Decrypt"],"Resource":"${here('kms')}:key/*","Condition":{"StringEquals":{"kms:ViaService":` +
        '["ssm.us-gov-west-1.amazonaws.com","secretsmanager.us-gov-west-1.amazonaws.com"]}}',
    ])
      expect(text).toContain(statement);
    expect(text.match(/arn:[^"]+/g)).toHaveLength(3);
  });

  it('let the functions read where webhooks are and what signs their messages', () => {
    const url = 'https://host/hook?token=\x24{secret:chat#token}';
    const alerts = { webhooks: [{ name: 'team', format: 'generic', url, secret: '\x24{ssm:/chat/key}' }] } as const;
    const manifest = { ...manifestOf(['image:a.jar']), alerts };
    const text = rendered(policiesOf(permissionResources(manifest, functions, none)));
    expect(text).toContain(':parameter/chat/key"');
    expect(text).toContain(':secret:chat-??????"');
  });

  it('let the functions list the bucket of an output that is watched, and read nothing in it', () => {
    const [job] = manifestOf(['image:a.jar']).clusters[0]?.jobs ?? [];
    if (job === undefined) throw new Error('a job expected');
    const watched = (prefix: string) => ({
      ...job,
      name: prefix.slice(-1),
      health: { output: { prefix, within: '30m' } },
    });
    const off = { ...watched('s3://off/o'), enabled: false };
    const jobs = [watched('s3a://results/orders/'), watched('file:/mnt/flink/o'), off];
    const manifest = { namespace: 'n', clusters: [clusterOf({ url: 'https://x', jobs })] };
    const text = rendered(policiesOf(permissionResources(manifest, functions, none)));
    expect(text).toContain('"Action":["s3:ListBucket"],"Resource":"arn:aws-us-gov:s3:::results"');
    expect(text.match(/arn:[^"]+/g)).toHaveLength(1);
  });

  it.each(['$\x24{ssm:/literal}', '\x24{ssm:/*}', '\x24{secret:a?b}', '\x24{env:NAME}', 'ssm:/plain'])(
    'make nothing of %s',
    (text) => {
      const [job] = manifestOf(['image:a.jar']).clusters[0]?.jobs ?? [];
      if (job === undefined) throw new Error('a job expected');
      const manifest = {
        namespace: 'n',
        clusters: [clusterOf({ url: 'https://x', jobs: [{ ...job, args: [text] }] })],
      };
      expect(policiesOf(permissionResources(manifest, functions, none))).toEqual([]);
    },
  );

  it('take the whole ARN of a secret as it is, and ask for no key where there is no reference', () => {
    const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:x-AbCdEf';
    const reference = `\${secret:${arn}}`;
    for (const access of [{ tls: { ca: reference } }, { leader: { quorum: 'zk:2181', digest: reference } }]) {
      const manifest = { namespace: 'n', clusters: [clusterOf({ url: 'https://x', ...access })] };
      expect(rendered(policiesOf(permissionResources(manifest, functions, none)))).toContain(`"Resource":"${arn}"`);
    }
    expect(rendered(policiesOf(permissionResources(manifestOf([]), functions, none)))).not.toContain('kms:');
  });

  it('let each function write into its own log alone', () => {
    const { TaskStartedRole, HealthCheckRole } = permissionResources(manifestOf([]), functions, none);
    expect(JSON.stringify(TaskStartedRole)).toContain('/aws/lambda/autopilot-dev-task-started:*');
    expect(JSON.stringify(TaskStartedRole)).not.toContain('health-check');
    expect(JSON.stringify(HealthCheckRole)).not.toContain('task-started');
  });

  it('let a function make network interfaces only where it is put into a VPC', () => {
    expect(JSON.stringify(permissionResources(manifestOf([]), functions, none))).not.toContain('ec2:');
    expect(
      JSON.stringify(
        permissionResources(manifestOf([]), functions, {
          ...none,
          vpc: { subnetIds: ['subnet-0a'], securityGroupIds: ['sg-0a'] },
        }),
      ),
    ).toContain('ec2:CreateNetworkInterface');
  });

  it('let only those functions hand failed events on that Lambda retries for', () => {
    const { TaskStartedRole, HealthCheckRole, OperateRole } = permissionResources(manifestOf([]), functions, none);
    expect(JSON.stringify([TaskStartedRole, HealthCheckRole]).match(/sqs:SendMessage/g)).toHaveLength(2);
    expect(JSON.stringify(OperateRole)).not.toContain('sqs:');
  });

  it('let a function use the key of the topic only where there is one', () => {
    const roles = (encryptAlerts: boolean) =>
      JSON.stringify(permissionResources(manifestOf([]), functions, { encryptAlerts }));
    expect(roles(false)).not.toContain('AlertsKey');
    expect(
      roles(true).match(/"kms:Decrypt","kms:GenerateDataKey"\],"Resource":\{"Fn::GetAtt":\["AlertsKey","Arn"\]/g),
    ).toHaveLength(3);
  });

  it('are spread over policies that IAM accepts, all of them on each role', () => {
    const resources = permissionResources(manifestOf(jars(100)), functions, none);
    const policies = policiesOf(resources);
    expect(policies.length).toBeGreaterThan(3);
    const lengths = policies.map(([, { Properties }]) => rendered(Properties.PolicyDocument).length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(6_144);
    expect(Math.max(...lengths)).toBeGreaterThan(5_000);
    const attached = policies.map(([Ref]) => ({ Ref }));
    expect(resources.TaskStartedRole?.Properties.ManagedPolicyArns).toEqual(attached);
    expect(resources.HealthCheckRole?.Properties.ManagedPolicyArns).toEqual(attached);
  });

  it('are refused where one role cannot hold them', () => {
    const enough = (count: number) => () => permissionResources(manifestOf(jars(count)), functions, none);
    expect(enough(120)).not.toThrow();
    expect(enough(200)).toThrow(`a role takes ${POLICIES_MAX}`);
  });
});
