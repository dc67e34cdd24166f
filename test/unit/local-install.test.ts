import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { cacheFolder, cacheNote, installOnce } from '../../local/install/cache.ts';
import { FLINK_VERSIONS, flinkVersion } from '../../local/install/flink.ts';
import { findJava } from '../../local/install/java.ts';
import { type Package, requirements } from '../../local/install/pip.ts';
import { downloadProblem, spaceProblem } from '../../local/install/problems.ts';
import { runCommand } from '../../local/install/run-command.ts';
import versions from '../../local/versions.json' with { type: 'json' };

let home = '';

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'install-'));
  vi.stubEnv('XDG_CACHE_HOME', home);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

const cache = () => readdirSync(join(home, 'flink-autopilot'));

test('a folder is made once and gets its name only when it is complete', async () => {
  let made = 0;
  const make = async (out: string) => {
    made += 1;
    mkdirSync(out);
    expect(cache()).not.toContain('thing');
    writeFileSync(join(out, 'file'), 'content');
  };
  const folder = await installOnce('thing', () => {}, make);
  expect(await installOnce('thing', () => {}, make)).toBe(folder);
  expect(made).toBe(1);
  expect(cache()).toEqual(['thing']);
});

test('of two at once one makes it and the other waits', async () => {
  let made = 0;
  const told: string[] = [];
  const make = async (out: string) => {
    made += 1;
    await vi.waitFor(() => expect(told).toContain('waiting for another process that installs thing'), 3_000);
    mkdirSync(out);
  };
  const report = (what: string) => told.push(what);
  const [one, two] = await Promise.all([installOnce('thing', report, make), installOnce('thing', report, make)]);
  expect(one).toBe(two);
  expect(made).toBe(1);
});

test('a failure leaves nothing behind', async () => {
  const fail = async (out: string) => {
    mkdirSync(out);
    throw new Error('the network is gone');
  };
  await expect(installOnce('thing', () => {}, fail)).rejects.toThrow('the network is gone');
  expect(cache()).toEqual([]);
});

test('what one that was killed left behind is cleared up', async () => {
  mkdirSync(join(home, 'flink-autopilot', 'thing.partial-1', 'out'), { recursive: true });
  await installOnce(
    'thing',
    () => {},
    async (out) => void mkdirSync(out),
  );
  expect(cache()).toEqual(['thing']);
});

test('a command that fails shows the end of its output and the advice', async () => {
  const make = async (_out: string, processes: Parameters<typeof runCommand>[0], scratch: string) => {
    const logFile = join(scratch, 'log');
    await runCommand(processes, 'sh', ['-c', 'echo what went wrong; exit 4'], { logFile, advice: 'Do this.' });
  };
  await expect(installOnce('thing', () => {}, make)).rejects.toThrow(/what went wrong\nDo this\./);
});

test('the cache is below XDG_CACHE_HOME, else below HOME, else in the ignored folder of the project', () => {
  expect(cacheFolder({ XDG_CACHE_HOME: home, HOME: '/nowhere' })).toBe(join(home, 'flink-autopilot'));
  expect(cacheFolder({ HOME: home })).toBe(join(home, '.cache/flink-autopilot'));
  expect(cacheFolder({ XDG_CACHE_HOME: 'relative', HOME: home })).toBe(join(home, '.cache/flink-autopilot'));
  expect(cacheFolder({ HOME: '/proc/no-home' })).toMatch(/\/\.local\/cache$/);
  expect(cacheFolder({})).toMatch(/\/\.local\/cache$/);
});

test('where no folder of the user can be written, one line says where downloads go', () => {
  expect(cacheNote({ XDG_CACHE_HOME: home })).toBeUndefined();
  expect(cacheNote({ HOME: '/nonexistent' })).toMatch(
    /^no folder for caches .*: downloads go to \/.*\/\.local\/cache$/,
  );
});

test('what is installed already is used from where it is, also when another folder would be written now', async () => {
  const make = async (out: string) => void mkdirSync(out);
  vi.stubEnv('XDG_CACHE_HOME', undefined);
  vi.stubEnv('HOME', home);
  const folder = await installOnce('thing', () => {}, make);
  vi.stubEnv('XDG_CACHE_HOME', join(home, 'other'));
  mkdirSync(join(home, 'other'));
  expect(
    await installOnce(
      'thing',
      () => {},
      () => Promise.reject(new Error('made again')),
    ),
  ).toBe(folder);
});

