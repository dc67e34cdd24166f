import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AwsClient } from '../aws.ts';
import { PROJECT } from '../deploy/deploy.ts';
import { isAlive, type ProcessRecord } from '../process/process-identity.ts';

/** Where the world of `npm start` lives: the checkout's own ignored folder. */
export const WORLD_FOLDER = join(PROJECT, '.local', 'world');

const FILE = join(PROJECT, '.local', 'world.json');

/** How another terminal reaches a running world. The token keeps other users and web pages of this machine out. */
export type ControlAddress = {
  readonly url: string;
  readonly token: string;
  readonly owner: ProcessRecord;
  /** Its AWS: what `npx flink-autopilot … --local` asks. */
  readonly aws?: AwsClient;
};

/** Publishes the address, readable by this user alone. */
export const publishAddress = (address: ControlAddress, file = FILE): void => {
  rmSync(file, { force: true });
  writeFileSync(file, JSON.stringify(address), { mode: 0o600 });
};

/** Removes the published address. */
export const withdrawAddress = (file = FILE): void => rmSync(file, { force: true });

/** The address of the world that runs in this folder; undefined when none does, also after a crash of it. */
export const findAddress = (file = FILE): ControlAddress | undefined => {
  try {
    const address: ControlAddress = JSON.parse(readFileSync(file, 'utf8'));
    return isAlive(address.owner) ? address : undefined;
  } catch {
    return undefined;
  }
};
