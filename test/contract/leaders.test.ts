import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FLINK_VERSIONS } from '../../local/install/flink.ts';
import { LEADER_PATH, leadersOf, RECORDED_JOB } from './recording/leaders-target.ts';
import { recordCommand } from './recording/recording.ts';
import { leaderFile, readLeaderRecording, startZooKeeperReplay } from './recording/zookeeper.ts';
import { leaderCases } from './suites/leaders.ts';

describe.each(FLINK_VERSIONS)('the leader, as a real ZooKeeper told of Flink %s', (version) => {
  for (const { name, run } of leaderCases) {
    test(name, async () => {
      const replay = await startZooKeeperReplay(readLeaderRecording(version, name));
      try {
        await run({ leaders: leadersOf(), quorum: replay.quorum, path: LEADER_PATH, start: async () => RECORDED_JOB });
      } finally {
        await replay.close();
      }
    });
  }

  test('the recordings are one for each case, and name their Flink and the command that made them', () => {
    const files = leaderCases.map(({ name }) => leaderFile(version, name).pathname.split('/').at(-1));
    expect(readdirSync(new URL('.', leaderFile(version, 'any'))).sort()).toEqual(files.sort());
    for (const { name } of leaderCases) {
      const expected = { flink: version, command: recordCommand(version), case: name };
      expect(readLeaderRecording(version, name)).toMatchObject(expected);
    }
  });
});
