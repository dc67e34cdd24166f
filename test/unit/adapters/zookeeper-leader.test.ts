import { describe, expect, onTestFinished, test } from 'vitest';
import { createZooKeeperLeaders } from '../../../lib/adapters/zookeeper-leader.ts';
import { asFault } from '../../../lib/core/errors.ts';
import { createFakeSecrets } from '../../support/fake-secrets.ts';
import { type FakeZooKeeperOptions, READ_DATA, startFakeZooKeeper } from '../../support/fake-zookeeper.ts';
import { startServer } from '../../support/local-server.ts';
import { silentAddress } from '../../support/silent-address.ts';

const LEADER = '/flink/prod/leader/dispatcher/connection_info';
const [ONE, OTHER] = ['1'.repeat(32), '2'.repeat(32)];
const ADDRESS = 'pekko.tcp://flink@ip-10-0-1-23.eu-west-1.compute.internal:6123/user/rpc/dispatcher_1';
const SESSION = '00112233-4455-6677-8899-aabbccddeeff';

/** Of a node that was made by transaction 7 at the moment 9. */
const MEMORY = '00000000000000070000000000000009';
const STAT_BYTES = 68;
/** Where a leader keeps its jobs, without any. */
const JOBS = { '/flink/prod/jobgraphs': Buffer.alloc(0) };

/** As Java writes it. */
const written = (address = ADDRESS, block = 'short'): Buffer => {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(address.length);
  const text = Buffer.concat([length, Buffer.from(address)]);
  const head =
    block === 'short'
      ? Buffer.from([0x77, text.length])
      : Buffer.from([0x7a, 0, 0, text.length >> 8, text.length & 255]);
  const uuid =
    '7372000e6a6176612e7574696c2e55554944bc9903f7986d852f0200024a000c6c65617374536967426974734a000b6d6f7374536967426974737870' +
    '8899aabbccddeeff0011223344556677';
  return Buffer.concat([Buffer.from('aced0005', 'hex'), head, text, Buffer.from(uuid, 'hex')]);
};

const zookeeper = async (options: FakeZooKeeperOptions) => {
  const fake = await startFakeZooKeeper(options);
  onTestFinished(() => fake.close());
  return fake;
};

const look = (quorum: string, { digest, withinMs = 5_000 }: { digest?: string; withinMs?: number } = {}) => {
  const secrets = createFakeSecrets({ '${secret:zk#auth}': 'flink:pw' });
  const leaders = createZooKeeperLeaders({ clock: { nowMs: Date.now }, secrets });
  const place = { quorum, path: '/flink/prod', ...(digest === undefined ? {} : { digest }) };
  return leaders.look(place, Date.now() + withinMs);
};

const codeOf = (work: Promise<unknown>) =>
  work.then(
    (value) => value,
    (thrown) => [asFault(thrown).kind, asFault(thrown).code],
  );

describe('the leader in ZooKeeper', () => {
  test.each(['short', 'long'])('is read from a %s block, with the jobs of old and new Flinks', async (block) => {
    const nodes = {
      [LEADER]: written(block === 'short' ? ADDRESS : ADDRESS.replace('1', '1'.repeat(200)), block),
      [`/flink/prod/jobgraphs/${OTHER}`]: Buffer.from('a handle'),
      [`/flink/prod/execution-plans/${ONE}/locks`]: Buffer.alloc(0),
    };
    const rpc = /@(.*:6123)/.exec(nodes[LEADER]?.toString() ?? '')?.[1];
    const { server, sessions } = await zookeeper({ nodes });
    expect(await look(server)).toEqual({ leader: { rpc, session: SESSION, memory: MEMORY }, jobs: [ONE, OTHER] });
    expect(sessions()).toMatchObject({ opened: 1 });
  });

  test.each([
    ['no node', {}],
    ['an empty node', { [LEADER]: Buffer.alloc(0) }],
  ])('is nobody where there is %s (F12)', async (_, nodes) => {
    expect(await look((await zookeeper({ nodes })).server)).toEqual({ jobs: [] });
  });

  test('is not guessed where a byte of Java’s own differs, is missing or is too many (F16)', async () => {
    const right = written();
    const own = [...Array(8).keys(), ...Array.from({ length: 60 }, (_, at) => right.length - 76 + at)];
    const others = own.map((at) => Buffer.from(right.map((byte, index) => (index === at ? byte ^ 1 : byte))));
    const foreign = [
      ...others,
      right.subarray(0, -1),
      Buffer.concat([right, Buffer.alloc(1)]),
      Buffer.from('10.0.0.1:6123'),
    ];
    for (const bytes of foreign) {
      const { server, close } = await startFakeZooKeeper({ nodes: { [LEADER]: bytes } });
      expect(await codeOf(look(server)), bytes.toString('hex')).toEqual(['invalid', 'LEADER_UNPARSABLE']);
      await close();
    }
  });

  test.each([
    ['an address of a REST endpoint', { [LEADER]: written('http://10.0.1.23:8081') }],
    ['an address without a port', { [LEADER]: written('pekko.tcp://flink@host/user/rpc/dispatcher_1') }],
    ['a job that is none', { [LEADER]: written(), '/flink/prod/jobgraphs/mine': Buffer.alloc(0) }],
    ['a place for no jobs at all', { [LEADER]: written() }],
  ])('is not guessed from %s (F16)', async (_, nodes) => {
    expect(await codeOf(look((await zookeeper({ nodes })).server))).toEqual(['invalid', 'LEADER_UNPARSABLE']);
  });

  test('that changes while it is looked for is asked for again', async () => {
    let reads = 0;
    const answer = (right: Buffer, type: number) => {
      if (type !== READ_DATA || right.length < STAT_BYTES + 100) return undefined;
      reads += 1;
      return Buffer.from(right.map((byte, at) => (at === right.length - STAT_BYTES - 1 ? reads : byte)));
    };
    const { server } = await zookeeper({ nodes: { ...JOBS, [LEADER]: written() }, answer });
    expect(await codeOf(look(server))).toEqual(['transient', 'LEADER_CHANGED']);
  });
});

