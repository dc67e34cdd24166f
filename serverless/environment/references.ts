import * as z from 'zod/mini';
import { type Problem, pathText } from '../../lib/manifest/problems.ts';
import { isObject, type Path } from '../../lib/manifest/raw.ts';
import { reference } from '../../lib/manifest/reference-syntax.ts';
import { manifestSchema } from '../../lib/manifest/schema.ts';
import { holdsPassword, type Shell, type Taken } from './shell.ts';

export type Resolved = {
  readonly value: unknown;
  /** Names that the manifest refers to, rightly or not. */
  readonly asked: ReadonlySet<string>;
  readonly taken: readonly Taken[];
  readonly problems: readonly Problem[];
};

/** `input` with each `${env:NAME}` of its texts replaced; what cannot be is left, with its problem. `$${` is left to who uses the text. */
export const resolveEnvironment = (input: unknown, shell: Shell, file: string): Resolved => {
  const asked = new Set<string>();
  const taken: Taken[] = [];
  const problems: Problem[] = [];
  const value = mapTexts(input, [], (text, path) => {
    const resolved = text.replace(TOKEN, (token, name: string) => {
      if (token.startsWith('$$')) return token;
      asked.add(name);
      const found = shell[name] ?? '';
      const expected = wrong(name, found);
      if (expected === undefined) taken.push({ file, name, path: pathText(path), value: found });
      else
        problems.push({ path: pathText(path), text: `found ${token.slice(0, TOKEN_CHARS_MAX)}; expected ${expected}` });
      return expected === undefined ? found : token;
    });
    return resolved === text ? text : typed(path.at(-1), resolved);
  });
  return { value, asked, taken, problems };
};

const TOKEN = /\$?\$\{env:([^{}]*)\}/g;
const TOKEN_CHARS_MAX = 80;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** What travels in the bundle can be read by everyone who may read the functions. */
const SECRET_NAME = /PASSW|PASSPHRASE|_PASS$|SECRET|TOKEN|KEY|CREDENTIAL/i;

const wrong = (name: string, value: string): string | undefined => {
  const instead = `${reference('secret:name#key')} or ${reference('ssm:/path')}`;
  if (!NAME.test(name)) return 'the name of an environment variable: letters, digits and _';
  if (SECRET_NAME.test(name))
    return `${instead} for what sounds like a secret: the manifest is readable in the functions`;
  if (value.trim() === '')
    return `a value: it is ${value === '' ? 'missing or ' : ''}empty in the environment of this shell`;
  return holdsPassword(value) ? `${instead}: its value holds a password` : undefined;
};

const mapTexts = (value: unknown, path: Path, change: (text: string, path: Path) => unknown): unknown => {
  if (typeof value === 'string') return change(value, path);
  if (Array.isArray(value)) return value.map((item, i) => mapTexts(item, [...path, i], change));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, [...path, key], change)]));
};

/** A number or a truth where the schema wants one: the environment has texts only. */
const typed = (key: PropertyKey | undefined, text: string): unknown => {
  const types = TYPES.get(String(key));
  if (types?.includes('integer') === true && /^-?\d{1,15}$/.test(text)) return Number(text);
  return types?.includes('boolean') === true && /^(true|false)$/.test(text) ? text === 'true' : text;
};

/** Types by key: no two keys of the manifest share a name and differ in kind. */
const typesByKey = (): ReadonlyMap<string, readonly string[]> => {
  const types = new Map<string, readonly string[]>();
  const override = ({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }) => {
    for (const [key, property] of Object.entries(jsonSchema.properties ?? {}))
      if (typeof property === 'object') types.set(key, [property, ...(property.anyOf ?? [])].map(typeOf));
  };
  z.toJSONSchema(manifestSchema, { io: 'input', override });
  return types;
};

const typeOf = (schema: z.core.JSONSchema._JSONSchema): string =>
  typeof schema === 'object' ? String(schema.type ?? typeof schema.const) : 'any';

const TYPES = typesByKey();
