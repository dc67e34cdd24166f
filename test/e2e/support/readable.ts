import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Alerts } from './alerts.ts';
import { autopilotPrints } from './autopilot.ts';
import { functionMessages } from './logs.ts';
import type { Stage } from './stage.ts';

/** Everything of the product that a person can read, by what it is. */
export const readable = async (
  { world, memory }: Stage,
  alerts: Alerts,
): Promise<Readonly<Record<string, string>>> => ({
  ...Object.fromEntries(
    await Promise.all(FUNCTIONS.map(async (name) => [name, (await functionMessages(world, name)).join('\n')])),
  ),
  ...Object.fromEntries(await Promise.all(ASKED.map(async (word) => [word, await autopilotPrints(world, word)]))),
  json: (await Promise.all(ASKED.map((word) => autopilotPrints(world, word, '--json')))).join('\n'),
  table: JSON.stringify(await memory.items()),
  alerts: (await alerts.bodies()).join('\n'),
  deployed: deployedTexts(join(world.dir, 'deploy/product/.serverless')),
});

const FUNCTIONS = ['task-started', 'health-check', 'operate'] as const;
const ASKED = ['status', 'plan', 'history', 'orders'] as const;

/** The template and all that goes into the functions' zips. */
const deployedTexts = (folder: string): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.zip'))
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'))
    .join('\n');
