import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const CLI = join(ROOT, 'node_modules/serverless/bin/serverless.js');

/** Runs `serverless package` as a person would, everything written below a temporary folder `dir`; nothing is asked of AWS. */
export const packageService = (...options: readonly string[]) => {
  const dir = mkdtempSync(join(tmpdir(), 'autopilot-package-'));
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, 'package', ...options], {
    cwd: ROOT,
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NO_COLOR: '1',
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      FLINK_AUTOPILOT_BUILD_DIR: dir,
    },
  });
  return { dir, status, output: `${stdout}${stderr}`, file: (name: string) => join(dir, '.serverless', name) };
};

export type Packaged = ReturnType<typeof packageService>;

/** The CloudFormation template that a deploy would send. */
export const templateOf = (packaged: Packaged): Template =>
  JSON.parse(readFileSync(packaged.file('cloudformation-template-update-stack.json'), 'utf8'));

/** A template as its checks read it. */
export type Template = {
  // biome-ignore lint/suspicious/noExplicitAny: properties of foreign shapes, which the assertions themselves check
  readonly Resources: Readonly<Record<string, { Type: string; Properties: any; [attribute: string]: unknown }>>;
  readonly Outputs: Readonly<Record<string, unknown>>;
};
