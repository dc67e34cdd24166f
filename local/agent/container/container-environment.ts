import * as z from 'zod/mini';
import { AwsError, type Emulator } from '../emulator.ts';
import type { ContainerDefinition } from '../services/desired-state.ts';
import { CannotStart } from './cannot-start.ts';

/** The environment of one container: what ECS gives to each, then its own variables, then its secrets. Throws CannotStart. */
export const containerEnvironment = async (
  definition: ContainerDefinition,
  task: { dir: string; hostName: string; region: string; emulatorUrl: string },
  emulator: Emulator,
): Promise<Record<string, string>> => {
  const secrets = await Promise.all(
    definition.secrets.map(async ({ name, valueFrom }) => [name, await readSecret(valueFrom, emulator)] as const),
  );
  return {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    HOME: task.dir,
    TMPDIR: `${task.dir}/tmp`,
    HOSTNAME: task.hostName,
    AWS_REGION: task.region,
    AWS_DEFAULT_REGION: task.region,
    AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE',
    // The role of a task is no question here: the emulator asks nobody for rights.
    AWS_ENDPOINT_URL: task.emulatorUrl,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    ...Object.fromEntries(definition.environment.map(({ name, value }) => [name, value])),
    ...Object.fromEntries(secrets),
  };
};

/** `valueFrom` is a parameter (name or ARN) or a secret's ARN, the latter perhaps with `:json-key:stage:version`. */
const readSecret = async (valueFrom: string, emulator: Emulator): Promise<string> => {
  try {
    if (!valueFrom.includes(':secretsmanager:')) {
      const name = valueFrom.includes(':parameter/')
        ? valueFrom.slice(valueFrom.indexOf(':parameter/') + 10)
        : valueFrom;
      return parameter.parse(await emulator.call('ssm', 'GetParameter', { Name: name, WithDecryption: true })).Parameter
        .Value;
    }
    const parts = valueFrom.split(':');
    const id = parts.slice(0, 7).join(':');
    const text = secret.parse(await emulator.call('secrets', 'GetSecretValue', { SecretId: id })).SecretString;
    const key = parts[7] ?? '';
    return key === '' ? text : fieldOf(text, key, valueFrom);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new CannotStart(
      `ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secret ${valueFrom}: ${error.code}: ${error.message}`,
    );
  }
};

const fieldOf = (text: string, key: string, valueFrom: string): string => {
  const value = z.record(z.string(), z.unknown()).parse(JSON.parse(text))[key];
  if (value !== undefined) return typeof value === 'string' ? value : JSON.stringify(value);
  throw new CannotStart(
    `ResourceInitializationError: unable to pull secrets or registry auth: retrieved secret did not contain json key ${key} (${valueFrom})`,
  );
};

const parameter = z.object({ Parameter: z.object({ Value: z.string() }) });
const secret = z.object({ SecretString: z.string() });
