import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { checkManifest, manifestInvalid } from '../lib/config.ts';
import { defaults } from '../lib/core/defaults.ts';
import type { Manifest } from '../lib/core/model.ts';
import { foreseenRisks } from '../lib/core/state/risks.ts';
import { problemsElsewhere } from '../lib/manifest/problems.ts';
import { get, isObject } from '../lib/manifest/raw.ts';
import { jobNamesGiven, jobOf, namesBeside } from './environment/job.ts';
import { resolveEnvironment } from './environment/references.ts';
import { type Shell, takenText } from './environment/shell.ts';
import { submissionOf } from './environment/submission.ts';

/** What a deploy has besides the file: its environment, and a person who reads. */
export type Deploying = { readonly shell?: Shell; readonly say?: (line: string) => void };

/**
 * Reads and checks the manifest `path` (below `dir`), with what the environment says: `${env:NAME}`, AUTO_SUBMIT_*, and one job where the file
 * has no clusters or is not there. Each value that is taken is said. Throws an Error whose text is for a person: no file, YAML errors with lines,
 * or every problem.
 */
export const readManifest = async (
  dir: string,
  path: unknown,
  namespace: string,
  { shell = process.env, say = () => {} }: Deploying = {},
): Promise<Manifest> => {
  const file = typeof path === 'string' && path !== '' ? path : 'flink-jobs.yml';
  const names = jobNamesGiven(shell);
  const text = await readText(resolve(dir, file), file, names.length > 0);
  const raw = text === undefined ? {} : parseYaml(text, file);
  const { value, asked, taken, problems } = resolveEnvironment(raw, shell, file);
  const job = names.length > 0 && hasNoClusters(value) ? jobOf(shell) : undefined;
  const submission = submissionOf(shell);
  const said = [...problems, ...(job?.problems ?? namesBeside(names, asked, file)), ...submission.problems];
  const whole = job === undefined ? value : { ...asMapping(value), clusters: [job.cluster] };
  const checked = checkManifest(whole, namespace);
  const found = 'problems' in checked ? checked.problems.map((problem) => job?.explain(problem) ?? problem) : [];
  const all = [...said, ...problemsElsewhere(found, said)];
  if ('problems' in checked || all.length > 0) throw manifestInvalid(file, text === undefined ? [ABSENT, ...all] : all);
  if (text === undefined) say(`${file}: ${ABSENT.text}`);
  for (const one of [...taken, ...(job?.taken ?? []), ...submission.taken]) say(takenText(one));
  const manifest = submission.apply(checked.manifest);
  for (const line of risksOf(manifest)) say(`${file}: ${line}`);
  return manifest;
};

/** Allowed, and told before the bad day: which job would not keep its state, and where it is proven less that one is lost. */
const risksOf = ({ clusters }: Manifest): readonly string[] =>
  clusters.flatMap(({ name, leader, jobs }) => [
    ...(leader === 'rest' ? [`${name}: ${OVER_REST}`] : []),
    ...jobs.flatMap((job) => foreseenRisks(job).map((risk) => `${name}/${job.name}: ${risk}`)),
  ]);

const OVER_REST = `\`leader: rest\` is the weaker proof: a job starts only when no JobManager listed it for ZooKeeper's session timeout and ${defaults.restMarginMs / 1_000} s, and what Flink would recover nobody can ask; give \`quorum\` where the functions can reach the ZooKeeper`;

/** Told too, so that a mistyped path is noticed. */
const ABSENT = { path: '', text: 'there is no such file; its one job is taken from the environment' };

const hasNoClusters = (value: unknown): boolean => {
  const clusters = get(value, 'clusters');
  if (value !== null && !isMapping(value)) return false;
  return clusters === undefined || clusters === null || (Array.isArray(clusters) && clusters.length === 0);
};

const asMapping = (value: unknown): object => (isMapping(value) ? value : {});

const isMapping = (value: unknown): value is object => isObject(value) && !Array.isArray(value);

/** The file's text; undefined for a file that is not there and may be absent. */
const readText = async (path: string, file: string, mayBeAbsent: boolean): Promise<string | undefined> => {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const isAbsent = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    if (isAbsent && mayBeAbsent) return undefined;
    const why = isAbsent ? 'there is no such file' : String(cause);
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
