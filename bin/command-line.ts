import { parseArgs } from 'node:util';
import { durationMs } from '../lib/core/times.ts';
import { nearest } from '../lib/manifest/problems.ts';
import { agoMs } from './durations.ts';
import { COMMANDS, type CommandName, FLAGS, isCommand, VALUES } from './usage.ts';

/** Where the autopilot is, and how its answer is shown. */
export type Options = {
  readonly stage: string;
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly json: boolean;
  readonly local: boolean;
};

export type Target = { readonly cluster?: string | undefined; readonly job?: string | undefined };

export type CommandLine =
  | { readonly kind: 'help' | 'version' }
  | { readonly kind: 'completion'; readonly shell: 'bash' | 'zsh' }
  /** The function is asked. `why` may have to be asked for first. */
  | { readonly kind: 'ask'; readonly ask: Ask; readonly options: Options }
  | { readonly kind: 'wrong'; readonly problems: readonly string[]; readonly json: boolean };

export type OrderName = Exclude<CommandName, 'status' | 'plan' | 'history' | 'orders' | 'completion'>;

export type Ask =
  | (Target & { readonly op: 'status' | 'plan' | 'orders' })
  | (Target & { readonly op: 'history'; readonly limit?: number | undefined; readonly beforeMs?: number | undefined })
  | (Target & {
      readonly op: 'order';
      readonly kind: OrderName;
      readonly jobId?: string | undefined;
      readonly path?: string | undefined;
      readonly forMs?: number | undefined;
      readonly who?: string | undefined;
      readonly why?: string | undefined;
    });

/** What the words of a command line ask for, or everything that is wrong with them. */
export const parseCommandLine = (words: readonly string[], nowMs: number): CommandLine => {
  const { flags, values, positionals, problems } = read(words);
  if (flags.has('help') || positionals[0] === 'help') return { kind: 'help' };
  if (flags.has('version')) return { kind: 'version' };
  const json = flags.has('json');
  const [name, ...rest] = positionals;
  if (name === undefined)
    return words.length === 0 ? { kind: 'help' } : wrong([...problems, 'a command is missing'], json);
  if (!isCommand(name))
    return wrong([...problems, `unknown command ${name}${meant(name, Object.keys(COMMANDS))}`], json);
  if (name === 'completion') {
    const [shell] = rest;
    if (shell === 'bash' || shell === 'zsh') return { kind: 'completion', shell };
    return wrong([...problems, 'completion needs bash or zsh'], json);
  }
  const numbers = numbersOf(values, nowMs);
  const { target, wrongs } = targetOf(name, rest);
  const all = [...problems, ...wrongs, ...numbers.problems, ...strayOptions(name, values)];
  if (all.length > 0) return wrong(all, json);
  const { stage = 'dev', region, profile } = values;
  const options = { stage, json, local: flags.has('local'), region, profile };
  return { kind: 'ask', ask: askOf(name, target, values, numbers), options };
};

const wrong = (problems: readonly string[], json: boolean): CommandLine => ({ kind: 'wrong', problems, json });

const meant = (word: string, known: readonly string[]): string => {
  const near = nearest(word, known);
  return near === undefined ? '' : `; did you mean ${near}?`;
};

type Name = keyof typeof VALUES;
type Values = { readonly [name in Name]?: string };

const isValue = (name: string): name is Name => Object.hasOwn(VALUES, name);
const isFlag = (name: string): name is (typeof FLAGS)[number] => FLAGS.some((each) => each === name);

const read = (words: readonly string[]) => {
  const { tokens } = parseArgs({
    args: [...words],
    options: {
      ...Object.fromEntries(Object.keys(VALUES).map((name) => [name, { type: 'string' as const }])),
      ...Object.fromEntries(FLAGS.map((name) => [name, { type: 'boolean' as const }])),
      help: { type: 'boolean', short: 'h' },
    },
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const flags = new Set<string>();
  const values: { [name in Name]?: string } = {};
  const positionals: string[] = [];
  const problems: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, value, inlineValue, rawName } = token;
    if (isFlag(name)) {
      if (value === undefined) flags.add(name);
      else problems.push(`${rawName} takes no value`);
    } else if (!isValue(name)) {
      problems.push(`unknown option ${rawName}${meant(rawName, OPTIONS)}`);
    } else if (value === undefined || value === '' || (inlineValue === false && value.startsWith('-'))) {
      problems.push(`${rawName} needs a value: ${rawName} ${VALUES[name]}`);
    } else values[name] = value;
  }
  return { flags, values, positionals, problems };
};

