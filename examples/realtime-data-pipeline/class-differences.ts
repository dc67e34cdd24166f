import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from './jdk.ts';

/** The classes that are in one folder only or differ between the two, by their paths; `how` says how closely they are looked at. */
export const classDifferences = async (one: string, other: string, how: 'bytes' | 'shape'): Promise<string[]> => {
  const [names, otherNames] = [classNames(one), classNames(other)];
  const common = names.filter((name) => otherNames.includes(name));
  const lonely = [...names, ...otherNames].filter((name) => !common.includes(name));
  const look = how === 'bytes' ? bytes : shape;
  const [looks, otherLooks] = await Promise.all([look(one, common), look(other, common)]);
  return [...lonely, ...common.filter((_, index) => looks[index] !== otherLooks[index])].sort();
};

const classNames = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.class'))
    .sort();

const bytes = async (dir: string, names: readonly string[]): Promise<string[]> =>
  names.map((name) => readFileSync(join(dir, name), 'base64'));

/** For each class its declaration and members, and the set of everything its code refers to: methods, fields, classes, strings, numbers. */
const shape = async (dir: string, names: readonly string[]): Promise<string[]> => {
  const listing = await runTool('javap', ['-p', '-c', '-constants', ...names.map((name) => join(dir, name))]);
  const classes = listing.split(/^Compiled from .*$/m).slice(1);
  if (classes.length !== names.length)
    throw new Error(`javap printed ${classes.length} classes for ${names.length} files`);
  return classes.map(shapeOf);
};

const shapeOf = (listing: string): string => {
  const lines = listing.split('\n').map((line) => line.trim());
  const declared = lines.filter((line) => /[;{]$/.test(line) && !/^\d+:/.test(line));
  const used = lines.flatMap((line) => /\/\/ (.+)$/.exec(line)?.slice(1) ?? []);
  // Bootstrap numbers (`#0:`) count in the order of the class file, which is the compiler's own.
  return [...new Set([...declared, ...used.map((use) => use.replace(/#\d+:/, ''))])].sort().join('\n');
};
