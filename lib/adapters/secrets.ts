import { asFault, Fault } from '../core/errors.ts';
import type { Secrets } from '../ports.ts';
import type { Redaction } from './redaction.ts';

/**
 * `${ssm:/path}` and `${secret:name#key}` (the whole secret without `#key`) in a text, several if need be; `$${` is a literal
 * `${`. Values are kept for a moment, so that many jobs and looks read each of them once; none ever leaves `redaction`.
 */
export const createSecrets = ({ stores, redaction, nowMs }: SecretsOptions): CachedSecrets => {
  const cache = new Map<string, Entry>();
  const read = ({ kind, name }: Reference, deadlineMs: number, maxAgeMs: number): Promise<string> => {
    const kept = cache.get(`${kind}:${name}`);
    if (kept !== undefined && nowMs() - kept.readMs <= Math.min(maxAgeMs, kept.keptMs)) return kept.value;
    const entry: Entry = { readMs: nowMs(), keptMs: KEPT_MS, value: stores[kind](name, deadlineMs) };
    cache.set(`${kind}:${name}`, entry);
    // Whoever awaits it hears of the failure itself.
    entry.value.catch(() => {
      entry.keptMs = FAILURE_KEPT_MS;
    });
    return entry.value;
  };
  const resolveWithin: CachedSecrets['resolveWithin'] = async (text, deadlineMs, maxAgeMs) => {
    const references = referencesIn(text);
    const values = await Promise.allSettled(
      references.map(async (reference) => {
        const value = await named(reference, async () => pick(reference, await read(reference, deadlineMs, maxAgeMs)));
        redaction.hide(value, `value of ${reference.text.slice(2, -1)}`);
        return [reference.text, value] as const;
      }),
    );
    for (const value of values) if (value.status === 'rejected') throw value.reason;
    const known = new Map(values.flatMap((value) => (value.status === 'fulfilled' ? [value.value] : [])));
    return text.replace(PATTERN, (found) => (found === '$${' ? '${' : (known.get(found) ?? '')));
  };
  return { resolveWithin, resolve: (text, deadlineMs) => resolveWithin(text, deadlineMs, FRESH_MS) };
};

/** `stores` give a whole secret by its name, or throw a Fault. */
export type SecretsOptions = {
  readonly stores: Readonly<Record<Kind, (name: string, deadlineMs: number) => Promise<string>>>;
  readonly redaction: Redaction;
  readonly nowMs: () => number;
};

export type CachedSecrets = Secrets & {
  /** The same, content with values that were read up to `maxAgeMs` ago (never more than `KEPT_MS`). */
  resolveWithin(text: string, deadlineMs: number, maxAgeMs: number): Promise<string>;
};

/** For what goes to a JobManager with each look; that one was rotated is noticed by the refusal of the old one. */
export const KEPT_MS = 300_000;

/** For what is submitted: the jobs of one pass share a read, and nothing older is ever submitted. */
export const FRESH_MS = 10_000;

/** A store that refuses or fails is not asked again by every look of a waiting pass. */
const FAILURE_KEPT_MS = 2_000;

type Kind = 'ssm' | 'secret';
type Entry = { readonly readMs: number; keptMs: number; readonly value: Promise<string> };
type Reference = { readonly text: string; readonly kind: Kind; readonly name: string; readonly key?: string };

const PATTERN = /\$\$\{|\$\{(ssm|secret):([^}]*)\}/g;

const referencesIn = (text: string): readonly Reference[] =>
  [...text.matchAll(PATTERN)].flatMap(([found, kind, name = '']): readonly Reference[] => {
    if (kind === 'ssm') return [{ text: found, kind, name }];
    if (kind !== 'secret') return [];
    const at = name.indexOf('#');
    return [{ text: found, kind, ...(at < 0 ? { name } : { name: name.slice(0, at), key: name.slice(at + 1) }) }];
  });

/** Every fault names the reference, so that a person finds it in the manifest. */
const named = async ({ text, name }: Reference, value: () => Promise<string>): Promise<string> => {
  if (name === '') throw missing(`${text} names nothing`);
  try {
    return await value();
  } catch (thrown) {
    const { kind, code, message, context } = asFault(thrown);
    throw new Fault(kind, code, `${text}: ${message}`, { context });
  }
};

const pick = ({ key }: Reference, whole: string): string => {
  if (key === undefined) return whole;
  const value = Object.entries(objectOf(whole)).find(([name]) => name === key)?.[1];
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw missing(`the secret has no key ${key} with a text`);
};

const objectOf = (whole: string): object => {
  try {
    const json: unknown = JSON.parse(whole);
    if (typeof json === 'object' && json !== null) return json;
  } catch {
    // What JSON.parse says of it would repeat a part of it.
  }
  throw missing('the secret is no JSON object, so it has no keys');
};

const missing = (text: string): Fault => new Fault('rejected', 'SECRET_MISSING', text);
