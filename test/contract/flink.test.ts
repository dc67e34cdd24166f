import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FLINK_VERSIONS } from '../../local/install/flink.ts';
import { readRecording, recordCommand, recordingFile, recordingFolder } from './recording/recording.ts';
import { startReplay } from './recording/replay.ts';
import { flinkSuites, RECORDED_SALT, RECORDED_STATE } from './suites/flink/suites.ts';
import { flinkTarget } from './suites/flink/target.ts';

const cases = Object.values(flinkSuites).flat();

describe.each(FLINK_VERSIONS)("Flink's REST, as a real %s answered", (version) => {
  for (const { name, run } of cases) {
    test(name, async () => {
      const replay = await startReplay(readRecording(version, name));
      const target = {
        ...flinkTarget(replay.url, { version, state: RECORDED_STATE, salt: RECORDED_SALT }),
        putState: async () => {},
      };
      try {
        await run({ ...target, restart: async () => target });
        expect(replay.unused()).toEqual([]);
      } finally {
        target.close();
        await replay.close();
      }
    });
  }
});

describe('the recordings', () => {
  test.each(FLINK_VERSIONS)(
    'of %s are one for each case, and name their Flink and the command that made them',
    (flink) => {
      const files = readdirSync(recordingFolder(flink));
      const expected = cases.map(({ name }) => recordingFile(flink, name).pathname.split('/').at(-1));
      expect(files.sort()).toEqual(expected.sort());
      for (const { name } of cases) {
        expect(readRecording(flink, name)).toMatchObject({ flink, command: recordCommand(flink), case: name });
      }
    },
  );
});
