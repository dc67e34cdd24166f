import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { completionScript } from '../../../bin/completion.ts';

const folder = mkdtempSync(join(tmpdir(), 'completion of names '));
mkdirSync(join(folder, 'below/it'), { recursive: true });
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(
  join(folder, 'flink-jobs.yml'),
  `namespace: x
clusters:
  - name: realtime   # the first
    ecsCluster: flink
    jobs:
      - name: 'orders'
        jar: s3://b/name.jar
      - jar: s3://b/c.jar
        name: audit
  # - name: not-this
  - ecsCluster: other
    name: "batch"
    jobs:
    - name: nightly
  - name: empty
    jobs: []
`,
);

/** What bash offers for these words, the last of which is being typed. */
const offered = async (words: readonly string[], cwd = folder): Promise<readonly string[]> => {
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const script = `${completionScript('bash')}
COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}
_flink_autopilot
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await promisify(execFile)('bash', ['-c', script], { cwd });
  return stdout.split('\n').filter((line) => line !== '');
};

describe('bash completes', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['the command after npx', ['npx', 'fl'], ['flink-autopilot']],
    ['nothing for other commands of npx', ['npx', 'serverless', 'de'], []],
    ['commands', ['npx', 'flink-autopilot', 're'], ['release', 'resume', 'restart', 'restore-from']],
    ['commands without npx', ['flink-autopilot', 'pl'], ['plan']],
    ['options', ['npx', 'flink-autopilot', 'status', '--js'], ['--json']],
    ['shells', ['npx', 'flink-autopilot', 'completion', 'z'], ['zsh']],
    [
      'clusters and their jobs',
      ['npx', 'flink-autopilot', 'status', ''],
      ['realtime', 'realtime/orders', 'realtime/audit', 'batch', 'batch/nightly', 'empty'],
    ],
    ['jobs of a cluster', ['npx', 'flink-autopilot', 'restart', 'realtime/o'], ['realtime/orders']],
  ])('%s', async (_, words, names) => {
    expect(await offered(words)).toEqual(names);
  });

  it('names also in a folder below the manifest, and none where there is no manifest', async () => {
    const words = ['npx', 'flink-autopilot', 'status', 'ba'];
    expect(await offered(words, join(folder, 'below/it'))).toEqual(['batch', 'batch/nightly']);
    expect(await offered(words, tmpdir())).toEqual([]);
  });
});
