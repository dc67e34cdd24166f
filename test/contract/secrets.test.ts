import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { type AwsStub, awsError, startAwsStub } from '../support/aws-stub.ts';
import { createFakeSecrets } from '../support/fake-secrets.ts';
import { secretsCases, secretsOn } from './suites/secrets.ts';

describe('secret stores of our own keep the contract that the real ones keep', () => {
  let stub: AwsStub;
  beforeAll(async () => {
    stub = await startAwsStub((request) => {
      const { Name, SecretId, WithDecryption } = request.json();
      if (SecretId === 'contract') return { json: { SecretString: '{"user":"bob"}' } };
      if (SecretId !== undefined) return awsError('ResourceNotFoundException');
      if (Name !== '/contract/password') return awsError('ParameterNotFound');
      return { json: { Parameter: { Value: WithDecryption === true ? 's3cr3t' : 'encrypted' } } };
    });
  });
  afterAll(() => stub.close());

  for (const { name, run } of secretsCases) {
    test(name, () => {
      const secrets = secretsOn(new SSMClient(stub.clientOptions), new SecretsManagerClient(stub.clientOptions));
      return run({ secrets, name: 'contract' });
    });
  }
});

describe('secrets in a plain memory keep the contract that the real stores keep', () => {
  const secrets = createFakeSecrets({ '${ssm:/contract/password}': 's3cr3t', '${secret:contract#user}': 'bob' });
  for (const { name, run } of secretsCases) test(name, () => run({ secrets, name: 'contract' }));
});
