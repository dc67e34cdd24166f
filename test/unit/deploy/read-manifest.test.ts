import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Shell } from '../../../serverless/environment/shell.ts';
import { readManifest } from '../../../serverless/read-manifest.ts';

const dir = mkdtempSync(join(tmpdir(), 'autopilot-manifest-'));
afterAll(() => rmSync(dir, { recursive: true }));

const read = (text: string, file = 'jobs.yml', shell: Shell = {}) => {
  writeFileSync(join(dir, file), text);
  return readManifest(dir, file, 'autopilot-test', { shell });
};
const right = 'clusters: [{ name: c, ecsCluster: e, jobManagers: [jm], jobs: [] }]';

describe('reading the manifest', () => {
  it('takes flink-jobs.yml unless another file is named', async () => {
    await read(right, 'flink-jobs.yml');
    await expect(readManifest(dir, undefined, 'autopilot-test', { shell: {} })).resolves.toMatchObject({
      namespace: 'autopilot-test',
    });
    await expect(readManifest(dir, '', 'autopilot-test', { shell: {} })).resolves.toMatchObject({
      clusters: [{ name: 'c' }],
    });
  });

  it('leaves references to secrets as they are', async () => {
    const { clusters } = await read(
      right.replace('jobs: []', "jobs: [{ name: a, jar: s3://bkt/a.jar, args: ['\x24{secret:x}'] }]"),
    );
    expect(clusters[0]?.jobs[0]?.args).toEqual(['\x24{secret:x}']);
  });

  it.each([
    [
      'no file',
      () => readManifest(dir, 'none.yml', 'n', { shell: {} }),
      'none.yml cannot be read: there is no such file',
    ],
    ['a folder', () => readManifest(dir, '.', 'n', { shell: {} }), '. cannot be read: Error: EISDIR'],
    ['an empty file', () => read(''), 'jobs.yml: found nothing; expected a mapping'],
    ['a comment alone', () => read('# later\n'), 'jobs.yml: found nothing'],
    ['an open bracket', () => read('clusters:\n  - name: [x\n'), 'jobs.yml is not valid YAML:\n  Flow sequence'],
    ['… with its line', () => read('clusters:\n  - name: [x\n'), 'line 3, column 1'],
    ['a key twice', () => read('clusters: []\nclusters: []\n'), 'Map keys must be unique at line 2'],
    ['a tag', () => read('clusters: !Ref x\n'), 'Unresolved tag: !Ref at line 1'],
    ['two documents', () => read(`${right}\n---\n${right}\n`), 'is not valid YAML'],
    ['an alias of nothing', () => read('clusters: *none\n'), 'is not valid YAML'],
    ['aliases that explode', () => read(bomb), 'is not valid YAML: Excessive alias count'],
    ['a wrong manifest', () => read('clusters: x\n'), 'jobs.yml has 1 problem:'],
  ])('%s: says so', async (_, act, text) => {
    await expect(act()).rejects.toThrow(text);
  });
});

const bomb = [
  'a: &a [x,x,x,x,x,x,x,x,x,x]',
  ...'bcdef'.split('').map((key, i) => `${key}: &${key} [${Array(10).fill(`*${'abcde'[i]}`)}]`),
].join('\n');
