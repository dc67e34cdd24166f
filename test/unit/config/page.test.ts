import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { knownNames } from '../../../lib/manifest/schema.ts';
import { editorSchema } from '../../../serverless/editor-schema.ts';
import { CONFIGURATION_PAGE, configurationPage, EDITOR_SCHEMA } from '../../../serverless/write-docs.ts';
import { cluster, urlCluster, withCluster, withJob, withUrl } from './manifests.ts';

it('docs/configuration.md is what the schema says now (else: node serverless/write-docs.ts)', () => {
  expect(readFileSync(CONFIGURATION_PAGE, 'utf8')).toBe(configurationPage());
});

it('flink-jobs.schema.json is what the schema says now (else: node serverless/write-docs.ts)', () => {
  expect(readFileSync(EDITOR_SCHEMA, 'utf8')).toBe(editorSchema());
});

describe('an editor with flink-jobs.schema.json', () => {
  const isRight = new Ajv({ strict: true, strictRequired: false }).compile(
    JSON.parse(readFileSync(EDITOR_SCHEMA, 'utf8')),
  );

  it('shows what holds without a key', () => {
    expect(readFileSync(EDITOR_SCHEMA, 'utf8')).toContain('savepoints do not count. Default: `3`."');
  });

  it.each<[string, unknown]>([
    ['the manifest that the product is delivered with', parse(readFileSync('flink-jobs.yml', 'utf8'))],
    ['a cluster by url', { clusters: [urlCluster] }],
    ['TLS and authentication', withCluster({ tls: true, auth: { kind: 'bearer', token: '\x24{ssm:/t}' } })],
    ['the environment in text', withJob({ jar: 's3://\x24{env:BUCKET}/a.jar' })],
    ['the environment for a number', withJob({ parallelism: '\x24{env:P}' })],
  ])('takes %s', (_, input) => {
    expect(isRight(input)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['a typing mistake', withJob({ paralelism: 2 })],
    ['no place', { clusters: [{ name: 'c', jobs: [] }] }],
    ['two places', withUrl(cluster)],
    ['a path for a jar', withJob({ jar: '/opt/a.jar' })],
    ['a password in the open', withCluster({ auth: { kind: 'bearer', token: 'x' } })],
    ['parallelism 0', withJob({ parallelism: 0 })],
  ])('marks %s', (_, input) => {
    expect(isRight(input)).toBe(false);
  });
});

describe('each mapping of the manifest', () => {
  type Schema = { readonly [key: string]: Schema | undefined };
  const namesIn = (schema: Schema, path: readonly string[] = []): (readonly [string, readonly string[]])[] => {
    const inside = Object.entries(schema.properties ?? {}).flatMap(([key, one]) => namesIn(one ?? {}, [...path, key]));
    const others = [schema.items, ...Object.values(schema.anyOf ?? {}), ...Object.values(schema.oneOf ?? {})];
    const own = schema.properties === undefined ? [] : [[path.join('.'), Object.keys(schema.properties)] as const];
    return [...own, ...inside, ...others.flatMap((one) => (one === undefined ? [] : namesIn(one, path)))];
  };
  const mappings = namesIn(JSON.parse(readFileSync(EDITOR_SCHEMA, 'utf8')));

  it.each(mappings)('has its own table in docs/configuration.md, with all of its keys: %s', (path, names) => {
    const place = path.replaceAll(/\b(clusters|jobs|webhooks)\b/g, '$1[]');
    const heading = place === '' ? 'The manifest' : `(\`${place}\`)`;
    const section =
      configurationPage()
        .split(/^#+ /m)
        .find((part) => part.split('\n')[0]?.endsWith(heading)) ?? '';
    expect(names.filter((name) => !section.includes(`\n| \`${name}\` |`))).toEqual([]);
  });

  it.each(mappings)('answers a name that it does not know with those that it knows: %s', (path, names) => {
    expect(knownNames(path.split('.').filter((part) => part !== ''))).toEqual(expect.arrayContaining([...names]));
  });
});