describe('a ZooKeeper', () => {
  const nodes = { ...JOBS, [LEADER]: written() };

  test('that asks who we are is told by a digest, which is a secret', async () => {
    const { server } = await zookeeper({ nodes, digest: 'flink:pw' });
    expect(await look(server, { digest: '${secret:zk#auth}' })).toMatchObject({ leader: { session: SESSION } });
    expect(await codeOf(look(server))).toEqual(['rejected', 'LEADER_DENIED']);
    expect(await codeOf(look(server, { digest: 'flink:other' }))).toEqual(['rejected', 'LEADER_DENIED']);
  });

  test('that is silent, refuses or is not there costs no more than the deadline (F11, F19)', async () => {
    const silent = await silentAddress();
    onTestFinished(() => silent.close());
    const fromMs = performance.now();
    expect(await codeOf(look(new URL(silent.url).host, { withinMs: 200 }))).toEqual([
      'transient',
      'LEADER_UNREACHABLE',
    ]);
    expect(performance.now() - fromMs).toBeLessThan(1_000);
    expect(await codeOf(look('127.0.0.1:1'))).toEqual(['transient', 'LEADER_UNREACHABLE']);
    expect(await codeOf(look('nowhere.invalid:2181', { withinMs: 500 }))).toEqual(['transient', 'LEADER_UNREACHABLE']);
    expect(await codeOf(look('127.0.0.1:1', { withinMs: 0 }))).toEqual(['transient', 'LEADER_UNREACHABLE']);
  });

  test('of several servers answers as long as one of them does', async () => {
    const silent = await silentAddress();
    onTestFinished(() => silent.close());
    const { server } = await zookeeper({ nodes });
    const fromMs = performance.now();
    const seen = await look(`127.0.0.1:1,${new URL(silent.url).host},${server}`);
    expect(seen).toMatchObject({ leader: { session: SESSION } });
    expect(performance.now() - fromMs).toBeLessThan(2_000);
  });

  test('is asked in a session of its own, which is given back', async () => {
    const { server, sessions } = await zookeeper({ nodes });
    await look(server);
    await look(server);
    await expect.poll(sessions).toEqual({ opened: 2, left: 2 });
  });

  test.each([
    ['an answer to another question', (right: Buffer) => Buffer.concat([Buffer.from([1]), right.subarray(1)])],
    ['half an answer', (right: Buffer) => right.subarray(0, 18)],
    ['less than a head', (right: Buffer) => right.subarray(0, 3)],
  ])('that sends %s is not believed (F16)', async (_, spoil) => {
    const { server } = await zookeeper({
      nodes,
      answer: (right, type) => (type === READ_DATA ? spoil(right) : undefined),
    });
    expect(await codeOf(look(server))).toEqual(['invalid', 'LEADER_UNPARSABLE']);
  });

  test('that is a web server is no ZooKeeper (F16)', async () => {
    const { url, close } = await startServer((_request, response) => response.writeHead(400).end());
    onTestFinished(() => close());
    const found = await codeOf(look(new URL(url).host));
    expect(found).toEqual(['invalid', 'LEADER_UNPARSABLE']);
  });
});
