import type * as z from 'zod/mini';
import { cut } from '../core/cut.ts';
import { isObject } from './raw.ts';
import { knownNames, placesOf } from './schema.ts';

/** One thing that is wrong: where (`file` where it is not the one the others are in), and what was found and would be right. */
export type Problem = { readonly path: string; readonly text: string; readonly file?: string };

/** More problems than this come from a file that is not a manifest at all. */
const PROBLEMS_SHOWN_MAX = 100;
const VALUE_CHARS_MAX = 60;
const PATH_CHARS_MAX = 160;
const LINE_CHARS_MAX = 500;
const KNOWN_SHOWN_MAX = 20;
/** A name that is known in more places says nothing of which one was meant. */
const PLACES_SHOWN_MAX = 2;
/** What stands here instead of a reference may be the secret itself. */
const SECRET_PLACE = /\.(auth(\.(?!kind$)|$)|tls\.ca$)|^alerts\.webhooks\[\d+\]\.(url|secret)$/;
const USER_IN_URL = /\/\/[^/@\s"]*@/g;
/** A typing mistake is a few letters; a name further away is another word. */
const TYPO_DISTANCE_MAX = 3;

/** Zod's findings in our words; each unknown name is a problem of its own. */
export const problemsOf = (issues: readonly z.core.$ZodIssue[], input: unknown): Problem[] =>
  issues.flatMap((issue): Problem[] => {
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownName(issue.path, key));
    if (issue.code === 'invalid_key') return [wrongKey(issue)];
    const inner = issue.code === 'invalid_union' ? issuesOfNearest(issue) : undefined;
    if (inner !== undefined) return problemsOf(inner, input);
    return [notAsExpected(pathText(issue.path), valueAt(input, issue.path), issue.message)];
  });

/** A value that is missing (`undefined`) or not what it should be. */
export const notAsExpected = (path: string, found: unknown, expected: string): Problem => {
  const value = SECRET_PLACE.test(path) && !isObject(found) ? 'something that is not shown here' : valueText(found);
  return { path, text: found === undefined ? `missing; expected ${expected}` : `found ${value}; expected ${expected}` };
};

/** Problems at paths about which nothing is said yet: one mistake, one line. */
export const problemsElsewhere = (found: readonly Problem[], said: readonly Problem[]): Problem[] =>
  found.filter(({ path }) => !said.some((problem) => problem.path === path));

/** A headline with the count, then one line for each problem: file, path, what was found, what would be right. */
export const problemsText = (file: string, problems: readonly Problem[]): string => {
  const shown = problems.slice(0, PROBLEMS_SHOWN_MAX);
  const rest = problems.length - shown.length;
  return [
    `${file} has ${problems.length === 1 ? '1 problem' : `${problems.length} problems`}:`,
    ...shown.map(({ file: own = file, path, text }) => {
      const line = `  ${[own, path.slice(0, PATH_CHARS_MAX), text].filter((part) => part !== '').join(': ')}`;
      return cut(line, LINE_CHARS_MAX);
    }),
    ...(rest > 0 ? [`  … and ${rest} more`] : []),
  ].join('\n');
};

/** `clusters[0].jobs[1].jar`, the way a person would say it. */
export const pathText = (path: readonly PropertyKey[]): string =>
  path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');

const unknownName = (parent: readonly PropertyKey[], key: string): Problem => ({
  path: pathText([...parent, key.slice(0, VALUE_CHARS_MAX)]),
  text: `unknown name${rightPlace(key) ?? `; ${suggestion(key, knownNames(parent))}`}`,
});

/** Of a name that is right elsewhere: a typing mistake would be a strange chance. */
const rightPlace = (key: string): string | undefined => {
  const places = placesOf(key);
  if (places.length === 0 || places.length > PLACES_SHOWN_MAX) return undefined;
  return ` here; it belongs ${places.map((place) => (place === '' ? 'at the top of the file' : `in ${place}`)).join(' or ')}`;
};

/** A key of a mapping whose keys are free; its value, which may be anything, is not repeated. */
const wrongKey = ({ path, issues, message }: z.core.$ZodIssueInvalidKey): Problem => ({
  path: pathText(path),
  text: `not a key; expected ${issues[0]?.message ?? message}`,
});

/** What somebody who wrote `name` may have meant. */
export const suggestion = (name: string, known: readonly string[]): string => {
  const near = nearest(name.slice(0, VALUE_CHARS_MAX), known);
  if (near !== undefined) return `did you mean ${near}?`;
  const shown = known.slice(0, KNOWN_SHOWN_MAX).map((one) => one.slice(0, VALUE_CHARS_MAX));
  return `known here: ${[...shown, ...(known.length > shown.length ? ['…'] : [])].join(', ')}`;
};

/** What is wrong inside the alternative that was meant: the one that took the value for its own kind. */
const issuesOfNearest = (issue: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue[] | undefined =>
  issue.errors
    .find(
      (issues) =>
        issues.length > 0 && issues.every(({ code, path }) => path.length > 0 || code === 'unrecognized_keys'),
    )
    ?.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));

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

const valueText = (value: unknown): string => {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (isObject(value)) return 'a mapping';
  const text = (JSON.stringify(value) ?? String(value)).replace(USER_IN_URL, '//…@');
  return cut(text, VALUE_CHARS_MAX);
};
