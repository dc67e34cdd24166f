import type { Resource, Template } from './osls.ts';

/**
 * What the rules of the template need besides themselves. EventBridge may write to the dead-letter queue only by the queue's own policy,
 * for exactly these rules; without it failed deliveries vanish.
 */
export const deliveryResources = (resources: Readonly<Record<string, Resource>>): Template => {
  const rules = Object.keys(resources).filter((id) => resources[id]?.Type === 'AWS::Events::Rule');
  const policy: Resource = {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [{ Ref: 'UndeliveredEvents' }],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Resource: { 'Fn::GetAtt': ['UndeliveredEvents', 'Arn'] },
            Condition: { ArnEquals: { 'aws:SourceArn': rules.map((id) => ({ 'Fn::GetAtt': [id, 'Arn'] })) } },
          },
        ],
      },
    },
  };
  return {
    Resources: { UndeliveredEventsPolicy: policy },
    Outputs: {
      Rules: {
        Description: 'EventBridge rules that ring the functions',
        Value: { 'Fn::Join': [',', rules.map((Ref) => ({ Ref }))] },
      },
    },
  };
};
