import { describe, test } from 'vitest';
import { createFakeJars } from '../support/fake-jars.ts';
import { bind } from './suites/case.ts';
import { jarsCases } from './suites/jars.ts';

describe('jars in a plain memory keep the contract that S3 keeps', () => {
  const jars = createFakeJars();
  const target = {
    jars,
    root: 's3://bucket/',
    put: async (uri: string, bytes: Uint8Array) => jars.put(uri, bytes),
    remove: async (uri: string) => jars.remove(uri),
  };
  for (const { name, run } of bind(jarsCases, target)) test(name, run);
});
