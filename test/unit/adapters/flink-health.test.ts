import { describe, expect, it } from 'vitest';
import { errors, flinkThat, ID, json, URL } from '../../support/scripted-flink.ts';

const at = { url: URL };

describe('how often Flink restarted a job', () => {
  const told = (body: unknown) => flinkThat(json(body)).flink.restarts(at, ID, 0);

  it('is the metric numRestarts', async () => {
    const { flink, sent } = flinkThat(json([{ id: 'numRestarts', value: '17' }]));
    expect(await flink.restarts(at, ID, 0)).toBe(17);
    expect(sent.map(({ url }) => url)).toEqual([`${URL}/jobs/${ID}/metrics?get=numRestarts`]);
  });

  it.each([
    ['nothing yet', []],
    ['another one', [{ id: 'uptime', value: '17' }]],
    ['no value', [{ id: 'numRestarts' }]],
    ['what is no count', [{ id: 'numRestarts', value: 'NaN' }]],
    ['what is no count', [{ id: 'numRestarts', value: '-1' }]],
    ['what is no count', [{ id: 'numRestarts', value: '1.5' }]],
  ])('is not known from %s: %j', async (_, body) => {
    expect(await told(body)).toBeUndefined();
  });

  it('is not read from the page of another server, nor from an error', async () => {
    await expect(told({ metrics: 1 })).rejects.toMatchObject({ code: 'FLINK_UNREADABLE' });
    await expect(flinkThat(errors(500, 'x')).flink.restarts(at, ID, 0)).rejects.toMatchObject({ kind: 'transient' });
  });
});

describe('the newest exception of a job', () => {
  const history = (...stacktraces: string[]) =>
    json({ exceptionHistory: { entries: stacktraces.map((stacktrace, n) => ({ timestamp: 9 - n, stacktrace })) } });
  const trace =
    'org.apache.flink.runtime.JobException: Recovery\n\tat a.B\nCaused by: java.io.IOException: no room\n\tat c';

  it('is the first line of its root cause', async () => {
    const { flink, sent } = flinkThat(history(trace, 'older'));
    expect(await flink.lastException(at, ID, 0)).toEqual({ atMs: 9, cause: 'java.io.IOException: no room' });
    expect(sent.map(({ url }) => url)).toEqual([`${URL}/jobs/${ID}/exceptions?maxExceptions=1`]);
  });

  it('says when checkpoints made it fail', async () => {
    const threshold =
      'org.apache.flink.util.FlinkRuntimeException: Exceeded checkpoint tolerable failure threshold. The';
    const { flink } = flinkThat(history(`${threshold}\nCaused by: x.Y: denied`));
    expect(await flink.lastException(at, ID, 0)).toEqual({ atMs: 9, cause: 'x.Y: denied', byCheckpoints: true });
  });

  it('repeats no secret, and is one line of a bounded length', async () => {
    const { flink, hide } = flinkThat(history(`x.Y: the password is hunter2-hunter2 ${'z'.repeat(9_999)}`));
    hide('hunter2-hunter2', 'secret');
    const { cause = '' } = (await flink.lastException(at, ID, 0)) ?? {};
    expect(cause).toMatch(/^x\.Y: the password is /);
    expect(cause).not.toContain('hunter2');
    expect(cause.length).toBe(500);
  });

  const given = [
    { jobId: 'another', spec: { args: ['${ssm:/another}'], flinkConfiguration: {} } },
    { jobId: ID, spec: { args: ['--db=${ssm:/db}'], flinkConfiguration: {} } },
  ];

  it('repeats no secret that its job was given, although another process of ours gave it (F79)', async () => {
    const { flink } = flinkThat(history('x.Y: who is hunter2-hunter2?'), { '/db': 'hunter2-hunter2' });
    const { cause } = (await flink.lastException({ ...at, given }, ID, 0)) ?? {};
    expect(cause).toBe('x.Y: who is <value of ssm:/db>?');
  });

  it('is not shown where a secret of its job cannot be read', async () => {
    const { flink } = flinkThat(history('x.Y: who is hunter2-hunter2?'));
    const { cause } = (await flink.lastException({ ...at, given }, ID, 0)) ?? {};
    expect(cause).toBe('not shown, as a secret of the job cannot be read: ${ssm:/db}: there is no /db');
  });

  it('may be none', async () => {
    expect(await flinkThat(history()).flink.lastException(at, ID, 0)).toBeUndefined();
  });

  it('of a job that Flink does not know is refused; anything else is no answer', async () => {
    const { flink } = flinkThat(errors(404, `Job ${ID} not found`));
    await expect(flink.lastException(at, ID, 0)).rejects.toMatchObject({ kind: 'rejected', code: 'JOB_UNKNOWN' });
    const other = flinkThat(json({ root: 1 })).flink;
    await expect(other.lastException(at, ID, 0)).rejects.toMatchObject({ code: 'FLINK_UNREADABLE' });
    const busy = flinkThat(errors(503, 'x')).flink;
    await expect(busy.lastException(at, ID, 0)).rejects.toMatchObject({ kind: 'transient' });
  });
});

