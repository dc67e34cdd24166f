import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Fault } from '../core/errors.ts';
import { type AwsCodes, awsClientOptions, callAws, type Timing } from './aws.ts';

/** The current text of a secret of Secrets Manager, by name or ARN. Faults: `rejected` SECRET_MISSING, SECRET_DENIED, `transient`. */
export const readSecret = async (
  { client, ...timing }: Timing & { readonly client: SecretsManagerClient },
  name: string,
  deadlineMs: number,
): Promise<string> => {
  const command = new GetSecretValueCommand({ SecretId: name });
  const { SecretString } = await callAws(timing, CALL, deadlineMs, (abort) => client.send(command, abort));
  if (SecretString === undefined) throw new Fault('rejected', 'SECRET_MISSING', 'the secret holds bytes, not a text');
  return SecretString;
};

/** Made here, so that a bundle holds no more of the client than this file uses. */
export const createSecretsManagerClient = (): SecretsManagerClient => new SecretsManagerClient(awsClientOptions);

const CODES: AwsCodes = {
  denied: 'SECRET_DENIED',
  unavailable: 'SECRETS_UNAVAILABLE',
  rejected: {
    ResourceNotFoundException: 'SECRET_MISSING',
    // Marked for deletion, or without a current version.
    InvalidRequestException: 'SECRET_MISSING',
    ValidationException: 'SECRET_MISSING',
    DecryptionFailure: 'SECRET_DENIED',
  },
  advice: {
    SECRET_DENIED:
      'needed: secretsmanager:GetSecretValue on the secret, and kms:Decrypt if a key of your own encrypts it',
  },
};

const CALL = { action: 'secretsmanager:GetSecretValue', codes: CODES };
