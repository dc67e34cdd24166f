import { describe, expect, test } from 'vitest';
import type { Answer } from '../../../lib/adapters/http.ts';
import { defaults } from '../../../lib/core/defaults.ts';
import { Fault } from '../../../lib/core/errors.ts';
import { errors, flinkThat, ID, json, URL } from '../../support/scripted-flink.ts';

const at = { url: URL };
const TRIGGER = 'f'.repeat(32);
const page: Answer = { status: 404, text: `<html>Job ${ID} not found</html>` };
const election = errors(503, 'Service temporarily unavailable due to an ongoing leader election. Please refresh.');

describe('checkpoints and their settings', () => {
  const asks = [
    ['checkpoints', (answer: Answer) => flinkThat(answer).flink.checkpoints(at, ID, 0)],
    ['settings', (answer: Answer) => flinkThat(answer).flink.checkpointConfig(at, ID, 0)],
  ] as const;

  test.each(asks)('%s of a job that Flink does not know are refused', async (_, ask) => {
    const fault = ask(errors(404, `org.apache.flink.runtime.rest.NotFoundException: Job ${ID} not found`));
    await expect(fault).rejects.toMatchObject({ kind: 'rejected', code: 'JOB_UNKNOWN' });
  });

  test.each(asks)('%s: a page of another server says nothing of the job', async (_, ask) => {
    await expect(ask(page)).rejects.toMatchObject({ kind: 'invalid', code: 'FLINK_UNREADABLE' });
    await expect(ask(errors(404, 'Not found: /jobs'))).rejects.toMatchObject({ code: 'FLINK_REFUSED' });
    await expect(ask(election)).rejects.toMatchObject({ kind: 'transient', code: 'LEADER_ELECTION' });
  });

  test.each([
    'RestHandlerException: Checkpointing has not been enabled.',
    `RestHandlerException: Checkpointing is not enabled for this job (${ID}).`,
    `RestHandlerException: Checkpointing was not enabled for job ${ID}.`,
  ])('a batch job has none: %s', async (text) => {
    const { flink } = flinkThat(errors(404, text));
    expect(await flink.checkpoints(at, ID, 0)).toEqual({ completed: 0, snapshots: [] });
    expect(await flink.checkpointConfig(at, ID, 0)).not.toHaveProperty('intervalMs');
  });

  test('settings of a job that is not initialised are not known yet', async () => {
    const unknown = json({
      interval: 300,
      timeout: 600_000,
      externalization: { enabled: true, delete_on_cancellation: false },
      checkpoint_storage: 'Unknown',
      unaligned_checkpoints: false,
      tolerable_failed_checkpoints: 0,
    });
    await expect(flinkThat(unknown).flink.checkpointConfig(at, ID, 0)).rejects.toMatchObject({ kind: 'transient' });
  });
});

