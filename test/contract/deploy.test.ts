import { readdirSync, rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { packageService, templateOf } from '../support/package-service.ts';
import { bundleTests } from './deploy-bundle.ts';
import { templateTests } from './deploy-template.ts';

const vpc = ['--param', 'subnets=subnet-0a,subnet-0b', '--param', 'securityGroups=sg-0a'];
// Once for all tests of this file: it takes seconds.
const packaged = packageService('--stage', 'test', ...vpc);
if (packaged.status !== 0) throw new Error(packaged.output);
afterAll(() => rmSync(packaged.dir, { recursive: true }));

templateTests(templateOf(packaged));
bundleTests(packaged);

describe('a bad configuration', () => {
  it('stops the package with its problems, no stack and nothing made', () => {
    const { dir, status, output } = packageService('--param', 'manifest=package.json');
    const left = readdirSync(dir);
    rmSync(dir, { recursive: true });
    expect(status).toBe(1);
    expect(output).toContain('package.json: clusters: missing; expected a list of clusters, at least one');
    expect(output).toContain('package.json: dependencies: unknown name; known here: namespace, clusters');
    expect(output).not.toMatch(/^\s+at /m);
    expect(left).toEqual([]);
  });
});
