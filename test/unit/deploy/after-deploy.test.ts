import { describe, expect, it } from 'vitest';
import { afterDeploy, outputsOf } from '../../../serverless/after-deploy.ts';

const place = { stage: 'prod', region: 'eu-west-1' };
const outputs = {
  TopicArn: 'arn:aws:sns:eu-west-1:123456789012:alerts',
  OperateFunctionName: 'autopilot-prod-operate',
};

describe('the end of a deploy', () => {
  it('shows the topic, how to subscribe, and whom to ask', () => {
    expect(afterDeploy(outputs, place)).toEqual({
      alerts: [
        outputs.TopicArn,
        `to be told: aws sns subscribe --region eu-west-1 --topic-arn ${outputs.TopicArn} --protocol email --notification-endpoint you@example.com`,
      ],
      operate: ['autopilot-prod-operate', 'to ask: npx flink-autopilot status --stage prod --region eu-west-1'],
    });
  });

  it('reminds of the mail that has to be confirmed', () => {
    expect(afterDeploy(outputs, { ...place, email: 'a@b.de' }).alerts).toContainEqual(
      expect.stringMatching(/^a@b\.de gets a mail from AWS/),
    );
  });

  it('shows nothing of a stack that has neither', () => {
    expect(afterDeploy({}, place)).toEqual({});
  });

  it('reads the outputs that the framework has gathered, if it has', () => {
    const read = [{ OutputKey: 'TopicArn', OutputValue: 'arn' }];
    expect(outputsOf({ pluginManager: { plugins: [{}, { gatheredData: { outputs: read } }] } })).toEqual({
      TopicArn: 'arn',
    });
    expect(outputsOf({ pluginManager: { plugins: [{}, { gatheredData: undefined }] } })).toEqual({});
  });
});