test.each([
  ['ENOSPC: no space left on device, write'],
  ['tar failed:\nflink-dist.jar: Cannot write: No space left on device'],
])('a full disk is one sentence with what to do: %s', async (words) => {
  const fail = () => Promise.reject(new Error(words));
  await expect(installOnce('thing', () => {}, fail)).rejects.toThrow(
    `The disk is full: thing does not fit into ${home}/flink-autopilot. Free some space there, or let XDG_CACHE_HOME name a folder on another disk, and start again.`,
  );
});

test.each([
  [
    "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(…): Connection refused': /simple/six/\nERROR: Could not find a version that satisfies the requirement six==1.17.0 (from versions: none)",
    'does not answer',
  ],
  ['pip._vendor.urllib3.exceptions.ReadTimeoutError: HTTPSConnectionPool: Read timed out.', 'does not answer'],
  ['ERROR: No matching distribution found for six==1.17.0', 'that pip uses has no such file'],
])('pip without an index is one sentence with what to do: %s', (output, why) => {
  expect(downloadProblem('Flink 2.3.0', 329_139_814, output)).toBe(
    `Flink 2.3.0 (329 MB) could not be downloaded: the Python package index ${why}. Check the network and pip's settings (pip config list), and start again.`,
  );
});

test.each([
  [3_000_000_000, undefined],
  [
    2_999_999_999,
    'The disk is full: Flink needs about 3000 MB, and /cache has 3000 MB left. Free some space there, or let XDG_CACHE_HOME name a folder on another disk, and start again.',
  ],
])('a download of 1 GB is begun only where it fits when unpacked: %i bytes are left', (freeBytes, problem) => {
  expect(spaceProblem('Flink', 1_000_000_000, '/cache', freeBytes)).toBe(problem);
});

test('what else pip says is shown as it is', () => {
  expect(downloadProblem('x', 1, 'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES')).toBeUndefined();
});

test('every Flink that is pinned can be asked for, and no other', () => {
  expect(FLINK_VERSIONS).toEqual(Object.keys(versions.flink));
  for (const version of FLINK_VERSIONS) expect(flinkVersion(version)).toBe(version);
  expect(flinkVersion('1.20')).toBeUndefined();
});

test('every package is pinned with at least one hash, and the list is what pip accepts', () => {
  const packages: readonly Package[] = versions.emulator.packages;
  for (const { sha256, bytes } of [...packages, versions.java, ...Object.values(versions.flink)]) {
    expect(sha256.length).toBeGreaterThan(0);
    for (const hash of sha256) expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(bytes).toBeGreaterThan(1_000);
  }
  const two = [
    { name: 'a', version: '1', bytes: 1, sha256: ['aa', 'bb'] },
    { name: 'b', version: '2', bytes: 1, sha256: ['cc'], when: "python_version < '3.11'" },
  ];
  expect(requirements(two)).toBe(
    "a==1 \\\n  --hash=sha256:aa \\\n  --hash=sha256:bb\nb==2 ; python_version < '3.11' \\\n  --hash=sha256:cc\n",
  );
});

const fakeJava = (folder: string, version: string): string => {
  mkdirSync(join(home, folder), { recursive: true });
  const java = join(home, folder, 'java');
  writeFileSync(java, `#!/bin/sh\necho 'openjdk version "${version}" 2025-04-15' >&2\n`);
  chmodSync(java, 0o755);
  return java;
};

test('Java is taken from JAVA_HOME, then the PATH, then the system, and only where Flink runs on it', () => {
  const jvm = join(home, 'jvm');
  expect(findJava({ PATH: join(home, 'empty') }, jvm)).toBeUndefined();
  const system = fakeJava('jvm/java-11/bin', '11.0.2');
  const path = fakeJava('path', '17.0.15');
  const own = fakeJava('own/bin', '17.0.1');
  fakeJava('new', '25.0.1');
  expect(findJava({ PATH: join(home, 'new') }, jvm)).toBe(system);
  expect(findJava({ PATH: join(home, 'new') }, jvm, ['17'])).toBeUndefined();
  expect(findJava({ PATH: `${join(home, 'new')}:${join(home, 'path')}` }, jvm)).toBe(path);
  expect(findJava({ PATH: join(home, 'path'), JAVA_HOME: join(home, 'own') }, jvm)).toBe(own);
  expect(existsSync(own)).toBe(true);
});
