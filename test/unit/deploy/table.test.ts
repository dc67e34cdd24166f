import { expect, it } from 'vitest';
import { attachTable } from '../../../serverless/table.ts';

const arn = { 'Fn::GetAtt': ['Memory', 'Arn'] };
const template = {
  Description: 'kept',
  Resources: {
    Memory: { Type: 'AWS::DynamoDB::Table', Properties: {} },
    Alerts: { Type: 'AWS::SNS::Topic', Properties: {} },
    A: { Type: 'AWS::Lambda::Function', Properties: { MemorySize: 1, Environment: { TABLE_NAME: { Ref: 'Memory' } } } },
    B: { Type: 'AWS::IAM::Role', Properties: { Policies: [{ Resource: arn }, { Resource: { Ref: 'Alerts' } }] } },
  },
  Outputs: { TableName: { Value: { Ref: 'Memory' } } },
};

it('an attached table takes the place of the stack’s own everywhere', () => {
  expect(attachTable(template, 'old')).toEqual({
    Description: 'kept',
    Resources: {
      Alerts: template.Resources.Alerts,
      A: { Type: 'AWS::Lambda::Function', Properties: { MemorySize: 1, Environment: { TABLE_NAME: 'old' } } },
      B: {
        Type: 'AWS::IAM::Role',
        Properties: {
          Policies: [
            { Resource: { 'Fn::Sub': expect.stringMatching(/^arn:.*:dynamodb:.*:table\/old$/) } },
            { Resource: { Ref: 'Alerts' } },
          ],
        },
      },
    },
    Outputs: { TableName: { Value: 'old' } },
  });
});
