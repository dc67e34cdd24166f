import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CollectionTag, parse, type ScalarTag } from 'yaml';

const dir = join(import.meta.dirname, '../../examples/flink-on-ecs');

/**
 * The CloudFormation template of the example cluster, as `serverless package` would make it of these parameters, in stage dev.
 * Resolves the few kinds of variables that the example uses by itself, since starting the framework takes seconds.
 */
export const exampleTemplate = (parameters: Readonly<Record<string, string>> = {}): ExampleTemplate => {
  const service = load('serverless.yml');
  const values = { ...service.params.default, ...parameters };
  const template: ExampleTemplate = { Conditions: {}, Resources: {}, Outputs: {} };
  for (const reference of service.resources) {
    const part = load(/^\$\{file\((.+)\)\}$/.exec(reference)?.[1] ?? reference);
    for (const section of sections)
      Object.assign(template[section], resolveIn(part[section] ?? {}, { service, values }));
  }
  return template;
};

/** Sections by their names, each a map from logical ids. */
export type ExampleTemplate = Record<'Conditions' | 'Resources' | 'Outputs', Record<string, unknown>>;

const sections = ['Conditions', 'Resources', 'Outputs'] as const;

type World = { readonly service: Record<string, unknown>; readonly values: Readonly<Record<string, unknown>> };

const resolveIn = (value: unknown, world: World): unknown => {
  if (Array.isArray(value)) return value.map((child) => resolveIn(child, world));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, resolveIn(child, world)]));
  return typeof value === 'string' ? resolveText(value, world) : value;
};

/** `${AWS::…}` and `${Resource.Attribute}` are CloudFormation's own. */
const resolveText = (text: string, world: World): unknown => {
  const whole = /^\$\{([^{}]+)\}$/.exec(text)?.[1];
  if (whole !== undefined && isOurs(whole)) return resolveVariable(whole, world);
  return text.replace(/\$\{([^{}]+)\}/g, (match, variable: string) =>
    isOurs(variable) ? String(resolveVariable(variable, world)) : match,
  );
};

const isOurs = (variable: string): boolean => /^(param|self|sls):(?!:)/.test(variable);

const resolveVariable = (variable: string, world: World): unknown => {
  for (const source of variable.split(',').map((part) => part.trim())) {
    const value = resolveSource(source, world);
    if (value !== undefined) return resolveIn(value, world);
  }
  throw new Error(`cannot resolve \${${variable}}`);
};

const resolveSource = (source: string, { service, values }: World): unknown => {
  const [, kind, address = ''] = /^(param|self|sls):(.+)$/.exec(source) ?? [];
  if (kind === 'param') return values[address];
  if (kind === 'sls') return 'dev';
  if (kind === undefined) return source.replaceAll("'", '');
  return address
    .split('.')
    .reduce<unknown>(
      (node, key) => (typeof node === 'object' && node !== null ? Reflect.get(node, key) : undefined),
      service,
    );
};

/** serverless.yml itself, or one of the files that its resources name. */
type Part = {
  readonly params: { readonly default: Readonly<Record<string, unknown>> };
  readonly resources: readonly string[];
  readonly [section: string]: unknown;
};

const load = (file: string): Part => parse(readFileSync(join(dir, file), 'utf8'), { customTags });

const scalar = (name: string, resolve: (text: string) => unknown): ScalarTag => ({ tag: `!${name}`, resolve });
const list = (name: string): CollectionTag => ({
  tag: `!${name}`,
  collection: 'seq',
  resolve: (node) => ({ [`Fn::${name}`]: node.toJSON() }),
});

const customTags = [
  scalar('Ref', (Ref) => ({ Ref })),
  scalar('Condition', (Condition) => ({ Condition })),
  scalar('Sub', (text) => ({ 'Fn::Sub': text })),
  scalar('GetAZs', (text) => ({ 'Fn::GetAZs': text })),
  scalar('GetAtt', (text) => ({ 'Fn::GetAtt': text.split('.') })),
  ...['And', 'Equals', 'If', 'Join', 'Not', 'Select', 'Split'].map(list),
];