describe('checkpoints that fail', () => {
  it('are told without a secret that their job was given, although another process of ours gave it', async () => {
    const history = [failed(2, 'x.Y: who is hunter2-hunter2?')];
    const { flink } = flinkThat(json({ counts: { completed: 1 }, latest: {}, history }), { '/db': 'hunter2-hunter2' });
    const { failing } = await flink.checkpoints(
      { ...at, given: [{ jobId: ID, spec: { args: [], flinkConfiguration: { db: '${ssm:/db}' } } }] },
      ID,
      0,
    );
    expect(failing).toEqual({ inRow: 1, because: 'x.Y: who is <value of ssm:/db>?' });
  });

  const item = (id: number, status: string, more = {}) => ({
    id,
    status,
    is_savepoint: false,
    trigger_timestamp: id * 1_000,
    state_size: 1,
    ...more,
  });
  const failed = (id: number, failure_message = `no ${id}`) => item(id, 'FAILED', { failure_message });
  const told = async (history: readonly object[], latest: object = {}) => {
    const { flink, hide } = flinkThat(json({ counts: { completed: 1 }, latest, history }));
    hide('hunter2-hunter2', 'secret');
    const { failing, underWay } = await flink.checkpoints(at, ID, 0);
    return { ...(failing && { failing }), ...(underWay && { underWay }) };
  };

  it.each([
    ['none', [item(2, 'COMPLETED'), failed(1)], {}, {}],
    ['those after the last complete one', [failed(4), failed(3), item(2, 'COMPLETED'), failed(1)], {}, 2],
    ['those after the one that it began from', [failed(7), failed(6)], { restored: { id: 6 } }, 1],
    ['those after a complete one that the history has lost', [failed(9)], { completed: item(8, 'COMPLETED') }, 1],
    ['each once', [failed(4)], { failed: failed(4) }, 1],
    ['one that the history has lost', [], { failed: failed(4) }, 1],
    ['no savepoint', [failed(4), item(5, 'FAILED', { is_savepoint: true })], {}, 1],
    ['none before a savepoint of another’s', [failed(4), item(5, 'COMPLETED', { is_savepoint: true })], {}, 1],
  ])('are %s', async (_, history, latest, inRow) => {
    const newest = [...history, (latest as { failed?: { id: number } }).failed]
      .filter((each) => each !== undefined && !('is_savepoint' in each && each.is_savepoint))
      .map((each) => each?.id ?? 0);
    const expected = typeof inRow === 'number' ? { failing: { inRow, because: `no ${Math.max(...newest)}` } } : {};
    expect(await told(history, latest)).toEqual(expected);
  });

  it('tell Flink’s reason in one line without secrets', async () => {
    const because = async (text: string) => (await told([failed(1, text)])).failing?.because;
    expect(await because('denied\n\tat x')).toBe('denied');
    expect(await because('')).toBe('Flink says no more');
    expect(await because('for hunter2-hunter2')).not.toContain('hunter2');
  });

  it('or hang: one is under way', async () => {
    expect(await told([item(3, 'IN_PROGRESS'), item(2, 'COMPLETED')])).toEqual({ underWay: { id: 3, sinceMs: 3_000 } });
    expect(await told([item(3, 'IN_PROGRESS', { is_savepoint: true })])).toEqual({});
  });
});
