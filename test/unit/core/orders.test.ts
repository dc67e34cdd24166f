import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import type { Attempt, EndState, FlinkView, Observation, Order } from '../../../lib/core/model.ts';
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
  idOf,
  jm,
  known,
  look,
  memoryOf,
  nowhere,
  observed,
  ranOn,
  startedBy,
  stopped,
  t0,
  unknown,
} from '../../support/builders.ts';

const ended = (state: EndState): Attempt => ranOn(jm(), 1, { end: { state, atMs: t0 - 60_000 } });
const refused = anAttempt(1, {
  posts: [aPost({ sentMs: t0 - 60_000, answer: 'refused', refusal: { code: 'CLASS_MISSING', text: 'no class' } })],
});
const hung = anAttempt(1, {
  posts: [1, 2].map((id) => aPost({ id, sentMs: t0 - 3_600_000, answer: 'unanswered' })),
});
const killer = (n: number): Attempt =>
  anAttempt(n, {
    posts: [aPost({ to: jm(n), answer: 'broken', processEnded: true, alone: true })],
    end: { state: 'LOST', atMs: t0 - 60_000 },
  });
/** Its restarts are spent. */
const failures = [1, 2, 3, 4].map((n) => ranOn(jm(), n, { end: { state: 'FAILED', atMs: t0 - 60_000 } }));
const killed: Observation = observed({ tasks: [stopped(jm(1)), stopped(jm(2)), aTask(jm(3))], views: [aView(jm(3))] });
const live = observed({ views: [aView(jm(), { jobs: [aFlinkJob(idOf())] })] });
const blind: Observation = { ...observed(), ecs: unknown() };

describe('`release`', () => {
  it.each<[string, readonly Attempt[], Observation]>([
    ['FAILED again and again (F64)', failures, observed()],
    ['CANCELED (F63)', [ended('CANCELED')], observed()],
    ['GONE (F124)', [ended('GONE')], observed()],
    ['refused by Flink', [refused], observed()],
    ['hung in main() twice', [hung], observed({ views: [aView(jm(), { absent: [idOf()] })] })],
    ['killing its JobManager twice (F102)', [killer(1), killer(2)], killed],
  ])('ends the hold of a job that is %s, and it is started once', (_, attempts, observation) => {
    const before = look({ memory: memoryOf(...attempts), observation });
    expect(before.decision).toMatchObject({
      verdict: 'hold',
      problem: { fix: expect.stringContaining('`npx flink-autopilot release realtime/orders`') },
    });
    const after = look({ memory: memoryOf(...attempts), observation, orders: [anOrder('release')] });
    expect(startedBy(after.decision)).toBeDefined();
    expect(after.consumed).toEqual([{ id: '0001', job: 'orders', what: 'release', because: 'anna: looked at it' }]);
  });

  it.each<[string, readonly Attempt[], Observation, string]>([
    ['never ran', [], observed(), 'it was never submitted'],
    ['is live', [ranOn(jm())], live, 'it is live: nothing holds it'],
    ['has an open submission', [anAttempt(1, { posts: [aPost()] })], observed(), 'a submission of it is still open'],
    ['has finished', [ended('FINISHED')], observed(), 'it has finished: nothing holds it'],
    [
      'was released before',
      [{ ...ended('FAILED'), acknowledged: true }],
      observed({ desiredCount: 0 }),
      'it is released already',
    ],
    [
      'was lost',
      [ended('LOST')],
      observed(),
      'it was lost, and starts by itself once its state is found; `start-empty` and `restore-from` say otherwise',
    ],
  ])('of a job that %s is dropped, and says why', (_, attempts, observation, because) => {
    const { consumed } = look({ memory: memoryOf(...attempts), observation, orders: [anOrder('release')] });
    expect(consumed).toMatchObject([{ what: 'release dropped', because: `${because}; anna: looked at it` }]);
  });

  it('of a job that is being looked for counts once it shows what became of it (F117)', () => {
    const given = {
      observation: observed({ views: [aView(jm(), { absent: [idOf()] })] }),
      orders: [anOrder('release')],
    };
    const missing = look({ ...given, memory: memoryOf(ranOn(jm())) });
    expect(missing.consumed).toEqual([]);
    const gone = look({ ...given, memory: missing.memory, nowMs: t0 + defaults.goneAfterMs });
    expect(gone.consumed).toMatchObject([{ what: 'release' }]);
    expect(startedBy(gone.decision)).toMatchObject({ n: 2 });
  });

  it('never starts a job empty that had state (I2)', () => {
    const { decision } = look({
      job: aStatefulJob(),
      memory: memoryOf(ended('FAILED')),
      observation: observed({ snapshots: nowhere }),
      orders: [anOrder('release')],
    });
    expect(decision).toMatchObject({ verdict: 'hold', problem: { code: 'STATE_REQUIRED' } });
  });

  it('is kept while the job cannot be seen, until it expires: by the time, wherever its item still lies (F83)', () => {
    const given = (nowMs: number) =>
      look({ memory: memoryOf(ranOn(jm())), observation: blind, orders: [anOrder('release')], nowMs }).consumed;
    expect(given(t0 + defaults.orderWithinMs - 1)).toEqual([]);
    expect(given(t0 + defaults.orderWithinMs)).toMatchObject([
      { what: 'release dropped', because: expect.stringContaining('expired') },
    ]);
  });
});

