import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FlinkVersion } from '../../../local/install/flink.ts';
import { reservePort } from '../../../local/reserve.ts';
import { startZooKeeper } from '../../../local/zookeeper.ts';
import { flinkTarget, jars, listed, sample, soon, upload } from '../suites/flink/target.ts';
import { leaderCases } from '../suites/leaders.ts';
import { type FlinkInstall, startFlink } from './flink-processes.ts';
import { LEADER_PATH, leadersOf, RECORDED_JOB } from './leaders-target.ts';
import { recordCommand } from './recording.ts';
import { leaderFile, startZooKeeperRecorder } from './zookeeper.ts';

/** What a ZooKeeper answers of this Flink with high availability, one file for each case. */
export const keepLeaders = async (install: FlinkInstall & { readonly version: FlinkVersion }): Promise<void> => {
  const { version, dir } = install;
  const { port, release } = await reservePort('127.0.0.1');
  const folder = join(dir, 'zookeeper');
  mkdirSync(folder, { recursive: true });
  const zookeeper = await startZooKeeper({ ...install, dir: folder, host: '127.0.0.1', port });
  const recorder = await startZooKeeperRecorder(zookeeper.quorum);
  const flink = await startFlink(install, 'leaders', {
    'high-availability.type': 'zookeeper',
    'high-availability.zookeeper.quorum': zookeeper.quorum,
    'high-availability.cluster-id': '/recorded',
    'high-availability.storageDir': `file:${join(dir, 'ha')}`,
  });
  const url = `http://127.0.0.1:${flink.port}`;
  const target = flinkTarget(url, { version, state: join(dir, 'state') });
  const start = async (): Promise<string> => {
    await target.flink.run({ url }, await upload(target, jars.sample), sample(RECORDED_JOB), soon());
    await listed(target, RECORDED_JOB);
    return RECORDED_JOB;
  };
  try {
    for (const { name, run } of leaderCases) {
      await run({ leaders: leadersOf(), quorum: recorder.quorum, path: LEADER_PATH, start });
      const file = leaderFile(version, name);
      mkdirSync(new URL('.', file), { recursive: true });
      const recording = { flink: version, command: recordCommand(version), case: name, exchanges: recorder.take() };
      writeFileSync(file, `${JSON.stringify(recording, null, 2)}\n`);
    }
  } finally {
    target.close();
    await recorder.close();
    await flink.end();
    await zookeeper.kill();
    await release();
  }
};
