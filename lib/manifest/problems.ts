import type * as z from 'zod/mini';
import { knownNames } from './schema.ts';

/** One thing that is wrong: where, and what was found and would be right. */
export type Problem = { readonly path: string; readonly text: string };

/** More problems than this come from a file that is not a manifest at all. */
const PROBLEMS_SHOWN_MAX = 100;
const VALUE_CHARS_MAX = 60;
/** A typing mistake is a few letters; a name further away is another word. */
const TYPO_DISTANCE_MAX = 3;

/** Zod's findings in our words; each unknown name is a problem of its own. */
export const problemsOf = (issues: readonly z.core.$ZodIssue[], input: unknown): Problem[] =>
  issues.flatMap((issue): Problem[] => {
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownName(issue.path, key));
    return [notAsExpected(pathText(issue.path), valueAt(input, issue.path), issue.message)];
  });

/** A value that is missing (`undefined`) or not what it should be. */
export const notAsExpected = (path: string, found: unknown, expected: string): Problem => ({
  path,
  text: found === undefined ? `missing; expected ${expected}` : `found ${valueText(found)}; expected ${expected}`,
});

/** A headline with the count, then one line for each problem: file, path, what was found, what would be right. */
export const problemsText = (file: string, problems: readonly Problem[]): string => {
  const shown = problems.slice(0, PROBLEMS_SHOWN_MAX);
  const rest = problems.length - shown.length;
  return [
    `${file} has ${problems.length === 1 ? '1 problem' : `${problems.length} problems`}:`,
    ...shown.map(({ path, text }) => `  ${[file, path, text].filter((part) => part !== '').join(': ')}`),
    ...(rest > 0 ? [`  … and ${rest} more`] : []),
  ].join('\n');
};

/** `clusters[0].jobs[1].jar`, the way a person would say it. */
export const pathText = (path: readonly PropertyKey[]): string =>
  path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');

const unknownName = (parent: readonly PropertyKey[], key: string): Problem => {
  const known = knownNames(parent);
  const near = nearest(key, known);
  const advice = near === undefined ? `known here: ${known.join(', ')}` : `did you mean ${near}?`;
  return { path: pathText([...parent, key]), text: `unknown name; ${advice}` };
};

/** The name that was probably meant. */
export const nearest = (name: string, known: readonly string[]): string | undefined => {
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= TYPO_DISTANCE_MAX ? best.candidate : undefined;
};

/** Levenshtein's: how many letters to insert, delete or replace. */
const editDistance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const replace = (row[j] ?? 0) + (letter === b[j] ? 0 : 1);
      next.push(Math.min(replace, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
};

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, part) => (isObject(value) ? Reflect.get(value, part) : undefined), input);

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const valueText = (value: unknown): string => {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (isObject(value)) return 'a mapping';
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= VALUE_CHARS_MAX ? text : `${text.slice(0, VALUE_CHARS_MAX)}…`;
};
