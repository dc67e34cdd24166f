import { describe, expect, it } from 'vitest';
import type { Attempt, Observation, Order, Savepoint, Stop } from '../../../lib/core/model.ts';
import { obey } from '../../../lib/core/orders.ts';
import {
  aCluster,
  aFlinkJob,
  aJob,
  anAttempt,
  anOrder,
  aPost,
  aStatefulJob,
  aTask,
  aView,
  draining,
  idOf,
  jm,
  look,
  memoryOf,
  observed,
  ranOn,
  t0,
} from '../../support/builders.ts';

const lost = (n = 1, changes: Partial<Attempt> = {}): Attempt =>
  ranOn(jm(9), n, { end: { state: 'LOST', atMs: t0 }, ...changes });
const open = (n: number): Attempt => anAttempt(n, { posts: [aPost()] });
const refused = (n: number): Attempt =>
  anAttempt(n, { posts: [aPost({ answer: 'refused', refusal: { code: 'NO_JOB', text: 'x' } })] });
const changed = aJob({ args: ['--new'], revision: 'rev-2' });
const foreign = 'f'.repeat(32);
const listing = (...ids: readonly string[]): Observation =>
  observed({ views: [aView(jm(), { jobs: ids.map((id) => aFlinkJob(id)) })] });

const obeyed = (orders: readonly Order[], memory = memoryOf()) =>
  obey({
    cluster: aCluster(),
    orders,
    pause: undefined,
    memories: { orders: memory },
    observation: observed(),
    nowMs: t0,
  });

describe('what waited too long to be sent', () => {
  const stop: Stop = { how: 'cancel', order: 'restart', because: 'x', expiresMs: t0 };
  const savepoint: Savepoint = { directory: 's3://a', because: 'x', expiresMs: t0 };
  const sentStop = { ...stop, sentMs: t0 - 1 };
  const sentSavepoint = { ...savepoint, sentMs: t0 - 1 };

  it.each<[string, Partial<Attempt>, Partial<Attempt>]>([
    ['an end', { stop }, {}],
    ['an end, not a savepoint that is under way', { stop, savepoint: sentSavepoint }, { savepoint: sentSavepoint }],
    ['a savepoint', { savepoint }, {}],
    ['a savepoint, not an end that is under way', { stop: sentStop, savepoint }, { stop: sentStop }],
    ['both', { stop, savepoint }, {}],
    ['nothing that is under way', { stop: sentStop }, { stop: sentStop }],
  ])('is taken back: %s', (_, changes, left) => {
    const { orders } = obeyed([], memoryOf(ranOn(jm(), 1, changes))).memories;
    expect(orders).toStrictEqual(memoryOf(ranOn(jm(), 1, left)));
  });

  it('is nothing where nothing waits: the very same memory comes back', () => {
    const memory = memoryOf(lost(1), ranOn(jm(), 2, { stop: sentStop }), ranOn(jm(), 3));
    const { orders } = obeyed([], memory).memories;
    expect(orders).toBe(memory);
  });
});

describe('what becomes of an order', () => {
  const { job: _, ...ofCluster } = anOrder('pause', { id: '0001' });

  it('a pause of the cluster lasts, whatever is ordered for a job after it', () => {
    const { pause, consumed } = obeyed([ofCluster, anOrder('release', { id: '0002' })]);
    expect(pause).toStrictEqual({ who: 'anna', why: 'looked at it', sinceMs: t0 });
    expect(consumed).toStrictEqual([
      { id: '0001', what: 'pause', because: 'anna: looked at it' },
      {
        id: '0002',
        job: 'orders',
        what: 'release dropped',
        because: 'it was never submitted; anna: looked at it',
        dropped: 'it was never submitted',
      },
    ]);
  });

  it('a pause that is over leaves nothing behind', () => {
    const paused = obeyed([anOrder('pause')]).memories.orders;
    expect(paused?.pause).toStrictEqual({ who: 'anna', why: 'looked at it', sinceMs: t0 });
    expect(obeyed([anOrder('resume')], paused).memories.orders).toStrictEqual(memoryOf());
    const until = obeyed([anOrder('pause', { untilMs: t0 + 1 })]).memories.orders;
    expect(until?.pause?.untilMs).toBe(t0 + 1);
  });

  it('one given twice is ignored the second time, and says so', () => {
    const ignore = { jobId: foreign };
    const { consumed } = obeyed([anOrder('ignore', ignore), anOrder('ignore', { ...ignore, id: '0002' })]);
    expect(consumed.map(({ dropped }) => dropped)).toEqual([undefined, 'it is ignored already']);
  });
});

describe('`release` beside an earlier attempt', () => {
  it('is dropped while the newest may come to life', () => {
    expect(obeyed([anOrder('release')], memoryOf(lost(1), open(2))).consumed[0]?.dropped).toBe(
      'a submission of it is still open',
    );
  });
});

describe('`adopt` of what nobody lists', () => {
  const given = (observation: Observation) =>
    look({ observation, orders: [anOrder('adopt', { jobId: foreign })] }).consumed;

  it.each<[string, Observation, string | undefined]>([
    ['is dropped when all is seen', observed(), `no live job of another has the id ${foreign}`],
    ['waits while a JobManager shows nothing', observed({ tasks: [draining(jm(2)), aTask(jm(1))] }), undefined],
    ['waits while the cluster is not ready', observed({ tasks: [], views: [] }), undefined],
  ])('%s', (_, observation, dropped) => {
    expect(given(observation)[0]?.dropped).toBe(dropped);
    expect(given(observation)).toHaveLength(dropped === undefined ? 0 : 1);
  });
});

describe('`restart` and `apply`', () => {
  it('end the attempt that lives, not one before it', () => {
    const memory = memoryOf(lost(1), ranOn(jm(), 2));
    const { attempts } = look({ memory, observation: listing(idOf(2)), orders: [anOrder('restart')] }).memory;
    expect(attempts.map(({ stop }) => stop?.order)).toEqual([undefined, 'restart']);
  });

  it('are taken where nobody looked for the jar: whether it is there is seen before anything is cancelled', () => {
    const observation = { ...listing(idOf()), jars: {} };
    const { consumed, decision } = look({ memory: memoryOf(ranOn(jm())), observation, orders: [anOrder('restart')] });
    expect(consumed).toMatchObject([{ what: 'restart' }]);
    expect(decision.problem?.code).toBe('JAR_UNREADABLE');
  });

  it.each<[string, ReturnType<typeof aJob>, readonly Attempt[], string | undefined]>([
    ['waits for the newest that may come to life', changed, [lost(1), open(2)], undefined],
    [
      'is taken when an earlier one had state, which the next one goes on from',
      aStatefulJob({ args: ['--new'], revision: 'rev-2' }),
      [lost(1), refused(2)],
      'apply',
    ],
    ['is taken when none ran', aStatefulJob({ args: ['--new'], revision: 'rev-2' }), [refused(1)], 'apply'],
    ['is taken when only what does not reach Flink changed', aJob({ slots: 0, revision: 'rev-2' }), [lost(1)], 'apply'],
    ['is taken when the record was made beside this manifest', changed, [lost(1, { wanted: 'rev-2' })], 'apply'],
    ['is dropped when nothing changed', aJob(), [lost(1)], 'apply dropped'],
  ])('`apply` to what is not live %s', (_, job, attempts, what) => {
    const { consumed } = look({ job, memory: memoryOf(...attempts), orders: [anOrder('apply')] });
    expect(consumed[0]?.what).toBe(what);
  });
});
