import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { parseCommandLine } from '../../../bin/command-line.ts';
import { COMMANDS, USAGE } from '../../../bin/usage.ts';
import { type AwsStub, startAwsStub } from '../../support/aws-stub.ts';

const PROJECT = join(import.meta.dirname, '../../..');
const ENTRY = join(PROJECT, 'bin/flink-autopilot.js');

describe('the command as it is installed', () => {
  let stub: AwsStub;
  beforeAll(async () => {
    stub = await startAwsStub(({ path }) =>
      path.includes('-hang-') ? 'hang' : { json: { ok: true, op: 'orders', atMs: 1, orders: [] } },
    );
  });
  afterAll(() => stub.close());

  const env = () => ({
    PATH: process.env.PATH,
    AWS_ENDPOINT_URL: stub.url,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });

  it('is found by npx, also from a folder below, and runs on the Node that is brought along', {
    timeout: 30_000,
  }, async () => {
    const { stdout } = await promisify(execFile)('npx', ['flink-autopilot', '--help'], {
      cwd: join(PROJECT, 'docs/runbook'),
    });
    expect(stdout).toBe(`${USAGE}\n`);
  });

  it('asks Lambda at the address of the environment', async () => {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [ENTRY, 'orders'], { env: env(), cwd: '/' });
    expect({ stdout, stderr }).toEqual({ stdout: 'No order is open.\n', stderr: '' });
  });

  it('ends at once by Ctrl-C, without a trace', async () => {
    const child = spawn(process.execPath, [ENTRY, 'orders', '--stage', 'hang'], { env: env() });
    const [stderr] = await Promise.all([
      text(child.stderr),
      (async () => {
        const asked = () => stub.requests.some(({ path }) => path.includes('-hang-'));
        while (!asked() && child.exitCode === null) await new Promise((done) => setTimeout(done, 10));
        child.kill('SIGINT');
        expect(await once(child, 'exit')).toEqual([130, null]);
      })(),
    ]);
    expect(stderr).toBe(
      'Stopped. An order that was sent may have arrived: npx flink-autopilot orders shows open ones.\n',
    );
  });

  it.each(['18.20.0', '20.20.2', '22.17.0'])('says in one sentence that Node %s is too old', async (version) => {
    const old = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'${version}'})`;
    const run = promisify(execFile)(process.execPath, ['--import', old, ENTRY, 'status']);
    await expect(run).rejects.toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^flink-autopilot needs Node 22\.18 or newer, .*npm ci.*\n$/),
    });
  });
});

test.each(['README.md', 'docs/operate.md'])('%s shows commands that are understood', (file) => {
  const page = readFileSync(join(PROJECT, file), 'utf8');
  const lines = [...page.matchAll(/^npx flink-autopilot (.*?)(?: +#.*)?$/gm)].map(([, words = '']) => words);
  expect(lines.length).toBeGreaterThan(2);
  for (const line of lines) {
    const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
    expect(parseCommandLine(words, 0), line).toMatchObject({ kind: 'ask' });
  }
});

test('docs/operate.md shows each command', () => {
  const page = readFileSync(join(PROJECT, 'docs/operate.md'), 'utf8');
  expect(
    Object.keys(COMMANDS).filter(
      (name) => !page.includes(`flink-autopilot ${name} `) && !page.includes(`flink-autopilot ${name}\n`),
    ),
  ).toEqual([]);
});
