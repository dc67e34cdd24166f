import { describe, expect, it } from 'vitest';
import { parseEnvironment } from '../../../lib/config.ts';

describe('the environment', () => {
  const env = {
    TABLE_NAME: 'flink-autopilot-dev-Memory-1',
    TOPIC_ARN: 'arn:aws:sns:eu-west-1:000000000000:alerts',
    AUTOPILOT_NAMESPACE: 'flink-autopilot-dev',
  };

  it('is read', () => {
    expect(parseEnvironment(env)).toEqual({
      table: env.TABLE_NAME,
      topicArn: env.TOPIC_ARN,
      namespace: env.AUTOPILOT_NAMESPACE,
      metrics: 'cluster',
    });
  });

  it.each(['off', 'cluster', 'job'])('says how finely metrics are told: %s', (METRICS) => {
    expect(parseEnvironment({ ...env, METRICS }).metrics).toBe(METRICS);
  });

  it('is refused with all variables that are missing, empty or wrong', () => {
    const refused = () => parseEnvironment({ TABLE_NAME: ' ', TOPIC_ARN: 'alerts', METRICS: 'all' });
    expect(refused).toThrow(expect.objectContaining({ kind: 'invalid', code: 'ENVIRONMENT_INVALID' }));
    expect(refused).toThrow(
      [
        'environment has 4 problems:',
        '  environment: METRICS: found "all"; expected one of off, cluster, job',
        '  environment: TABLE_NAME: missing; expected the name of the DynamoDB table',
        '  environment: TOPIC_ARN: found "alerts"; expected the ARN of the SNS topic',
        '  environment: AUTOPILOT_NAMESPACE: missing; expected service and stage, such as flink-autopilot-dev',
      ].join('\n'),
    );
  });
});
