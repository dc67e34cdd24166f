import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { PROJECT } from '../local/deploy/deploy.ts';
import { PRODUCT } from '../local/deploy/deployments.ts';
import { bundle } from '../serverless/bundle.ts';
import { readManifest } from '../serverless/read-manifest.ts';

/** Bundles every function of the product below `dir`, as a deploy would zip it with the checkout's manifest. */
export const packageFunctions = async (dir: string): Promise<readonly PackagedFunction[]> => {
  const manifest = await readManifest(PROJECT, undefined, PRODUCT);
  const names = readdirSync(join(PROJECT, 'functions')).map((file) => basename(file, '.ts'));
  return Promise.all(names.map(async (name) => ({ name, file: join(await bundle(name, manifest, dir), 'index.mjs') })));
};

export type PackagedFunction = { readonly name: string; readonly file: string };

/** What a function is told by Lambda and by its template. */
export const FUNCTION_ENV = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  TABLE_NAME: 'table',
  TOPIC_ARN: 'arn:aws:sns:eu-west-1:000000000000:alerts',
  AUTOPILOT_NAMESPACE: PRODUCT,
  NODE_OPTIONS: '--enable-source-maps --expose-gc',
} as const;
