import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Alerts } from '../ports.ts';
import { type AwsCodes, awsClientOptions, callAws, type Timing } from './aws.ts';
import { snsMessage } from './sns-messages.ts';

/**
 * Alerts on one SNS topic. A publish whose answer is lost is tried again and may arrive twice: under the same incident
 * key, which is what is promised. Faults: `rejected` ALERTS_DENIED, ALERTS_TOPIC_MISSING, `transient`, `unknown-outcome`.
 */
export const createSnsAlerts = ({ client, topicArn, ...timing }: SnsAlertsOptions): Alerts => ({
  publish: async (alert, deadlineMs) => {
    const command = new PublishCommand({ TopicArn: topicArn, ...snsMessage(alert) });
    await callAws(timing, PUBLISH, deadlineMs, (abort) => client.send(command, abort));
  },
});

/** Made here, so that a bundle holds no more of the client than this file uses. */
export const createSnsClient = (): SNSClient => new SNSClient(awsClientOptions);

export type SnsAlertsOptions = Timing & { readonly client: SNSClient; readonly topicArn: string };

const CODES: AwsCodes = {
  denied: 'ALERTS_DENIED',
  unavailable: 'ALERTS_UNAVAILABLE',
  rejected: { NotFoundException: 'ALERTS_TOPIC_MISSING', NotFound: 'ALERTS_TOPIC_MISSING' },
};

const PUBLISH = { action: 'sns:Publish', codes: CODES, writes: true } as const;