describe('an order', () => {
  it.each<[string, Partial<Order>, string]>([
    ['for a job that is not there', { job: 'other' }, 'other is not a job of the manifest'],
    ['that names no job', {}, 'it names no job'],
    ['to adopt nothing', { kind: 'adopt', job: 'orders' }, 'it names no Flink job'],
    ['to ignore nothing', { kind: 'ignore', job: 'orders' }, 'it names no Flink job'],
    ['to adopt what is not there', { kind: 'adopt', job: 'orders', jobId: 'f'.repeat(32) }, 'no live job of another'],
    ['to adopt an own attempt', { kind: 'adopt', job: 'orders', jobId: idOf() }, 'it is an attempt of this job'],
    ['to resume what is not paused', { kind: 'resume', job: 'orders' }, 'it is not paused'],
    ['to resume a cluster that is not paused', { kind: 'resume' }, 'it is not paused'],
    ['to pause what is not there', { kind: 'pause', job: 'constructor' }, 'constructor is not a job of the manifest'],
  ])('%s is dropped, and says why', (_, changes, because) => {
    const { job: _job, ...order } = anOrder('release');
    const { consumed, memories } = obey({
      cluster: aCluster(),
      orders: [{ ...order, ...changes }],
      pause: undefined,
      memories: { orders: memoryOf(ended('FAILED')) },
      observation: observed(),
      nowMs: t0,
    });
    expect(consumed).toMatchObject([
      { what: expect.stringMatching(/ dropped$/), because: expect.stringMatching(because) },
    ]);
    expect(memories).toEqual({ orders: memoryOf(ended('FAILED')) });
  });

  it('is carried out in the order of ids, a bounded number at once', () => {
    const orders = Array.from({ length: defaults.ordersMax + 5 }, (_, n) =>
      anOrder(n % 2 === 0 ? 'pause' : 'resume', { id: String(n).padStart(4, '0') }),
    );
    const { consumed, memory } = look({ orders });
    expect(consumed.map(({ what }) => what)).toEqual(orders.slice(0, defaults.ordersMax).map(({ kind }) => kind));
    expect(memory.pause).toBeUndefined();
  });

  it('to adopt beside a live copy is dropped: there would be two', () => {
    const jobs = [aFlinkJob(idOf()), aFlinkJob('f'.repeat(32), 'RUNNING', { name: 'x' })];
    const { consumed, memory } = look({
      memory: memoryOf(ranOn(jm())),
      observation: observed({ views: [aView(jm(), { jobs })] }),
      orders: [anOrder('adopt', { jobId: 'f'.repeat(32) })],
    });
    expect(consumed).toMatchObject([{ because: expect.stringContaining('a copy of it is live already') }]);
    expect(memory.attempts).toHaveLength(1);
  });

  it('to adopt while our own copy is missing from the list, and Flink knows it by its id, waits for that: there would be two', () => {
    const jobs = [aFlinkJob('f'.repeat(32), 'RUNNING', { name: 'x' })];
    const orders = [anOrder('adopt', { jobId: 'f'.repeat(32) })];
    const given = (byId: FlinkView['byId']) =>
      look({ memory: memoryOf(ranOn(jm())), observation: observed({ views: [aView(jm(), { jobs, byId })] }), orders });
    for (const said of [known('RUNNING'), unknown()])
      expect(given({ [idOf()]: said })).toMatchObject({ consumed: [], memory: { attempts: [{ n: 1 }] } });
    expect(given({ [idOf()]: known('absent') })).toMatchObject({
      consumed: [{ what: 'adopt' }],
      memory: { attempts: [{ n: 1 }, { n: 2 }] },
    });
  });

  it('to adopt while a submission of it may still come through waits for that: there would be two (I1)', () => {
    const observation = observed({
      views: [aView(jm(), { jobs: [aFlinkJob('f'.repeat(32), 'RUNNING', { name: 'x' })], absent: [idOf()] })],
    });
    const orders = [anOrder('adopt', { jobId: 'f'.repeat(32) })];
    const given = { job: aJob({ flinkName: 'mine' }), observation, orders };
    const open = memoryOf(anAttempt(1, { posts: [aPost({ answer: 'unanswered' })] }));
    expect(look({ ...given, memory: open })).toMatchObject({ consumed: [], memory: { attempts: [{ n: 1 }] } });
    expect(look(given).consumed).toMatchObject([{ what: 'adopt' }]);
  });

  it('remembers a bounded number of ignored jobs, each once', () => {
    const ids = Array.from({ length: defaults.ignoredMax }, (_, n) => n.toString(16).padStart(32, '0'));
    const memory = { ...memoryOf(), ignored: ids };
    const next = look({ memory, orders: [anOrder('ignore', { jobId: 'f'.repeat(32) })] }).memory;
    expect(next.ignored).toEqual([...ids.slice(1), 'f'.repeat(32)]);
    const [again] = look({ memory, orders: [anOrder('ignore', { jobId: ids[0] ?? '' })] }).consumed;
    expect(again).toMatchObject({ what: 'ignore dropped' });
  });

  it('whose work breaks is dropped with the bug, and stops nothing else', () => {
    const broken = anOrder('ignore', { jobId: 'f'.repeat(32) });
    Object.defineProperty(broken, 'jobId', {
      get: () => {
        throw new Error('a bug');
      },
    });
    const { consumed, decision } = look({ orders: [broken] });
    expect(consumed).toMatchObject([{ what: 'ignore dropped', because: 'a bug: a bug; anna: looked at it' }]);
    expect(decision.verdict).toBe('act');
  });

  it('for a job in a dry run is shown, and stays', () => {
    const { decision, consumed } = look({
      job: aJob({ mode: 'dry-run' }),
      memory: memoryOf(ended('FAILED')),
      orders: [anOrder('release')],
    });
    expect(decision).toMatchObject({ verdict: 'would', effect: { kind: 'run' } });
    expect(consumed).toEqual([]);
  });
});
