import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

const page = readFileSync(new URL('../../docs/dependencies.md', import.meta.url), 'utf8');
const packages = [manifest.dependencies, manifest.devDependencies, manifest.optionalDependencies].flatMap(Object.keys);

test('every package has its line in docs/dependencies.md, and no line is left of one that went', () => {
  const lines = page.split('\n').filter((line) => line.startsWith('| `'));
  const named = lines.flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name));
  expect(named.filter((name) => !name?.startsWith('npm:')).sort()).toEqual(packages.sort());
});

test('every package is pinned to one version', () => {
  const versions = [manifest.dependencies, manifest.devDependencies, manifest.optionalDependencies].flatMap(
    Object.values,
  );
  for (const version of versions) expect(version).toMatch(/^(npm:osls@)?\d+\.\d+\.\d+$/);
});
