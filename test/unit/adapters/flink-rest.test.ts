import { describe, expect, test } from 'vitest';
import { Fault } from '../../../lib/core/errors.ts';
import { errors, flinkThat, ID, json, URL } from '../../support/scripted-flink.ts';

describe('what is asked of Flink', () => {
  test('a new state name is passed on as it is (F20)', async () => {
    const job = { jid: ID, name: 'a', state: 'HIBERNATING', tasks: { running: 1, total: 2, paused: 1 }, extra: {} };
    const { flink } = flinkThat(json({ jobs: [job] }));
    const expected = { jobId: ID, name: 'a', state: 'HIBERNATING', tasksRunning: 1, tasksTotal: 2 };
    expect(await flink.jobs({ url: URL }, 0)).toEqual([expected]);
    expect(await flinkThat(json(job)).flink.jobState({ url: URL }, ID, 0)).toBe('HIBERNATING');
  });

  test('a task that finished for good is not missed', async () => {
    const job = { jid: ID, name: 'a', state: 'RUNNING', tasks: { running: 3, total: 4, finished: 1 } };
    expect(await flinkThat(json({ jobs: [job] })).flink.jobs({ url: URL }, 0)).toMatchObject([
      { tasksRunning: 3, tasksTotal: 3 },
    ]);
  });

  test.each([
    ['an HTML page', '<html>please log in</html>'],
    ['a truncated answer', '{"jobs":[{"jid":"0011'],
    ['nothing', ''],
    ['another JSON', '{"items":[]}'],
    ['a job without tasks', `{"jobs":[{"jid":"${ID}","name":"a","state":"RUNNING"}]}`],
    ['a job without a state', `{"jobs":[{"jid":"${ID}","name":"a","state":"","tasks":{"running":0,"total":0}}]}`],
    ['null', '{"jobs":null}'],
  ])('%s under 200 is no list of jobs (F20)', async (_, text) => {
    const jobs = flinkThat({ status: 200, text }).flink.jobs({ url: URL }, 0);
    await expect(jobs).rejects.toMatchObject({ kind: 'invalid', code: 'FLINK_UNREADABLE' });
  });

  test.each([
    [
      errors(503, 'Service temporarily unavailable due to an ongoing leader election. Please refresh.'),
      'transient',
      'LEADER_ELECTION',
    ],
    [{ status: 503, text: '<html>' }, 'transient', 'FLINK_UNAVAILABLE'],
    [{ status: 502, text: '<html>' }, 'transient', 'FLINK_FAILED'],
    [
      errors(500, 'Internal server error.', '<Exception on server side:\nRecipientUnreachableException: x'),
      'transient',
      'FLINK_FAILED',
    ],
    [{ status: 429, text: '' }, 'transient', 'FLINK_BUSY'],
    [{ status: 403, text: '<html>' }, 'rejected', 'FLINK_DENIED'],
    [{ status: 302, text: '' }, 'invalid', 'FLINK_UNREADABLE'],
    [{ status: 404, text: '<html>' }, 'invalid', 'FLINK_UNREADABLE'],
    [errors(404, 'Not found: /jobs/overview'), 'rejected', 'FLINK_REFUSED'],
    [new Fault('transient', 'HTTP_NOT_SENT', 'connect ECONNREFUSED'), 'transient', 'FLINK_UNREACHABLE'],
    [new Fault('unknown-outcome', 'HTTP_UNANSWERED', 'no answer in time'), 'transient', 'FLINK_UNREACHABLE'],
    [new Fault('invalid', 'HTTP_TOO_LARGE', 'an answer over 16 MB'), 'invalid', 'FLINK_UNREADABLE'],
  ] as const)('%j is %s %s (F17)', async (answer, kind, code) => {
    await expect(flinkThat(answer).flink.jobs({ url: URL }, 0)).rejects.toMatchObject({ kind, code });
  });

  test.each([
    ['another job', errors(404, `NotFoundException: Job ${ID.replace('0', '1')} not found`)],
    ['another page', errors(404, 'Not found: /jobs')],
    ['a page of a proxy', { status: 404, text: `Job ${ID} not found` }],
    ['a failing Flink', errors(500, `NotFoundException: Job ${ID} not found`)],
  ])('%s proves no absence', async (_, answer) => {
    await expect(flinkThat(answer).flink.jobState({ url: URL }, ID, 0)).rejects.toBeInstanceOf(Fault);
  });
});

describe('who answers', () => {
  const identityOf = (entries: Readonly<Record<string, string>>) => {
    const configuration = Object.entries(entries).map(([key, value]) => ({ key, value }));
    const config = { 'flink-version': '2.3.0', features: { 'web-submit': true } };
    const { flink } = flinkThat((path) => json(path === '/config' ? config : configuration));
    return flink.identity({ url: URL }, 0);
  };
  const tmpdir = '/tmp/flink-web-d28d294b-53c2-4867-9df5-721a2ab68f2f';

  test.each([
    [{}, 'none'],
    [{ 'high-availability': 'zookeeper' }, 'zookeeper'],
    [{ 'high-availability.type': 'ZOOKEEPER', 'high-availability': 'none' }, 'zookeeper'],
    [{ 'high-availability.type': 'NONE' }, 'none'],
    [{ 'high-availability.type': 'org.acme.Factory' }, 'org.acme.factory'],
  ])('%j means HA %s', async (entries, ha) => {
    const expected = { process: tmpdir.slice(5), version: '2.3.0', submission: true, ha };
    expect(await identityOf({ 'web.tmpdir': tmpdir, ...entries })).toMatchObject(expected);
  });

  test.each([
    ['zk-2:2181, ZK-1:2181', 'zk-1:2181,zk-2:2181'],
    ['zk-2:2181,zk-1:2181/root', 'zk-1:2181,zk-2:2181/root'],
  ])('the servers %s of ZooKeeper are %s in whatever order they stand', async (quorum, servers) => {
    const of = {
      'web.tmpdir': tmpdir,
      'high-availability.type': 'zookeeper',
      'high-availability.zookeeper.quorum': quorum,
    };
    expect((await identityOf(of)).zookeeper?.quorum).toBe(servers);
  });

  test.each([
    [{}, '/flink/default'],
    [{ 'high-availability.cluster-id': 'one' }, '/flink/one'],
    [{ 'high-availability.cluster-id': '/a//b/', 'high-availability.zookeeper.path.root': '/' }, '/a/b'],
    [{ 'high-availability.zookeeper.path.namespace': '/old' }, '/flink/old'],
  ])('%j with ZooKeeper is at %s there, under the name of its RPC', async (entries, path) => {
    const rpc = { 'jobmanager.rpc.address': 'IP-10-0-1-23.internal', 'jobmanager.rpc.port': '6123' };
    const of = { 'web.tmpdir': tmpdir, 'high-availability.type': 'zookeeper', ...rpc, ...entries };
    expect((await identityOf(of)).zookeeper).toMatchObject({ path, rpc: 'ip-10-0-1-23.internal:6123' });
  });

  test.each([[{}], [{ 'web.tmpdir': '/tmp/flink-web-upload' }], [{ 'web.tmpdir': `${tmpdir}/sub` }]])(
    '%j does not name the process',
    async (entries) => {
      await expect(identityOf(entries)).rejects.toMatchObject({ code: 'FLINK_UNREADABLE' });
    },
  );
});
