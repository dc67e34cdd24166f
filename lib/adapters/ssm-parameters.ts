import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { Fault } from '../core/errors.ts';
import { type AwsCodes, awsClientOptions, callAws, type Timing } from './aws.ts';

/** The value of a parameter of Systems Manager, decrypted. Faults: `rejected` SECRET_MISSING, SECRET_DENIED, `transient`. */
export const readParameter = async (
  { client, ...timing }: Timing & { readonly client: SSMClient },
  name: string,
  deadlineMs: number,
): Promise<string> => {
  const command = new GetParameterCommand({ Name: name, WithDecryption: true });
  const answer = await callAws(timing, CALL, deadlineMs, (abort) => client.send(command, abort));
  const value = answer.Parameter?.Value;
  if (value === undefined) throw new Fault('rejected', 'SECRET_MISSING', 'the parameter has no value');
  return value;
};

/** Made here, so that a bundle holds no more of the client than this file uses. */
export const createSsmClient = (): SSMClient => new SSMClient(awsClientOptions);

const CODES: AwsCodes = {
  denied: 'SECRET_DENIED',
  unavailable: 'SECRETS_UNAVAILABLE',
  rejected: {
    ParameterNotFound: 'SECRET_MISSING',
    ParameterVersionNotFound: 'SECRET_MISSING',
    ValidationException: 'SECRET_MISSING',
    InvalidKeyId: 'SECRET_DENIED',
  },
  advice: {
    SECRET_DENIED: 'needed: ssm:GetParameter on the parameter, and kms:Decrypt if a key of your own encrypts it',
  },
};

const CALL = { action: 'ssm:GetParameter', codes: CODES };
