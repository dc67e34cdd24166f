import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CONFIGURATION_PAGE, configurationPage } from '../../../serverless/write-docs.ts';

it('docs/configuration.md is what the schema says now (else: node serverless/write-docs.ts)', () => {
  expect(readFileSync(CONFIGURATION_PAGE, 'utf8')).toBe(configurationPage());
});
