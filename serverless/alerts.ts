import type { Options } from './options.ts';
import type { Resource } from './osls.ts';

/** What `--param email=` and `--param encryptAlerts=true` add: a subscription, and a key with the topic that uses it. */
export const alertResources = (
  { email, encryptAlerts }: Pick<Options, 'email' | 'encryptAlerts'>,
  topic: Resource,
): Record<string, Resource> => ({
  ...(email === undefined ? {} : { AlertsEmail: subscription(email) }),
  ...(encryptAlerts ? { AlertsKey: key, Alerts: encrypted(topic) } : {}),
});

const subscription = (Endpoint: string): Resource => ({
  Type: 'AWS::SNS::Subscription',
  Properties: { TopicArn: { Ref: 'Alerts' }, Protocol: 'email', Endpoint },
});

const encrypted = (topic: Resource): Resource => ({
  ...topic,
  Properties: { ...topic.Properties, KmsMasterKeyId: { 'Fn::GetAtt': ['AlertsKey', 'Arn'] } },
});

/**
 * Who publishes to an encrypted topic needs its key, and only a key of one's own can be opened to a service. AWS documents no
 * condition for these two that holds; what they may publish is narrowed by the policy of the topic.
 */
const key: Resource = {
  Type: 'AWS::KMS::Key',
  Properties: {
    Description: 'Alerts of Flink Autopilot',
    EnableKeyRotation: true,
    PendingWindowInDays: 7,
    KeyPolicy: {
      Version: '2012-10-17',
      Statement: [
        {
          // Without it nobody could ever change the key again; it also lets the roles of the functions speak for themselves.
          Effect: 'Allow',
          Principal: { AWS: { 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:root` } },
          Action: 'kms:*',
          Resource: '*',
        },
        {
          Effect: 'Allow',
          Principal: { Service: ['cloudwatch.amazonaws.com', 'events.amazonaws.com'] },
          Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
          Resource: '*',
        },
      ],
    },
  },
};
