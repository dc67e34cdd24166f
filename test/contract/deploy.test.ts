import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { packageService, templateOf } from '../support/package-service.ts';
import { checkTemplate } from '../support/template-check.ts';
import { unusedIn } from '../support/template-references.ts';
import { bundleTests } from './deploy-bundle.ts';
import { templateTests } from './deploy-template.ts';

const vpc = ['--param', 'subnets=subnet-0a,subnet-0b', '--param', 'securityGroups=sg-0a'];
// Once for all tests of this file: it takes seconds.
const packaged = packageService('--stage', 'test', ...vpc);
if (packaged.status !== 0) throw new Error(packaged.output);
afterAll(() => rmSync(packaged.dir, { recursive: true }));

templateTests(templateOf(packaged));
bundleTests(packaged);

it('everything that takes tags says which application it belongs to', () => {
  const { service } = JSON.parse(readFileSync(packaged.file('serverless-state.json'), 'utf8'));
  expect(service.provider.stackTags).toEqual({ application: 'flink-autopilot' });
});

describe('the options', () => {
  const options = [
    'table=old-table',
    'email=you@example.com',
    'encryptAlerts=true',
    'logRetentionInDays=14',
    'memory=512',
  ];
  const withOptions = packageService('--stage', 'test', ...options.flatMap((option) => ['--param', option]));
  if (withOptions.status !== 0) throw new Error(withOptions.output);
  const template = templateOf(withOptions);
  rmSync(withOptions.dir, { recursive: true });
  const ofType = (type: string) => Object.values(template.Resources).filter(({ Type }) => Type === type);

  it('make a template that CloudFormation accepts and in which all is used', () => {
    expect(checkTemplate(template)).toEqual([]);
    expect(unusedIn(template)).toEqual([]);
  });

  it('attach a table in the place of one of the stack', () => {
    expect(ofType('AWS::DynamoDB::Table')).toEqual([]);
    for (const { Properties } of ofType('AWS::Lambda::Function'))
      expect(Properties.Environment.Variables.TABLE_NAME).toBe('old-table');
    expect(JSON.stringify(ofType('AWS::IAM::Role')).match(/:table\/old-table"/g)).toHaveLength(3);
    expect(template.Outputs.TableName).toMatchObject({ Value: 'old-table' });
  });

  it('tell a person, encrypt the topic, keep the logs for as long and give as much memory as is said', () => {
    expect(ofType('AWS::SNS::Subscription')).toMatchObject([{ Properties: { Endpoint: 'you@example.com' } }]);
    expect(template.Resources.Alerts?.Properties.KmsMasterKeyId).toEqual({ 'Fn::GetAtt': ['AlertsKey', 'Arn'] });
    expect(ofType('AWS::Logs::LogGroup').map(({ Properties }) => Properties.RetentionInDays)).toEqual([14, 14, 14]);
    expect(ofType('AWS::Lambda::Function').map(({ Properties }) => Properties.MemorySize)).toEqual([512, 512, 512]);
  });
});

describe('a bad configuration', () => {
  it('stops the package with its problems, no stack and nothing made', () => {
    const { dir, status, output } = packageService('--param', 'manifest=package.json');
    const left = readdirSync(dir);
    rmSync(dir, { recursive: true });
    expect(status).toBe(1);
    expect(output).toContain('package.json: clusters: missing; expected a list of clusters, at least one');
    expect(output).toContain('package.json: dependencies: unknown name; known here: namespace, alerts, clusters');
    expect(output).not.toMatch(/^\s+at /m);
    expect(left).toEqual([]);
  });

  it('stops the package where an option is wrong', () => {
    const { dir, status, output } = packageService('--param', 'table=arn:aws:dynamodb:x', '--param', 'email=you');
    rmSync(dir, { recursive: true });
    expect(status).toBe(1);
    expect(output).toMatch(/--param table: found "arn:aws:dynamodb:x"; expected the name.*--param email: found "you"/s);
    expect(output).not.toMatch(/^\s+at /m);
  });
});
