import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FLINK_VERSIONS } from '../../local/install/flink.ts';
import { MavenUnavailable, mavenCopy } from '../../local/install/maven.ts';
import { installS3Plugins } from '../../local/install/s3-plugins.ts';
import { createProcesses, type Processes } from '../../local/processes.ts';
import versions from '../../local/versions.json' with { type: 'json' };

const CONTENT = 'what a jar holds';
const JAR = {
  artifact: 'org.example:thing:1.2',
  bytes: CONTENT.length,
  sha256: createHash('sha256').update(CONTENT).digest('hex'),
};

let dir = '';
let processes: Processes;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'maven-'));
  processes = await createProcesses(join(dir, 'processes'));
  vi.stubEnv('XDG_CACHE_HOME', join(dir, 'cache'));
  vi.stubEnv('HOME', '/nonexistent');
  vi.stubEnv('JAVA_HOME', undefined);
  vi.stubEnv('PATH', pathWith());
  mkdirSync(join(dir, 'cache'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await processes.close();
  rmSync(dir, { recursive: true, force: true });
});

/** A PATH with the shell's commands, without Maven and Java, and what is given as scripts. */
const pathWith = (scripts: Readonly<Record<string, string>> = {}): string => {
  const folder = mkdtempSync(join(dir, 'path-'));
  for (const [name, text] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
};

/** Puts `content` where it is asked for the jar, and notes what it was called with. */
const mvn = (content: string): string =>
  `for arg; do case $arg in -DoutputDirectory=*) out=\${arg#*=};; esac; done
printf '%s' "${content}" >"$out/thing-1.2.jar"
printf '%s\\n' "$@" "JAVA_HOME=$JAVA_HOME" >${join(dir, 'called')}`;

const copy = (out = join(dir, 'out')): Promise<void> => {
  const scratch = mkdtempSync(join(dir, 'scratch-'));
  return mavenCopy({ java: '/opt/java/bin/java', processes, scratch, report: () => {} }, JAR, out);
};
const called = (): readonly string[] => readFileSync(join(dir, 'called'), 'utf8').trim().split('\n');

test('Maven copies the pinned file by a pinned plugin, with checksums, and leaves nothing in the user’s own repository', async () => {
  vi.stubEnv('PATH', pathWith({ mvn: mvn(CONTENT) }));
  await copy();
  expect(readFileSync(join(dir, 'out', 'thing-1.2.jar'), 'utf8')).toBe(CONTENT);
  expect(called()).toEqual([
    '--batch-mode',
    '--quiet',
    '--strict-checksums',
    'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy',
    '-Dartifact=org.example:thing:1.2',
    `-DoutputDirectory=${join(dir, 'out')}`,
    expect.stringMatching(new RegExp(`^-Dmaven.repo.local=${dir}/scratch-`)),
    'JAVA_HOME=/opt/java',
  ]);
});

test.each([
  ['JAVA_HOME', {}, '/my/java', '/my/java'],
  ['the PATH', { java: 'exit 0' }, undefined, ''],
])('Maven’s own choice of Java from %s is left to it', async (_, scripts, home, told) => {
  vi.stubEnv('PATH', pathWith({ mvn: mvn(CONTENT), ...scripts }));
  vi.stubEnv('JAVA_HOME', home);
  await copy();
  expect(called().at(-1)).toBe(`JAVA_HOME=${told}`);
});

test('a file of another hash is refused, whatever Maven thinks of it', async () => {
  vi.stubEnv('PATH', pathWith({ mvn: mvn('something else') }));
  const failure = copy();
  await expect(failure).rejects.toThrow(/should have the SHA-256 .{64}, what Maven brought has .{64}/);
  await expect(failure).rejects.not.toBeInstanceOf(MavenUnavailable);
});

test.each([
  ['no Maven', {}, 'there is no Maven (mvn) on the PATH'],
  [
    'no network',
    {
      mvn: `echo '[WARNING] slow'; echo '[ERROR] Failed to execute goal: Unknown host repo -> [Help 1]'; echo '[ERROR] Re-run'; exit 1`,
    },
    'Maven (mvn) could not bring ORIGIN: Failed to execute goal: Unknown host repo',
  ],
  [
    'no Java for it',
    { mvn: 'echo "JAVA_HOME is wrong"; exit 1' },
    'Maven (mvn) could not bring ORIGIN: JAVA_HOME is wrong',
  ],
])(
  'with %s Flink has no S3, the reason is one clause, and nothing is left in the cache',
  async (_, scripts, because) => {
    vi.stubEnv('PATH', pathWith(scripts));
    const { artifact } = versions.maven.s3['1.20.5'];
    expect(await installS3Plugins('1.20.5', { home: join(dir, 'flink'), java: '/java' }, () => {})).toEqual({
      because: because.replace('ORIGIN', artifact),
    });
    expect(readdirSync(join(dir, 'cache/flink-autopilot'))).toEqual([]);
  },
);

test('a wrong file ends the start, and is not kept', async () => {
  vi.stubEnv('PATH', pathWith({ mvn: mvn('something else') }));
  await expect(installS3Plugins('2.3.0', { home: join(dir, 'flink'), java: '/java' }, () => {})).rejects.toThrow(
    'SHA-256',
  );
  expect(readdirSync(join(dir, 'cache/flink-autopilot'))).toEqual([]);
});

test('every Flink that can be asked for has a file system for S3 of its own minor release, pinned by hash', () => {
  expect(Object.keys(versions.maven.s3)).toEqual([...FLINK_VERSIONS]);
  for (const version of FLINK_VERSIONS) {
    const { artifact, bytes, sha256 } = versions.maven.s3[version];
    expect(artifact).toMatch(
      new RegExp(`^org\\.apache\\.flink:flink-s3-fs-hadoop:${version.replace(/\.\d+$/, '')}\\.`),
    );
    expect(bytes).toBeGreaterThan(1_000_000);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  }
});
