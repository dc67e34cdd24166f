import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { parseManifest } from '../lib/config.ts';
import type { Manifest } from '../lib/core/model.ts';

/** Reads and checks the manifest `path` (below `dir`). Throws an Error whose text is for a person: no file, YAML errors with lines, or every problem. */
export const readManifest = async (dir: string, path: unknown, namespace: string): Promise<Manifest> => {
  const file = typeof path === 'string' && path !== '' ? path : 'flink-jobs.yml';
  return parseManifest(parseYaml(await readText(resolve(dir, file), file), file), { namespace, file });
};

const readText = async (path: string, file: string): Promise<string> => {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const why =
      cause instanceof Error && 'code' in cause && cause.code === 'ENOENT' ? 'there is no such file' : String(cause);
    throw new Error(
      `${file} cannot be read: ${why}. It lists the clusters and their jobs; --param manifest=PATH names another one.`,
      { cause },
    );
  }
};

/** YAML → plain data. A tag or an alias that YAML leaves unresolved would silently become something else, so warnings count too. */
const parseYaml = (text: string, file: string): unknown => {
  const document = parseDocument(text);
  const problems = [...document.errors, ...document.warnings];
  if (problems.length > 0)
    throw new Error(
      `${file} is not valid YAML:\n${problems.map((problem) => `  ${problem.message.trimEnd()}`).join('\n')}`,
    );
  try {
    return document.toJS();
  } catch (cause) {
    throw new Error(`${file} is not valid YAML: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
};
