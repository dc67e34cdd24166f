import { randomBytes } from 'node:crypto';
import { awsClientOptions } from '../../../lib/adapters/aws.ts';
import type { Chance, Clock } from '../../../lib/ports.ts';

/** Where the real thing, or its emulator, answers. */
export type AwsPlace = { readonly endpoint: string; readonly region: string };

/** Clients as the product makes them, for an endpoint that takes any credentials. */
export const clientOptions = ({ endpoint, region }: AwsPlace) => ({
  ...awsClientOptions,
  endpoint,
  region,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});

const clock: Clock = {
  nowMs: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** Real time and chance. */
export const timing = { clock, random: Math.random };

export const chance: Chance = { hex: (bytes) => randomBytes(bytes).toString('hex') };
