import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Packaged } from '../support/package-service.ts';

const ZIP_BYTES_MAX = 400 * 1024;
const FUNCTIONS = ['task-started', 'health-check', 'operate'];

/** The names in a zip: its central directory, in which each entry begins with PK 1 2. */
const namesIn = (zip: Buffer): string[] => {
  const names: string[] = [];
  for (let at = zip.indexOf('PK\x01\x02'); at >= 0; at = zip.indexOf('PK\x01\x02', at + 4)) {
    names.push(zip.toString('utf8', at + 46, at + 46 + zip.readUInt16LE(at + 28)));
  }
  return names;
};

/** A module and all that it imports at once, by file name. */
const readAtStart = (dir: string, file: string, read = new Map<string, string>()): Map<string, string> => {
  if (read.has(file)) return read;
  const source = readFileSync(join(dir, file), 'utf8');
  read.set(file, source);
  for (const [, part = ''] of source.matchAll(/(?:from|import)"\.\/([^"]+)"/g)) readAtStart(dir, part, read);
  return read;
};

/** What must be true of the zips that a deploy would send. */
export const bundleTests = (packaged: Packaged): void => {
  describe('the bundles', () => {
    it.each(FUNCTIONS)('holds %s alone in its zip, with its parts, maps and manifest, at most 400 KB', (name) => {
      const zip = readFileSync(packaged.file(`${name}.zip`));
      const names = namesIn(zip);
      const code = names.filter((file) => file.endsWith('.mjs'));
      expect(code).toContain('index.mjs');
      expect(code.filter((file) => !/^(index|part-[A-Z0-9]+)\.mjs$/.test(file))).toEqual([]);
      const maps = names.filter((file) => file.endsWith('.map'));
      expect(maps.filter((file) => !code.includes(file.slice(0, -'.map'.length)))).toEqual([]);
      expect(names.toSorted()).toEqual(['flink-jobs.json', ...code, ...maps].toSorted());
      expect(zip.length).toBeLessThanOrEqual(ZIP_BYTES_MAX);
    });

    it.each(FUNCTIONS)(
      'reads of %s at a cold start only what it runs: no client that is used later, no polyfill',
      (name) => {
        const read = readAtStart(packaged.file(`bundles/${name}`), 'index.mjs');
        const text = [...read.values()].join('\n');
        for (const later of [
          'AmazonSSM',
          'secretsmanager.',
          'AmazonEC2ContainerServiceV20141113',
          'ListObjectsV2',
          'ReadableStreamDefaultReader',
        ])
          expect(text).not.toContain(later);
        expect(text).toContain('DynamoDB_20120810');
        expect(text).not.toMatch(/\bfrom"(node:)?http"/);
      },
    );

    it.each(FUNCTIONS)('holds in %s no way to credentials that a Lambda function never has', (name) => {
      const files = namesIn(readFileSync(packaged.file(`${name}.zip`))).filter((file) => file.endsWith('.mjs'));
      const text = files.map((file) => readFileSync(packaged.file(`bundles/${name}/${file}`), 'utf8')).join('\n');
      const never = ['AssumeRoleWithWebIdentity', 'SSOOIDC', '/latest/meta-data/iam/'];
      expect(never.filter((word) => text.includes(word))).toEqual([]);
    });

    it.each(FUNCTIONS)('gives %s the checked manifest', (name) => {
      const bundled = JSON.parse(readFileSync(packaged.file(`bundles/${name}/flink-jobs.json`), 'utf8'));
      expect(bundled).toMatchObject({
        namespace: 'flink-autopilot-test',
        clusters: [
          { ecsCluster: 'flink-on-ecs', restPort: 8081, jobs: [{ args: ['--rate', '100', '--accounts', '50'] }] },
        ],
      });
    });

    it.each(FUNCTIONS)('keeps the map of our own code in %s, without sources and without packages', (name) => {
      const map = JSON.parse(readFileSync(packaged.file(`bundles/${name}/index.mjs.map`), 'utf8'));
      expect(map.sources).toContainEqual(expect.stringMatching(/lib\/wiring\.ts$/));
      expect(map.sourcesContent ?? []).toEqual([]);
      expect(map.mappings.length).toBeLessThan(200_000);
    });

    it.each(FUNCTIONS)('gives packages inside %s the `require` that an ES module lacks', (name) => {
      const [firstLine = ''] = readFileSync(packaged.file(`bundles/${name}/index.mjs`), 'utf8').split('\n');
      expect(firstLine).toContain('const require = createRequire(import.meta.url)');
    });

    it.each(FUNCTIONS)('%s runs as the ES module that it is, and refuses an empty environment by name', (name) => {
      const run = (env: Record<string, string>) => {
        const script = `console.log(typeof (await import(${JSON.stringify(packaged.file(`bundles/${name}/index.mjs`))})).handler)`;
        return spawnSync(process.execPath, ['--input-type=module', '-e', script], { env, encoding: 'utf8' });
      };
      const right = {
        TABLE_NAME: 'table',
        TOPIC_ARN: 'arn:aws:sns:eu-west-1:000000000000:alerts',
        AUTOPILOT_NAMESPACE: 'a-b',
      };
      const { stdout, stderr } = run({ ...right, AWS_REGION: 'eu-west-1' });
      expect(stdout, stderr).toBe('function\n');
      expect(run({ AWS_REGION: 'eu-west-1' }).stderr).toMatch(
        /TABLE_NAME: missing.*TOPIC_ARN: missing.*AUTOPILOT_NAMESPACE: missing/s,
      );
    });
  });
};
