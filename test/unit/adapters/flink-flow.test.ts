import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../lib/adapters/http.ts';
import { errors, flinkThat, ID, json, URL } from '../../support/scripted-flink.ts';

const at = { url: URL };
type Metrics = Readonly<Record<string, unknown>>;
const vertex = (id: string, metrics: Metrics = {}) => ({
  id,
  name: `vertex ${id}`,
  parallelism: 2,
  metrics: {
    'read-records': 0,
    'write-records': 7,
    'accumulated-backpressured-time': 3,
    'accumulated-busy-time': 4.6,
    'accumulated-idle-time': 0,
    ...metrics,
  },
});
const node = (id: string, ...inputs: readonly string[]) => ({
  id,
  ...(inputs.length === 0 ? {} : { inputs: inputs.map((input) => ({ id: input })) }),
});
const job = (vertices: readonly ReturnType<typeof vertex>[], nodes: readonly ReturnType<typeof node>[]) =>
  json({ jid: ID, now: 99, vertices, plan: { nodes } });
const two = job([vertex('a'), vertex('b', { 'write-records': 0 })], [node('a'), node('b', 'a')]);
/** One answer after the other. */
const flinkOf = (...answers: readonly Answer[]) => {
  let asked = 0;
  return flinkThat(() => {
    asked += 1;
    return answers[asked - 1] ?? errors(500, 'not expected');
  });
};
const told = (...answers: readonly Answer[]) => flinkOf(...answers).flink.flow(at, ID, { records: true }, 0);

describe('how records get through a job', () => {
  it('is in one answer: what each vertex waits and works, and what the sources gave on', async () => {
    const { flink, sent } = flinkOf(two);
    const flow = await flink.flow(at, ID, { records: true }, 0);
    expect(flow).toEqual({
      atMs: 99,
      vertices: ['a', 'b'].map((id) => ({ name: `vertex ${id}`, parallelism: 2, pressuredMs: 3, busyMs: 5 })),
      records: 7,
    });
    expect(sent.map(({ url }) => url)).toEqual([`${URL}/jobs/${ID}`]);
  });

  it('has no records where nobody asks for them', async () => {
    const { flink, sent } = flinkOf(job([vertex('a')], [node('a')]));
    expect(await flink.flow(at, ID, { records: false }, 0)).not.toHaveProperty('records');
    expect(sent).toHaveLength(1);
  });

  it('is not known before Flink has collected a figure, nor from a version that has none', async () => {
    const none = { 'write-records': 0, 'accumulated-backpressured-time': 0, 'accumulated-busy-time': 0 };
    expect(await told(job([vertex('a', none)], [node('a')]))).toBeUndefined();
    expect(
      await told(job([vertex('a', { 'accumulated-backpressured-time': undefined })], [node('a')])),
    ).toBeUndefined();
  });

  it('takes a NaN for no figure', async () => {
    const flow = await told(
      job([vertex('a', { 'accumulated-busy-time': 'NaN' }), vertex('b')], [node('a'), node('b', 'a')]),
    );
    expect(flow?.vertices[0]).toEqual({ name: 'vertex a', parallelism: 2, pressuredMs: 3 });
  });

  it('a source that is chained with all behind it is asked for its own count', async () => {
    const names = json([
      { id: 'numRecordsOut' },
      { id: 'Sink__Writer.numRecordsOut' },
      { id: 'Source__a b.numRecordsOut' },
      { id: 'Source__a b.numRecordsOutPerSecond' },
    ]);
    const { flink, sent } = flinkOf(job([vertex('a')], [node('a')]), names, json([{ id: 'x', sum: 12 }, { id: 'y' }]));
    expect((await flink.flow(at, ID, { records: true }, 0))?.records).toBe(12);
    const path = `${URL}/jobs/${ID}/vertices/a/subtasks/metrics`;
    expect(sent.slice(1).map(({ url }) => url)).toEqual([path, `${path}?get=Source__a%20b.numRecordsOut&agg=sum`]);
  });

  it('all sources count, and one whose count is not to be had does not', async () => {
    const vertices = ['a', 'b', 'c', 'd'].map((id) => vertex(id));
    const nodes = [node('a'), node('b'), node('c'), node('d', 'a', 'b')];
    expect((await told(job(vertices, nodes), json([{ id: 'numRecordsOut' }])))?.records).toBe(14);
    expect(await told(job([vertex('a')], [node('a')]), json([]))).not.toHaveProperty('records');
  });

  it('costs a few calls, however many sources there are', async () => {
    const many = Array.from({ length: 9 }, (_, n) => `s${n}`);
    const none = Array.from({ length: 9 }, () => json([]));
    const { flink, sent } = flinkOf(
      job(
        many.map((id) => vertex(id)),
        many.map((id) => node(id)),
      ),
      ...none,
    );
    await flink.flow(at, ID, { records: true }, 0);
    expect(sent).toHaveLength(6);
  });

  it('repeats no secret of a name', async () => {
    const { flink, hide } = flinkOf(
      json({ jid: ID, now: 1, vertices: [{ ...vertex('a'), name: 'to hunter2-hunter2' }], plan: { nodes: [] } }),
    );
    hide('hunter2-hunter2', 'secret');
    expect((await flink.flow(at, ID, { records: false }, 0))?.vertices[0]?.name).not.toContain('hunter2');
  });

  it('is not read from the page of another server, nor from an error; a job may be unknown', async () => {
    await expect(told(json({ jid: ID }))).rejects.toMatchObject({ code: 'FLINK_UNREADABLE' });
    await expect(told(errors(500, 'x'))).rejects.toMatchObject({ kind: 'transient' });
    await expect(told(job([vertex('a')], [node('a')]), errors(500, 'x'))).rejects.toMatchObject({ kind: 'transient' });
    const unknown = errors(404, `org.apache.flink.runtime.rest.NotFoundException: Job ${ID} not found`);
    await expect(told(unknown)).rejects.toMatchObject({ kind: 'rejected', code: 'JOB_UNKNOWN' });
  });
});
