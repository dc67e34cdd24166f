import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { clientConfig } from '../../../local/aws.ts';
import type { World } from '../../../local/world.ts';

/** The world's Systems Manager and Secrets Manager, where a person puts values before a deploy. */
export const openVault = ({ client }: World): Vault => {
  const ssm = new SSMClient(clientConfig(client));
  const secrets = new SecretsManagerClient(clientConfig(client));
  return {
    parameter: async (Name, Value, Type = 'String') =>
      void (await ssm.send(new PutParameterCommand({ Name, Value, Type }))),
    secret: async (Name, keys) =>
      void (await secrets.send(new CreateSecretCommand({ Name, SecretString: JSON.stringify(keys) }))),
    rotate: async (SecretId, keys) =>
      void (await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: JSON.stringify(keys) }))),
    close: () => {
      ssm.destroy();
      secrets.destroy();
    },
  };
};

export type Vault = {
  parameter(name: string, value: string, type?: 'String' | 'SecureString'): Promise<void>;
  /** A secret that is JSON. */
  secret(name: string, keys: Readonly<Record<string, string>>): Promise<void>;
  /** Another current version of it. */
  rotate(name: string, keys: Readonly<Record<string, string>>): Promise<void>;
  close(): void;
};
