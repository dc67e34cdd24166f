import { describe, expect, test } from 'vitest';
import { checkTemplate } from '../support/template-check.ts';
import { unusedIn } from '../support/template-references.ts';

const bucket = (properties: object, more: object = {}) => ({
  Resources: { A: { Type: 'AWS::S3::Bucket', Properties: properties, ...more } },
});
const group = (properties: object) => ({
  Type: 'AWS::EC2::SecurityGroup',
  Properties: { GroupDescription: 'g', ...properties },
});
const letsIn = (id: string) =>
  group({ SecurityGroupIngress: [{ IpProtocol: 'tcp', SourceSecurityGroupId: { 'Fn::GetAtt': [id, 'GroupId'] } }] });

// The first of these loads the specification.
describe('the template checker', { timeout: 30_000 }, () => {
  test.each([
    ['no resources', {}, ['Resources: missing or not a map']],
    ['a resource without a type', { Resources: { A: {} } }, ['A: has no Type']],
    ['an unknown type', { Resources: { A: { Type: 'AWS::S3::Bukket' } } }, ['A: unknown type AWS::S3::Bukket']],
    ['an unknown resource attribute', bucket({}, { DependOn: 'B' }), ['A.DependOn: unknown resource attribute']],
    ['an unknown property', bucket({ Name: 'a' }), ['A.Name: unknown property']],
    ['a missing property', { Resources: { A: { Type: 'AWS::EC2::SecurityGroup' } } }, ['A.GroupDescription: required']],
    ['a property that is no value', bucket({ BucketEncryption: { Ref: 'AWS::NoValue' } }), []],
    [
      'a missing nested property',
      bucket({ BucketEncryption: {} }),
      ['A.BucketEncryption.ServerSideEncryptionConfiguration: required'],
    ],
    ['one value for a list', bucket({ Tags: 'a' }), ['A.Tags: should be a list']],
    ['a tag without a value', bucket({ Tags: [{ Key: 'a' }] }), ['A.Tags[0]: should be {Key, Value}']],
    [
      'text for a number',
      { Resources: { A: { Type: 'AWS::SQS::Queue', Properties: { DelaySeconds: 'x' } } } },
      ['A.DelaySeconds: should be an integer, is x'],
    ],
    ['a number as text', { Resources: { A: { Type: 'AWS::SQS::Queue', Properties: { DelaySeconds: '5' } } } }, []],
    [
      'a reference to nowhere',
      bucket({ BucketName: { Ref: 'B' } }),
      ['Resources.A.Properties.BucketName: reference to unknown B'],
    ],
    ['a pseudo parameter', bucket({ BucketName: { Ref: 'AWS::StackName' } }), []],
    [
      'a substitution of nothing',
      bucket({ BucketName: { 'Fn::Sub': `\${AWS::Region}-\${!B}-\${B}` } }),
      ['Resources.A.Properties.BucketName: reference to unknown B'],
    ],
    ['a substitution of its own', bucket({ BucketName: { 'Fn::Sub': [`\${B}`, { B: 'b' }] } }), []],
    ['an unknown condition', bucket({}, { Condition: 'C' }), ['Resources.A: unknown condition C']],
    ['a dependency on nothing', bucket({}, { DependsOn: ['B'] }), ['Resources.A: reference to unknown B']],
    ['a dependency on itself', bucket({}, { DependsOn: 'A' }), ['Resources: cycle A → A']],
  ])('sees %s', (_, template, problems) => {
    expect(checkTemplate(template)).toEqual(problems);
  });

  test('sees an attribute that a type does not have, and takes one that it has', () => {
    const withOutput = (attribute: string) => ({
      ...bucket({}),
      Outputs: { O: { Value: { 'Fn::GetAtt': ['A', attribute] } } },
    });
    expect(checkTemplate(withOutput('Arn'))).toEqual([]);
    expect(checkTemplate(withOutput('Aarn'))).toEqual(['Outputs.O.Value: AWS::S3::Bucket has no attribute Aarn']);
  });

  test('looks into both sides of a condition', () => {
    const either = (a: unknown, b: unknown) => ({
      Conditions: { C: { 'Fn::Equals': ['a', 'b'] } },
      ...bucket({ Tags: { 'Fn::If': ['C', a, b] } }),
    });
    expect(checkTemplate(either([], { Ref: 'AWS::NoValue' }))).toEqual([]);
    expect(checkTemplate(either([], 'a'))).toEqual(['A.Tags: should be a list']);
  });

  test('sees two groups that let each other in', () => {
    expect(checkTemplate({ Resources: { A: letsIn('B'), B: letsIn('A') } })).toEqual(['Resources: cycle A → B → A']);
  });
});

describe('the look for unused resources', () => {
  const used = {
    Resources: {
      A: { Type: 'AWS::SQS::Queue', Properties: { Self: { Ref: 'A' } } },
      B: { Type: 'AWS::SNS::TopicPolicy' },
    },
  };

  test.each([
    ['one that only names itself', {}, ['A']],
    ['one that an output shows', { Outputs: { O: { Value: { Ref: 'A' } } } }, []],
    [
      'one that another one uses',
      {
        Resources: {
          ...used.Resources,
          B: { Type: 'AWS::SNS::TopicPolicy', Properties: { X: { 'Fn::GetAtt': ['A', 'Arn'] } } },
        },
      },
      [],
    ],
  ])('sees %s', (_, more, unused) => {
    expect(unusedIn({ ...used, ...more })).toEqual(unused);
  });
});