describe('a savepoint', () => {
  const ask = (answer: Answer | Fault, stop = false) =>
    flinkThat(answer).flink.savepoint(at, ID, { triggerId: TRIGGER, directory: 's3://b/s', stop }, 0);

  test('is asked for with the target in the spelling of each call, and nothing else that Flink would ignore', async () => {
    const { flink, sent } = flinkThat(json({ 'request-id': TRIGGER }, 202));
    const request = { triggerId: TRIGGER, directory: 's3://b/s' };
    await flink.savepoint(at, ID, { ...request, stop: false }, 0);
    await flink.savepoint(at, ID, { ...request, stop: true }, 0);
    const both = { formatType: 'CANONICAL', triggerId: TRIGGER };
    expect(sent).toEqual([
      {
        method: 'POST',
        url: `${URL}/jobs/${ID}/savepoints`,
        json: { ...both, 'target-directory': 's3://b/s', 'cancel-job': false },
      },
      { method: 'POST', url: `${URL}/jobs/${ID}/stop`, json: { ...both, targetDirectory: 's3://b/s', drain: false } },
    ]);
  });

  test.each([
    [new Fault('transient', 'HTTP_NOT_SENT', 'x'), 'transient', 'HTTP_NOT_SENT'],
    [new Fault('unknown-outcome', 'HTTP_UNANSWERED', 'x'), 'unknown-outcome', 'HTTP_UNANSWERED'],
    [election, 'transient', 'LEADER_ELECTION'],
    [errors(500, 'Internal server error.', 'RecipientUnreachableException'), 'unknown-outcome', 'SAVEPOINT_UNCLEAR'],
    [{ status: 503, text: '<html>' }, 'unknown-outcome', 'SAVEPOINT_UNCLEAR'],
    [{ status: 200, text: '<html>' }, 'unknown-outcome', 'SAVEPOINT_UNCLEAR'],
    [page, 'unknown-outcome', 'SAVEPOINT_UNCLEAR'],
    [{ status: 401, text: '' }, 'rejected', 'FLINK_DENIED'],
    [errors(400, 'Request did not match expected format'), 'rejected', 'SAVEPOINT_REFUSED'],
  ] as const)('answered %j is %s %s', async (answer, kind, code) => {
    await expect(ask(answer)).rejects.toMatchObject({ kind, code });
    await expect(ask(answer, true)).rejects.toMatchObject({ kind, code });
  });

  test('is disposed of by its path; Flink answers before it has done so', async () => {
    const { flink, sent } = flinkThat(json({ 'request-id': TRIGGER }));
    await flink.dispose(at, 's3://b/s/savepoint-1', 0);
    expect(sent).toEqual([
      { method: 'POST', url: `${URL}/savepoint-disposal`, json: { 'savepoint-path': 's3://b/s/savepoint-1' } },
    ]);
    const refused = flinkThat(errors(400, 'Bad request')).flink.dispose(at, 'x', 0);
    await expect(refused).rejects.toMatchObject({ kind: 'rejected' });
  });

  test('that failed is told in one short line without a secret, although a sink repeats it', async () => {
    const trace = `java.sql.SQLException: canary-5f1c for ${'x'.repeat(2 * defaults.textMax)} canary-5f1c\n\tat a.B.c`;
    const operation = { 'failure-cause': { class: 'x', 'stack-trace': trace } };
    const { flink, hide } = flinkThat(json({ status: { id: 'COMPLETED' }, operation }));
    hide('canary-5f1c', 'value of ssm:/db');
    const because = expect.stringMatching(/^java\.sql\.SQLException: <value of ssm:\/db> for x+…$/);
    const status = await flink.savepointStatus(at, ID, TRIGGER, 0);
    expect(status).toEqual({ state: 'failed', because });
    expect(status).toHaveProperty('because.length', defaults.textMax);
  });

  test('that failed is told without a secret that its job was given, although another process of ours gave it', async () => {
    const operation = { 'failure-cause': { class: 'x', 'stack-trace': 'x.Y: who is canary-5f1c?' } };
    const { flink } = flinkThat(json({ status: { id: 'COMPLETED' }, operation }), { '/db': 'canary-5f1c' });
    const status = await flink.savepointStatus(
      { ...at, given: [{ jobId: ID, spec: { args: ['${ssm:/db}'], flinkConfiguration: {} } }] },
      ID,
      TRIGGER,
      0,
    );
    expect(status).toEqual({ state: 'failed', because: 'x.Y: who is <value of ssm:/db>?' });
  });

  test('whose trigger Flink does not know is unknown; another 404 proves nothing', async () => {
    const status = (answer: Answer) => flinkThat(answer).flink.savepointStatus(at, ID, TRIGGER, 0);
    const gone = errors(404, `x: There is no savepoint operation with triggerId=${TRIGGER} for job ${ID}.`);
    expect(await status(gone)).toEqual({ state: 'unknown' });
    await expect(status(page)).rejects.toMatchObject({ code: 'FLINK_UNREADABLE' });
    await expect(status(errors(404, 'Not found: /jobs'))).rejects.toMatchObject({ code: 'FLINK_REFUSED' });
  });
});
