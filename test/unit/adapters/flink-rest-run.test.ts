import { describe, expect, test } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { Fault } from '../../../lib/core/errors.ts';
import type { RunRequest } from '../../../lib/ports.ts';
import { errors, flinkThat, ID, json, URL } from '../../support/scripted-flink.ts';

const request: RunRequest = { jobId: ID, args: ['--a', 'b'], flinkConfiguration: { k: 'v' } };

describe('a run', () => {
  const run = (answer: Parameters<typeof flinkThat>[0], more: Partial<RunRequest> = {}) =>
    flinkThat(answer).flink.run({ url: URL }, 'x.jar', { ...request, ...more }, 0);

  test('sends the list form of the arguments and nothing that was not given (F119)', async () => {
    const { flink, sent } = flinkThat(json({ jobid: ID }));
    await flink.run({ url: URL }, 'a b.jar', request, 0);
    await flink.run({ url: URL }, 'x.jar', { ...request, mainClass: 'M', parallelism: 3 }, 0);
    const body = { jobId: ID, programArgsList: ['--a', 'b'], flinkConfiguration: { k: 'v' } };
    expect(sent).toEqual([
      { method: 'POST', url: `${URL}/jars/a%20b.jar/run`, json: body },
      { method: 'POST', url: `${URL}/jars/x.jar/run`, json: { ...body, entryClass: 'M', parallelism: 3 } },
    ]);
  });

  const caused = (...causes: string[]) =>
    errors(
      400,
      ['Could not execute application.', ...causes.map((cause) => `Caused by: ${cause}\n\tat x.y`)].join('\n'),
    );
  const main = 'org.apache.flink.client.program.ProgramInvocationException: The main method caused an error: x';
  const execute = "org.apache.flink.util.FlinkException: Failed to execute job 'a'.";

  test.each([
    [new Fault('transient', 'HTTP_NOT_SENT', 'x'), 'transient', 'FLINK_UNREACHABLE'],
    [new Fault('unknown-outcome', 'HTTP_BROKEN', 'x'), 'unknown-outcome', 'RUN_BROKEN'],
    [new Fault('unknown-outcome', 'HTTP_UNANSWERED', 'x'), 'unknown-outcome', 'RUN_UNANSWERED'],
    [new Fault('invalid', 'HTTP_TOO_LARGE', 'x'), 'unknown-outcome', 'RUN_UNCLEAR'],
    [
      errors(503, 'Service temporarily unavailable due to an ongoing leader election. Please refresh.'),
      'transient',
      'LEADER_ELECTION',
    ],
    [{ status: 503, text: '<html>' }, 'unknown-outcome', 'RUN_UNCLEAR'],
    [{ status: 504, text: '<html>' }, 'unknown-outcome', 'RUN_UNCLEAR'],
    [{ status: 400, text: '<html>' }, 'unknown-outcome', 'RUN_UNCLEAR'],
    [{ status: 302, text: '' }, 'unknown-outcome', 'RUN_UNCLEAR'],
    [{ status: 200, text: '<html>' }, 'unknown-outcome', 'RUN_UNCLEAR'],
    [{ status: 200, text: '{"jobid":"001' }, 'unknown-outcome', 'RUN_UNCLEAR'],
    [json({ jobid: 'f'.repeat(32) }), 'unknown-outcome', 'RUN_UNCLEAR'],
    [
      errors(500, 'Internal server error.', '<Exception on server side:\njava.lang.Exception: x'),
      'unknown-outcome',
      'RUN_UNCLEAR',
    ],
    ...['RecipientUnreachableException: Could not send message', 'FencingTokenException: Fencing token mismatch'].map(
      (why) =>
        [
          caused(main, execute, `org.apache.flink.runtime.rpc.exceptions.${why}`),
          'unknown-outcome',
          'RUN_UNCLEAR',
        ] as const,
    ),
    [
      caused(
        main,
        execute,
        'org.apache.flink.runtime.client.DuplicateJobSubmissionException: Job has already been submitted.',
      ),
      'rejected',
      'DUPLICATE_JOB',
    ],
    [caused('org.apache.flink.runtime.client.DuplicateApplicationSubmissionException: x'), 'rejected', 'DUPLICATE_JOB'],
    [caused(main, 'java.lang.RuntimeException: DuplicateJobSubmissionException it said'), 'rejected', 'MAIN_THREW'],
    [caused(main, 'java.util.concurrent.TimeoutException: of my own'), 'rejected', 'MAIN_THREW'],
    [
      caused(main, execute, 'java.util.concurrent.TimeoutException: of the dispatcher'),
      'unknown-outcome',
      'RUN_UNCLEAR',
    ],
    [caused('org.apache.pekko.pattern.AskTimeoutException: Ask timed out'), 'unknown-outcome', 'RUN_UNCLEAR'],
    [caused(main, 'java.lang.ClassNotFoundException: com.mysql.Driver'), 'rejected', 'CLASS_MISSING'],
    [
      caused(main, 'java.lang.IllegalStateException: x', 'java.net.ConnectException: refused'),
      'rejected',
      'MAIN_THREW',
    ],
    [
      caused('java.io.IOException: Could not connect to BlobServer at address localhost/127.0.0.1:6124'),
      'rejected',
      'RUN_REFUSED',
    ],
    [errors(404, 'Unable to load requested file /jars/x.jar/run.'), 'rejected', 'SUBMISSION_DISABLED'],
    [errors(413, 'Too large'), 'rejected', 'RUN_REFUSED'],
  ] as const)('%j: %s %s', async (answer, kind, code) => {
    await expect(run(answer)).rejects.toMatchObject({ kind, code });
  });

  test('a refusal is told by the first line of its last cause, cut to what is kept', async () => {
    const answer = caused(main, 'java.lang.IllegalStateException: one', `java.lang.Error: ${'x'.repeat(2_000)}`);
    const { message } = await run(answer).catch((fault) => fault);
    expect(message).toMatch(/^java\.lang\.Error: x+…$/);
    expect(message).toHaveLength(defaults.textMax);
  });

  test.each([
    [
      'cannot log in as root with s3cr3t!',
      ['--user', 'root', '--password', 's3cr3t!'],
      'cannot log in as <argument 2> with <argument 4>',
    ],
    ['bad --password=s3cr3t!', ['--password=s3cr3t!'], 'bad --password=<argument 1>'],
    ['part s3cr3t and s3cr3t-long', ['s3cr3t', 's3cr3t-long'], 'part <argument 1> and <argument 2>'],
    ['line2 of a key', ['line1\nline2'], '<argument 1> of a key'],
    ['jdbc://me:pw@db/x failed', [], 'jdbc://me:***@db/x failed'],
    ['no rate 100, true', ['--rate', '100', 'true'], 'no rate 100, true'],
    ['key AKIA and t0ken', [], 'key AKIA and <value of my.token>'],
    [`${'x'.repeat(480)}s3cr3t! is cut`, ['s3cr3t!'], `${'x'.repeat(480)}<argument 1> is cut`],
  ])('%s does not repeat what may be secret', async (text, args, expected) => {
    const flinkConfiguration = { 'my.token': 't0ken', 'my.plain': 'AKIA' };
    const fault = await run(caused(main, text), { args, flinkConfiguration }).catch((thrown) => thrown);
    expect(fault.message).toBe(expected.length > 500 ? `${expected.slice(0, 499)}…` : expected);
    expect(fault.cause).toBeUndefined();
  });

  test.each([
    [['prod', 'prod-s3cr3t-XYZ'], 'in <argument 1>: no login with <argument 2>'],
    [['--env=prod', '--user=of prod-s3cr3t-XYZ'], 'in <argument 1>: no login with <value of ssm:/a>'],
    [['prod', 'with prod-s3cr3t-XYZ'], 'in <argument 1>: no login <argument 2>'],
  ])('with an argument inside a secret leaves no part of the secret: %j', async (args, expected) => {
    const { flink, hide } = flinkThat(caused(main, 'in prod: no login with prod-s3cr3t-XYZ'));
    hide('prod-s3cr3t-XYZ', 'value of ssm:/a');
    const refused = flink.run({ url: URL }, 'x.jar', { ...request, args }, 0);
    await expect(refused).rejects.toMatchObject({ message: expected });
  });
});
