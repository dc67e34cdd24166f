import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, describe, expect, test } from 'vitest';
import { readSecret } from '../../../lib/adapters/secrets-manager.ts';
import { readParameter } from '../../../lib/adapters/ssm-parameters.ts';
import { type AwsAnswer, awsError, quickTiming, startAwsStub } from '../../support/aws-stub.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const soon = () => Date.now() + 5_000;

const storesThat = async (answer: AwsAnswer) => {
  const stub = await startAwsStub(() => answer);
  cleanups.push(stub.close);
  const ssm = { ...quickTiming, client: new SSMClient(stub.clientOptions) };
  const manager = { ...quickTiming, client: new SecretsManagerClient(stub.clientOptions) };
  return {
    stub,
    ssm: () => readParameter(ssm, '/db/password', soon()),
    secret: () => readSecret(manager, 'db', soon()),
  };
};

describe('a secret store', () => {
  test('of parameters is asked for the decrypted value', async () => {
    const { ssm, stub } = await storesThat({ json: { Parameter: { Value: 's3cr3t' } } });
    expect(await ssm()).toBe('s3cr3t');
    expect(stub.requests[0]?.json()).toEqual({ Name: '/db/password', WithDecryption: true });
  });

  test('of secrets is asked for the current text', async () => {
    const { secret, stub } = await storesThat({ json: { SecretString: '{"a":1}' } });
    expect(await secret()).toBe('{"a":1}');
    expect(stub.requests[0]?.json()).toEqual({ SecretId: 'db' });
  });

  test.each([
    ['ssm', 'ParameterNotFound', 'SECRET_MISSING', 'ssm:GetParameter'],
    ['ssm', 'ValidationException', 'SECRET_MISSING', 'ssm:GetParameter'],
    ['ssm', 'AccessDeniedException', 'SECRET_DENIED', 'needed: ssm:GetParameter on the parameter, and kms:Decrypt'],
    ['secret', 'ResourceNotFoundException', 'SECRET_MISSING', 'secretsmanager:GetSecretValue'],
    ['secret', 'InvalidRequestException', 'SECRET_MISSING', 'secretsmanager:GetSecretValue'],
    ['secret', 'AccessDeniedException', 'SECRET_DENIED', 'needed: secretsmanager:GetSecretValue on the secret'],
    ['secret', 'DecryptionFailure', 'SECRET_DENIED', 'kms:Decrypt'],
  ] as const)('%s that answers %s is %s and names the action', async (store, error, code, text) => {
    const stores = await storesThat(awsError(error));
    await expect(stores[store]()).rejects.toMatchObject({
      kind: 'rejected',
      code,
      message: expect.stringContaining(text),
    });
  });

  test.each(['ssm', 'secret'] as const)('%s that throttles or is silent may be asked again', async (store) => {
    const stores = await storesThat(awsError('ThrottlingException'));
    await expect(stores[store]()).rejects.toMatchObject({ kind: 'transient', code: 'SECRETS_UNAVAILABLE' });
  });

  test.each([
    ['ssm', { Parameter: {} }],
    ['secret', { SecretBinary: 'AAAA' }],
  ] as const)('%s that answers without a text holds none', async (store, answer) => {
    const stores = await storesThat({ json: answer });
    await expect(stores[store]()).rejects.toMatchObject({ code: 'SECRET_MISSING' });
  });
});
