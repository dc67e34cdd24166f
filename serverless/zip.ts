import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Serverless } from './osls.ts';

/** The framework's own zip writer: sorted entries without times, so that unchanged code is an unchanged file. */
type Zipper = { zipFiles(files: readonly string[], zipFileName: string, prefix: string): Promise<string> };

/** Zips all files of `dir` (not the folder itself) into the framework's package folder and gives the zip's path. */
export const zip = async (serverless: Serverless, dir: string, zipFileName: string): Promise<string> => {
  const zipper = serverless.pluginManager.plugins.find(isZipper);
  if (zipper === undefined) throw new Error('This version of the Serverless Framework has no zip writer.');
  const files = await readdir(dir);
  return zipper.zipFiles(
    files.map((file) => join(dir, file)),
    zipFileName,
    dir,
  );
};

const isZipper = (plugin: object): plugin is Zipper => 'zipFiles' in plugin && typeof plugin.zipFiles === 'function';
