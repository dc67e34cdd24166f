import { describe, expect, it } from 'vitest';
import { POLICIES_MAX, permissionResources } from '../../../serverless/permissions.ts';
import { manifestOf } from './clusters.ts';

const functions = {
  'task-started': { name: 'autopilot-dev-task-started', role: 'TaskStartedRole', events: [] },
  'health-check': { name: 'autopilot-dev-health-check', role: 'HealthCheckRole', events: [] },
};
const jars = (count: number) => Array.from({ length: count }, (_, i) => `s3://bucket-${i}/jars/${'x'.repeat(200)}.jar`);

/** What CloudFormation makes of a template: texts with partition, region and account filled in. */
const rendered = (value: unknown): string => {
  const filled = JSON.stringify(value, (_, part) => part?.['Fn::Sub'] ?? part);
  return filled
    .replaceAll(/\$\{AWS::Partition\}/g, 'aws-us-gov')
    .replaceAll(/\$\{AWS::Region\}/g, 'us-gov-west-1')
    .replaceAll(/\$\{AWS::AccountId\}/g, '123456789012');
};
const policiesOf = (resources: ReturnType<typeof permissionResources>) =>
  Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::IAM::ManagedPolicy');

describe('the permissions', () => {
  it('name the clusters and jars of the manifest and nothing else', () => {
    const manifest = manifestOf(['s3://b/a.jar', 's3://b/a.jar']);
    const text = rendered(policiesOf(permissionResources(manifest, functions, false)));
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

  it('let each function write into its own log alone', () => {
    const { TaskStartedRole, HealthCheckRole } = permissionResources(manifestOf([]), functions, false);
    expect(JSON.stringify(TaskStartedRole)).toContain('/aws/lambda/autopilot-dev-task-started:*');
    expect(JSON.stringify(TaskStartedRole)).not.toContain('health-check');
    expect(JSON.stringify(HealthCheckRole)).not.toContain('task-started');
  });

  it('let a function make network interfaces only where it is put into a VPC', () => {
    expect(JSON.stringify(permissionResources(manifestOf([]), functions, false))).not.toContain('ec2:');
    expect(JSON.stringify(permissionResources(manifestOf([]), functions, true))).toContain(
      'ec2:CreateNetworkInterface',
    );
  });

  it('are spread over policies that IAM accepts, all of them on each role', () => {
    const resources = permissionResources(manifestOf(jars(100)), functions, false);
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
    const enough = (count: number) => () => permissionResources(manifestOf(jars(count)), functions, false);
    expect(enough(120)).not.toThrow();
    expect(enough(200)).toThrow(`a role takes ${POLICIES_MAX}`);
  });
});
