import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { editorSchema } from '../../../serverless/editor-schema.ts';
import { CONFIGURATION_PAGE, configurationPage, EDITOR_SCHEMA } from '../../../serverless/write-docs.ts';

it('docs/configuration.md is what the schema says now (else: node serverless/write-docs.ts)', () => {
  expect(readFileSync(CONFIGURATION_PAGE, 'utf8')).toBe(configurationPage());
});

it('flink-jobs.schema.json is what the schema says now (else: node serverless/write-docs.ts)', () => {
  expect(readFileSync(EDITOR_SCHEMA, 'utf8')).toBe(editorSchema());
});
