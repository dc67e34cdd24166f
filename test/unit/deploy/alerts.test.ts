import { describe, expect, it } from 'vitest';
import { alertResources } from '../../../serverless/alerts.ts';

const topic = { Type: 'AWS::SNS::Topic', Properties: { DisplayName: 'x' } };

describe('the topic of the alerts', () => {
  it('stays as it is where nothing is asked for', () => {
    expect(alertResources({ encryptAlerts: false }, topic)).toEqual({});
  });

  it('tells one person by e-mail where an address is given', () => {
    expect(alertResources({ encryptAlerts: false, email: 'a@b.de' }, topic)).toEqual({
      AlertsEmail: {
        Type: 'AWS::SNS::Subscription',
        Properties: { TopicArn: { Ref: 'Alerts' }, Protocol: 'email', Endpoint: 'a@b.de' },
      },
    });
  });

  it('is encrypted with a key that rotates and that alarms and rules may use, where that is asked for', () => {
    const { Alerts, AlertsKey } = alertResources({ encryptAlerts: true }, topic);
    expect(Alerts?.Properties).toEqual({ DisplayName: 'x', KmsMasterKeyId: { 'Fn::GetAtt': ['AlertsKey', 'Arn'] } });
    expect(AlertsKey?.Properties).toMatchObject({ EnableKeyRotation: true });
    expect(JSON.stringify(AlertsKey?.Properties.KeyPolicy)).toContain(
      '"Service":["cloudwatch.amazonaws.com","events.amazonaws.com"]},"Action":["kms:Decrypt","kms:GenerateDataKey*"]',
    );
  });
});