const OPTIONS = [...Object.keys(VALUES), ...FLAGS].map((name) => `--${name}`);

const targetOf = (
  name: Exclude<CommandName, 'completion'>,
  rest: readonly string[],
): { readonly target: Target; readonly wrongs: readonly string[] } => {
  const [word, ...surplus] = rest;
  const wrongs = surplus.map((each) => `one CLUSTER/JOB at a time: ${each} is too much`);
  const needs = COMMANDS[name].target;
  if (word === undefined) {
    const what = needs === 'job' ? 'CLUSTER/JOB' : 'CLUSTER or CLUSTER/JOB';
    return { target: {}, wrongs: needs === 'any' ? wrongs : [...wrongs, `${name} needs ${what}`] };
  }
  const [cluster = '', job, ...more] = word.split('/');
  if (cluster === '' || job === '' || more.length > 0)
    return { target: {}, wrongs: [...wrongs, `${word} is not CLUSTER or CLUSTER/JOB`] };
  if (job !== undefined) return { target: { cluster, job }, wrongs };
  return {
    target: { cluster },
    wrongs: needs === 'job' ? [...wrongs, `${name} is for one job: ${cluster}/JOB`] : wrongs,
  };
};

type Numbers = {
  readonly forMs?: number | undefined;
  readonly limit?: number | undefined;
  readonly beforeMs?: number | undefined;
};

const numbersOf = (values: Values, nowMs: number): Numbers & { readonly problems: readonly string[] } => {
  const problems: string[] = [];
  const number = (name: Name, expected: string, parse: (text: string) => number | undefined): number | undefined => {
    const text = values[name];
    if (text === undefined) return undefined;
    const value = parse(text);
    if (value === undefined) problems.push(`--${name} ${text} is not ${expected}`);
    return value;
  };
  const forMs = number('for', 'a duration such as 30m, 2h or 1d', durationMs);
  const limit = number('limit', 'a whole number from 1 on', (text) =>
    /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined,
  );
  const beforeMs = number('before', 'a time such as 2026-01-31T12:00Z, or how long ago, such as 2h', (text) =>
    agoMs(text, nowMs),
  );
  return { forMs, limit, beforeMs, problems };
};

/** Options that mean nothing to a command: whoever wrote one expects something of it. */
const strayOptions = (name: CommandName, values: Values): readonly string[] => {
  const isOrder = !['status', 'plan', 'history', 'orders', 'completion'].includes(name);
  const foreign = name === 'adopt' || name === 'ignore';
  const taken: Readonly<Record<string, boolean>> = {
    why: isOrder,
    who: isOrder,
    for: name === 'pause',
    'flink-job': foreign,
    path: name === 'restore-from',
    limit: name === 'history',
    before: name === 'history',
  };
  const stray = Object.keys(values).filter((option) => taken[option] === false);
  return [
    ...stray.map((option) => `${name} takes no --${option}`),
    ...(name === 'restore-from' && values.path === undefined
      ? [`${name} needs --path PATH, the directory with _metadata in it`]
      : []),
    ...(foreign && values['flink-job'] === undefined ? [`${name} needs --flink-job ID; status shows it`] : []),
  ];
};

const askOf = (
  name: Exclude<CommandName, 'completion'>,
  target: Target,
  { who, why, path, 'flink-job': jobId }: Values,
  { forMs, limit, beforeMs }: Numbers,
): Ask => {
  if (name === 'history') return { op: name, ...target, limit, beforeMs };
  if (name === 'status' || name === 'plan' || name === 'orders') return { op: name, ...target };
  return { op: 'order', kind: name, ...target, jobId, path, forMs, who, why };
};
