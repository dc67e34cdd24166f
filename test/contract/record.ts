import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  DEFAULT_FLINK,
  FLINK_VERSIONS,
  type FlinkVersion,
  flinkVersion,
  installFlink,
} from '../../local/install/flink.ts';
import { installJava } from '../../local/install/java.ts';
import { createProcesses } from '../../local/processes.ts';
import { type FlinkInstall, startFlink } from './recording/flink-processes.ts';
import { keepLeaders } from './recording/keep-leaders.ts';
import { startRecorder } from './recording/recorder.ts';
import { readRecording, recordCommand, recordingFile, snapshotsFolder } from './recording/recording.ts';
import { type Case, waitFor } from './suites/case.ts';
import type { RestartTarget } from './suites/flink/restart.ts';
import { restoreCases } from './suites/flink/restore.ts';
import { flinkSuites, RECORDED_SALT } from './suites/flink/suites.ts';
import { type FlinkTarget, flinkTarget, soon } from './suites/flink/target.ts';

/**
 * `npm run record [-- --flink VERSION] [WORDS…]`: runs the contract suite against a real Flink and keeps its answers as fixtures; with words
 * only the cases whose names hold one of them (`leaders`: what ZooKeeper says).
 */
const record = async (version: FlinkVersion, words: readonly string[]): Promise<void> => {
  const report = (what: string) => console.error(what);
  const { java } = await installJava(report);
  const { home } = await installFlink(version, report);
  const dir = mkdtempSync(join(tmpdir(), 'flink-record-'));
  const processes = await createProcesses(dir);
  const isWanted = (name: string) => words.length === 0 || words.some((word) => name.includes(word));
  const install = { processes, java, home, dir, version, isWanted };
  try {
    await recordBoot(install);
    await recordAll(install, 'session', {}, [...flinkSuites.ready, ...flinkSuites.restart, ...flinkSuites.last]);
    await recordAll(install, 'forgetful', FORGETS_SOON, flinkSuites.forget);
    if (words.length === 0) await keepSnapshots(install);
    if (words.length === 0 || words.includes('leaders')) await keepLeaders(install);
    await recordAll(install, 'disabled', { 'web.submit.enable': 'false' }, flinkSuites.disabled);
  } finally {
    await processes.close();
    rmSync(dir, { recursive: true, force: true });
  }
};

/** A checkpoint and a savepoint as this Flink writes them, named by the checkpoint ids that it tells of them. */
const keepSnapshots = async (install: Install): Promise<void> => {
  rmSync(snapshotsFolder(install.version), { recursive: true, force: true });
  const flink = await startFlink(install, 'snapshots');
  const url = `http://127.0.0.1:${flink.port}`;
  const target = flinkTarget(url, { version: install.version, state: join(install.dir, 'state') });
  try {
    await ready(target, 2);
    await restoreCases[0]?.run(target);
    const { snapshots, restored } = await target.flink.checkpoints({ url }, target.jobId('restored'), soon());
    keepMetadata(install.version, `chk-${snapshots[0]?.id}`, snapshots[0]?.path);
    keepMetadata(install.version, `savepoint-${restored?.id}`, restored?.path);
  } finally {
    target.close();
    await flink.end();
  }
};

const keepMetadata = (version: FlinkVersion, name: string, path = ''): void => {
  const kept = new URL(`${name}/`, snapshotsFolder(version));
  mkdirSync(kept, { recursive: true });
  cpSync(new URL(`${path}/_metadata`), new URL('_metadata', kept));
};

/** In seconds. */
const FORGETS_SOON = { 'jobstore.expiration-time': '4' };

type Install = FlinkInstall & { readonly version: FlinkVersion; readonly isWanted: (name: string) => boolean };

/** The 503 of a boot lasts a quarter of a second at most and is often not seen: a few boots, until one shows it. */
const recordBoot = async (install: Install): Promise<void> => {
  for (let boot = 1; boot <= BOOTS_MAX; boot += 1) {
    await recordAll(install, `booting-${boot}`, {}, flinkSuites.boot);
    const seen = flinkSuites.boot.every(({ name }) => readRecording(install.version, name).exchanges.length > 1);
    if (seen) return;
  }
};

const BOOTS_MAX = 8;

const recordAll = async (
  install: Install,
  name: string,
  settings: Readonly<Record<string, string>>,
  all: readonly Case<RestartTarget>[],
): Promise<void> => {
  const cases = all.filter((one) => install.isWanted(one.name));
  if (cases.length === 0) return;
  const flink = await startFlink(install, name, settings);
  const recorder = await startRecorder(flink.port, (text) => text.replaceAll(install.dir, '/tmp/flink'));
  const target = flinkTarget(recorder.url, {
    version: install.version,
    state: join(install.dir, 'state'),
    salt: RECORDED_SALT,
  });
  const restart = async () => {
    await flink.restart();
    return target;
  };
  try {
    if (!name.startsWith('booting')) await ready(target, name === 'disabled' ? 0 : 2);
    for (const { name: title, run } of cases) {
      recorder.take();
      await run({ ...target, restart });
      write(install.version, title, recorder.take());
    }
  } finally {
    target.close();
    await recorder.close();
    await flink.end();
  }
};

const ready = async ({ flink, url }: FlinkTarget, slots: number): Promise<void> => {
  const total = async () => (await flink.slots({ url }, Date.now() + 5_000).catch(() => undefined))?.total;
  await waitFor('Flink', total, (seen) => seen === slots);
};

const write = (flink: FlinkVersion, title: string, exchanges: readonly unknown[]): void => {
  const recording = { flink, command: recordCommand(flink), case: title, exchanges };
  const file = recordingFile(flink, title);
  mkdirSync(new URL('.', file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(recording, null, 2)}\n`);
  console.error(`${exchanges.length} answers: ${title}`);
};

const options = { flink: { type: 'string', default: DEFAULT_FLINK } } as const;
const { values, positionals } = parseArgs({ options, allowPositionals: true });
const version = flinkVersion(values.flink);
if (version === undefined) {
  console.error(`--flink should be ${FLINK_VERSIONS.join(' or ')}, is ${values.flink}.`);
  process.exitCode = 2;
} else {
  await record(version, positionals);
}
