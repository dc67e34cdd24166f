import { describe, expect, test } from 'vitest';
import { errors, flinkThat, ID, json, URL } from '../../support/scripted-flink.ts';

const request = { jobId: ID, args: [], flinkConfiguration: {} };
const restore = { path: 's3://b/c/job/chk-9', claimMode: 'NO_CLAIM', allowNonRestoredState: false } as const;

test('a run names what it starts from, and the claim mode in both spellings', async () => {
  const { flink, sent } = flinkThat(json({ jobid: ID }));
  await flink.run({ url: URL }, 'x.jar', { ...request, restore }, 0);
  expect(sent[0]?.json).toEqual({
    jobId: ID,
    programArgsList: [],
    flinkConfiguration: {},
    savepointPath: restore.path,
    allowNonRestoredState: false,
    claimMode: 'NO_CLAIM',
    restoreMode: 'NO_CLAIM',
  });
});

describe('a restore that fails', () => {
  const main = 'org.apache.flink.client.program.ProgramInvocationException: The main method caused an error: x';
  const execute = "org.apache.flink.util.FlinkException: Failed to execute job 'a'.";
  const start = 'org.apache.flink.runtime.client.JobInitializationException: Could not start the JobMaster.';
  const frame =
    '\n\tat org.apache.flink.runtime.checkpoint.CheckpointCoordinator.restoreSavepoint(CheckpointCoordinator.java:1922)';
  const answer = (...causes: readonly string[]) =>
    errors(400, ['Could not execute application.', ...causes.map((cause) => `Caused by: ${cause}`)].join('\n'));
  const refused = (...causes: readonly string[]) =>
    flinkThat(answer(...causes)).flink.run({ url: URL }, 'x.jar', { ...request, restore }, 0);

  const told = [
    [
      "java.io.FileNotFoundException: Cannot find checkpoint or savepoint file/directory 's3://b/x'.",
      'SNAPSHOT_UNREADABLE',
    ],
    [
      "java.io.FileNotFoundException: Cannot find meta data file '_metadata' in directory 's3://b/x'.",
      'SNAPSHOT_UNREADABLE',
    ],
    ['java.io.IOException: Unexpected magic number. This can have multiple reasons', 'SNAPSHOT_UNREADABLE'],
    ['java.io.EOFException', 'SNAPSHOT_UNREADABLE'],
    ['java.lang.IllegalArgumentException: Unrecognized checkpoint version number: 99', 'SNAPSHOT_UNREADABLE'],
    [
      'java.lang.IllegalStateException: Failed to rollback to checkpoint/savepoint s3://b/x. Cannot map',
      'STATE_INCOMPATIBLE',
    ],
    ['java.lang.IllegalStateException: There is no operator for the state 0a', 'STATE_INCOMPATIBLE'],
  ] as const;

  test.each(told)('for "%s" is %s', async (cause, code) => {
    await expect(refused(main, execute, start, `${cause}${frame}`)).rejects.toMatchObject({ kind: 'rejected', code });
  });

  test.each(told)('has no part in a main() that throws "%s"', async (cause) => {
    await expect(refused(main, `${cause}\n\tat com.acme.Main.main(Main.java:7)`)).rejects.toMatchObject({
      code: 'MAIN_THREW',
    });
  });

  test.each([
    'java.nio.file.AccessDeniedException: s3://b/x: getFileStatus: Forbidden; Status Code: 403',
    'java.net.SocketTimeoutException: Read timed out',
    "org.apache.flink.core.fs.UnsupportedFileSystemSchemeException: Could not find a file system implementation for scheme 's3'.",
  ])('for "%s" says nothing of the snapshot', async (cause) => {
    await expect(refused(main, execute, start, `${cause}${frame}`)).rejects.toMatchObject({ code: 'MAIN_THREW' });
  });
});
