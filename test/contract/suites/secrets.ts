import assert from 'node:assert/strict';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { createRedaction } from '../../../lib/adapters/redaction.ts';
import { createSecrets } from '../../../lib/adapters/secrets.ts';
import { readSecret } from '../../../lib/adapters/secrets-manager.ts';
import { readParameter } from '../../../lib/adapters/ssm-parameters.ts';
import type { Secrets } from '../../../lib/ports.ts';
import { type AwsPlace, chance, clientOptions, timing } from './aws-live.ts';
import { type Case, expectFault } from './case.ts';

/** Both stores, with an encrypted parameter `/NAME/password` of `s3cr3t` and a secret `NAME` of `{"user":"bob"}`. */
export type SecretsTarget = { readonly secrets: Secrets; readonly name: string };

export const secretsOn = (ssm: SSMClient, manager: SecretsManagerClient): Secrets =>
  createSecrets({
    stores: {
      ssm: (name, deadlineMs) => readParameter({ ...timing, client: ssm }, name, deadlineMs),
      secret: (name, deadlineMs) => readSecret({ ...timing, client: manager }, name, deadlineMs),
    },
    redaction: createRedaction(),
    nowMs: Date.now,
  });

export const secretsTarget = async (place: AwsPlace): Promise<SecretsTarget & { close: () => void }> => {
  const ssm = new SSMClient(clientOptions(place));
  const manager = new SecretsManagerClient(clientOptions(place));
  const name = `contract-${chance.hex(6)}`;
  await ssm.send(new PutParameterCommand({ Name: `/${name}/password`, Type: 'SecureString', Value: 's3cr3t' }));
  await manager.send(new CreateSecretCommand({ Name: name, SecretString: '{"user":"bob"}' }));
  const close = () => {
    ssm.destroy();
    manager.destroy();
  };
  return { secrets: secretsOn(ssm, manager), name, close };
};

const soon = () => Date.now() + 10_000;

/** What both secret stores must do. */
export const secretsCases: readonly Case<SecretsTarget>[] = [
  {
    name: 'an encrypted parameter and a key of a secret are read in clear',
    run: async ({ secrets, name }) => {
      const text = `\${secret:${name}#user}/\${ssm:/${name}/password}`;
      assert.equal(await secrets.resolve(text, soon()), 'bob/s3cr3t');
    },
  },
  {
    name: 'what is not there is said so by its name',
    run: async ({ secrets, name }) => {
      for (const text of [`\${ssm:/${name}/absent}`, `\${secret:${name}-absent#user}`, `\${secret:${name}#absent}`]) {
        const fault = await expectFault(secrets.resolve(text, soon()), 'rejected', 'SECRET_MISSING');
        assert(fault.message.startsWith(`${text}: `), fault.message);
      }
    },
  },
];
