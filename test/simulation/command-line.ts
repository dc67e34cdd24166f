import { parseArgs } from 'node:util';
import { guards } from './guards.ts';
import { profiles } from './profiles.ts';

/** What `npm run simulate -- …` is to do. */
export type Command =
  | { readonly kind: 'guards' }
  | { readonly kind: 'kinds'; readonly seeds: number; readonly from: number; readonly workers?: number }
  | {
      readonly kind: 'one';
      readonly seed: number;
      readonly trace: boolean;
      /** Without the kinds that are out in it. */
      readonly isThinned: boolean;
      readonly profile?: string;
      readonly without?: string;
    }
  | {
      readonly kind: 'many';
      readonly seeds: number;
      readonly from: number;
      readonly workers?: number;
      readonly json: boolean;
      readonly profile?: string;
      readonly without?: string;
    }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly problems: readonly string[] };

export const usage = `npm run simulate -- [--seeds N] [--from N] [--workers N] [--json] [--profile NAME] [--without GUARD]
npm run simulate -- --seed N [--trace] [--profile NAME] [--without GUARD]
npm run simulate -- --guards
npm run simulate -- --kinds [--seeds N] [--from N] [--workers N]
npm run simulate -- --kinds --seed N [--trace]

Many seeded runs of the product among faults; exits 0 if nothing broke and every state that matters was reached, with
--without only if something broke. One seed with --trace shows its timeline. --kinds takes every fifth kind of fault out
of each run, and exits 0 if each one's state was reached in runs with it, and in none without it.`;

const options = {
  seeds: { type: 'string' },
  from: { type: 'string' },
  workers: { type: 'string' },
  seed: { type: 'string' },
  profile: { type: 'string' },
  without: { type: 'string' },
  json: { type: 'boolean' },
  trace: { type: 'boolean' },
  guards: { type: 'boolean' },
  kinds: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** All that is wrong is said at once. */
export const readCommand = (args: readonly string[]): Command => {
  const { values, tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const problems = tokens.flatMap((token) => {
    if (token.kind === 'positional') return [`${token.value} is no option`];
    if (token.kind !== 'option') return [];
    const known = Object.entries(options).find(([name]) => name === token.name)?.[1];
    if (known === undefined) return [`${token.rawName} is not known`];
    const isText = known.type === 'string';
    if (isText && token.value === undefined) return [`${token.rawName} needs a value`];
    return !isText && token.value !== undefined ? [`${token.rawName} takes no value`] : [];
  });
  const number = (name: NumberOption, max: number): number | undefined => {
    const text = values[name];
    if (typeof text !== 'string') return undefined;
    const isFine = /^[1-9]\d{0,9}$/.test(text) && Number(text) <= max;
    if (!isFine) problems.push(`--${name} ${text}: a whole number from 1 to ${max} is needed`);
    return isFine ? Number(text) : undefined;
  };
  const named = (name: 'profile' | 'without', all: readonly string[]): string | undefined => {
    const text = values[name];
    if (typeof text !== 'string') return undefined;
    if (!all.includes(text)) problems.push(`--${name} ${text}: there is only ${all.join(', ')}`);
    return text;
  };
  const seed = number('seed', SEED_MAX);
  const seeds = number('seeds', SEED_MAX);
  const from = number('from', SEED_MAX);
  const workers = number('workers', WORKERS_MAX);
  const profile = named('profile', Object.keys(profiles));
  const without = named(
    'without',
    guards.map(({ name }) => name),
  );
  const isOne = values.seed !== undefined;
  const many = (['seeds', 'from', 'workers', 'json'] as const).filter((name) => values[name] !== undefined);
  if (isOne && many.length > 0)
    problems.push(`--seed is one run: it goes without ${many.map((name) => `--${name}`).join(', ')}`);
  if (!isOne && values.trace) problems.push('--trace shows one run: it needs --seed');
  if (values.guards && tokens.length > 1) problems.push('--guards goes alone');
  if (values.kinds && Object.keys(values).some((name) => !OF_KINDS.has(name)))
    problems.push('--kinds takes --seeds, --from and --workers, or --seed and --trace, alone');
  if (problems.length > 0) return { kind: 'wrong', problems };
  if (values.help) return { kind: 'help' };
  if (values.guards) return { kind: 'guards' };
  const among = { ...(profile && { profile }), ...(without && { without }) };
  if (seed !== undefined)
    return { kind: 'one', seed, trace: values.trace === true, isThinned: values.kinds === true, ...among };
  const limits = { seeds: seeds ?? SEEDS, from: from ?? 1, ...(workers && { workers }) };
  if (values.kinds) return { kind: 'kinds', ...limits, seeds: seeds ?? SEEDS_OF_KINDS };
  return { kind: 'many', ...limits, json: values.json === true, ...among };
};

type NumberOption = 'seed' | 'seeds' | 'from' | 'workers';

const SEEDS = 1_000;
/** Each kind is out in some 500 of them. */
const SEEDS_OF_KINDS = 2_500;
const OF_KINDS: ReadonlySet<string> = new Set(['kinds', 'seeds', 'from', 'workers', 'seed', 'trace']);
/** A seed and the count of seeds are kept in 32 bits. */
const SEED_MAX = 1_000_000_000;
const WORKERS_MAX = 64;
