import { describe, expect, it } from 'vitest';
import { adopt, foreignJobs, withAdopted } from '../../../lib/core/adoption.ts';
import { defaults } from '../../../lib/core/defaults.ts';
import { liveJobs } from '../../../lib/core/liveness.ts';
import { emptyJobMemory, type FlinkJob, type Job, type JobMemory } from '../../../lib/core/model.ts';
import { specOf } from '../../../lib/core/remember.ts';
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
  known,
  look,
  memoryOf,
  observed,
  ranOn,
  startedBy,
  stopped,
  t0,
  unknown,
} from '../../support/builders.ts';

const foreignId = 'f'.repeat(32);
const foreign = (name = 'orders', jobId = foreignId, state = 'RUNNING') => aFlinkJob(jobId, state, { name });
const listing = (...jobs: readonly FlinkJob[]) => observed({ views: [aView(jm(), { jobs })] });
const named = aJob({ flinkName: 'orders' });
const lost = ranOn(jm(9), 1, { end: { state: 'LOST', atMs: t0 } });
const unseen = anAttempt(1, { posts: [aPost({ answer: 'not-sent' })] });

const adopted = { ...lost, n: 2, jobId: 'e'.repeat(32), flinkName: 'other' };

describe('a live job of our name under a foreign id (F35)', () => {
  it.each<[string, Job, JobMemory, number]>([
    ['said in the manifest', named, memoryOf(), 1],
    ['learned from an earlier attempt than the last', aJob(), memoryOf(lost, { ...unseen, n: 2, jobId: idOf(2) }), 3],
    ['learned from our own attempt, before a person adopted one of another name', aJob(), memoryOf(lost, adopted), 3],
    ['learned from our own attempt', aJob(), memoryOf(lost), 2],
    ['said in the manifest, for a job that may not start empty', aStatefulJob({ flinkName: 'orders' }), memoryOf(), 1],
    ['said in the manifest, for a job that is switched off', { ...named, enabled: false }, memoryOf(), 1],
  ])('becomes an attempt, its id kept, when the name is %s', (_, job, memory, n) => {
    const after = look({ job, memory, observation: listing(foreign()) });
    expect(after.memory.attempts.at(-1)).toMatchObject({ n, jobId: foreignId, sightedOn: jm(), flinkName: 'orders' });
    expect(after.decision).toMatchObject({ verdict: 'steady', saw: 'RUNNING 2/2' });
    expect(after.decision.effect).toBeUndefined();
    expect(look({ job, memory: after.memory, observation: listing(foreign()) }).memory).toEqual(after.memory);
  });

  it.each<[string, readonly FlinkJob[], Job]>([
    ['has ended', [foreign('orders', foreignId, 'CANCELED')], named],
    ['has another name', [foreign('payments')], named],
    ['has a name that is only like ours (F37)', [foreign('Orders')], named],
    ['has our job’s name, which nobody confirmed', [foreign('orders')], aJob()],
    ['is one of two of that name', [foreign(), foreign('orders', 'e'.repeat(32))], named],
  ])('is left alone when it %s', (_, jobs, job) => {
    expect(look({ job, observation: listing(...jobs) }).memory.attempts).toEqual([]);
  });

  it('is one copy although a draining JobManager lists it, too', () => {
    const views = [aView(jm(1), { jobs: [foreign()] }), aView(jm(2), { jobs: [foreign()] })];
    const observation = observed({ tasks: [draining(jm(1)), aTask(jm(2))], views });
    expect(foreignJobs({}, liveJobs(observation))).toHaveLength(1);
    expect(look({ job: named, observation }).memory.attempts).toHaveLength(1);
  });

  it('beside a live copy of our own is no business of ours', () => {
    const observation = listing(foreign(), aFlinkJob(idOf()));
    expect(look({ job: named, memory: memoryOf(ranOn(jm())), observation }).memory.attempts).toHaveLength(1);
  });

  it.each([
    ['runs, as Flink says by its id', known('RUNNING')],
    ['may run: Flink does not answer by its id', unknown()],
  ])('is left alone while our own copy, which the list lacks, %s', (_, said) => {
    const views = [aView(jm(), { jobs: [foreign()], byId: { [idOf()]: said } })];
    const after = look({ job: named, memory: memoryOf(ranOn(jm())), observation: observed({ views }) });
    expect(after.memory.attempts).toHaveLength(1);
  });

  it('is left alone where one of several JobManagers knows one of our attempts by its id', () => {
    const memory = memoryOf(ranOn(jm(9), 1), ranOn(jm(1), 2));
    const views = [
      aView(jm(1), { jobs: [foreign()], absent: [idOf(1)], byId: { [idOf(2)]: known('RUNNING') } }),
      aView(jm(2), { absent: [idOf(1), idOf(2)] }),
    ];
    const observation = observed({ tasks: [draining(jm(1)), aTask(jm(2))], views });
    expect(look({ job: named, memory, observation }).memory.attempts).toHaveLength(2);
  });

  it('becomes an attempt where our own copy has ended, as Flink says by its id', () => {
    const views = [aView(jm(), { jobs: [foreign()], byId: { [idOf()]: known('FAILED') } })];
    const after = look({ job: named, memory: memoryOf(ranOn(jm())), observation: observed({ views }) });
    expect(after.memory.attempts).toMatchObject([{ end: { state: 'FAILED' } }, { jobId: foreignId }]);
  });

  it('becomes an attempt where our own copy is nowhere', () => {
    const views = [aView(jm(), { jobs: [foreign()], absent: [idOf()] })];
    const after = look({ job: named, memory: memoryOf(ranOn(jm(9))), observation: observed({ views }) });
    expect(after.memory.attempts).toMatchObject([{ jobId: idOf() }, { jobId: foreignId }]);
  });

  it('beside an open submission is watched, and nothing is sent again', () => {
    const memory = memoryOf(anAttempt(1, { posts: [aPost()] }));
    const nowMs = t0 + 60_000;
    const absent = observed({ views: [aView(jm(), { absent: [idOf()] })] });
    expect(startedBy(look({ job: named, memory, nowMs, observation: absent }).decision)).toBeDefined();
    expect(look({ job: named, memory, nowMs, observation: listing(foreign()) }).decision).toMatchObject({
      verdict: 'steady',
    });
  });

  it('is nobody’s when two jobs of the manifest could claim it', () => {
    const jobs = [named, aJob({ name: 'b', flinkName: 'orders' })];
    const memories = { orders: memoryOf(), b: memoryOf() };
    expect(withAdopted(memories, aCluster(jobs), listing(foreign()))).toEqual(memories);
  });

  it('that was lost with its JobManager is started again as ours, under our own id', () => {
    const { memory } = look({ job: named, observation: listing(foreign()) });
    const views = [aView(jm(2), { absent: [foreignId] })];
    const { decision } = look({
      job: named,
      memory,
      observation: observed({ tasks: [stopped(jm(1)), aTask(jm(2))], views }),
    });
    expect(startedBy(decision)).toMatchObject({ n: 2, jobId: idOf(2) });
  });

  it('that somebody cancelled is held as a wish (F63)', () => {
    const { memory } = look({ job: named, observation: listing(foreign()) });
    const observation = listing(foreign('orders', foreignId, 'CANCELED'));
    expect(look({ job: named, memory, observation }).decision.problem?.code).toBe('JOB_CANCELED');
  });
});

describe('the record of an adopted job', () => {
  const found = { job: foreign(), on: jm() };

  it('says what is known, and what nobody knows', () => {
    expect(adopt(named, emptyJobMemory, found).attempts).toEqual([
      {
        n: 1,
        jobId: foreignId,
        revision: named.revision,
        spec: specOf(named),
        jarVersion: 'unknown',
        jarSizeBytes: 0,
        taskDefinitionArn: 'unknown',
        flinkVersion: 'unknown',
        posts: [],
        sightedOn: jm(),
        flinkName: 'orders',
      },
    ]);
  });

  it('comes after all others, which the next look bounds', () => {
    const before = memoryOf(...Array.from({ length: defaults.attemptsMax }, (_, index) => ranOn(jm(9), index + 1)));
    const { attempts } = adopt(named, before, found);
    expect(attempts.at(-1)).toMatchObject({ n: defaults.attemptsMax + 1, jobId: foreignId });
    expect(attempts.slice(0, -1)).toEqual(before.attempts);
  });
});

describe('live jobs that may be ours or not (F127)', () => {
  const other = 'e'.repeat(32);
  const observation = listing(foreign('payments'), foreign('x', other));

  it('hold the first submission, with the exact commands for each', () => {
    const { problem } = look({ observation }).decision;
    expect(problem).toMatchObject({ code: 'UNMATCHED_JOB', job: 'orders' });
    for (const id of [foreignId, other])
      for (const word of ['adopt', 'ignore'])
        expect(problem?.fix).toContain(`\`npx flink-autopilot ${word} realtime/orders --flink-job ${id}\``);
  });

  it('hold it no more once each is adopted or ignored', () => {
    const one = look({ observation, orders: [anOrder('ignore', { jobId: foreignId })] });
    expect(one.decision).toMatchObject({ verdict: 'hold', because: expect.not.stringContaining(foreignId) });
    const both = look({ memory: one.memory, observation, orders: [anOrder('ignore', { jobId: other })] });
    expect(both.memory.ignored).toEqual([foreignId, other]);
    expect(startedBy(both.decision)).toMatchObject({ n: 1 });
    const adopted = look({ memory: one.memory, observation, orders: [anOrder('adopt', { jobId: other })] });
    expect(adopted.memory.attempts).toMatchObject([{ n: 1, jobId: other, flinkName: 'x' }]);
    expect(adopted.decision.verdict).toBe('steady');
  });

  it('of one name, the job’s own, hold it until one is adopted', () => {
    const two = listing(foreign('orders'), foreign('orders', other));
    expect(look({ job: named, observation: two }).decision.problem?.code).toBe('UNMATCHED_JOB');
    const orders = [anOrder('ignore', { jobId: other })];
    expect(look({ job: named, observation: two, orders }).memory).toMatchObject({ ignored: [other] });
  });

  it('are listed up to a limit', () => {
    const many = Array.from({ length: 25 }, (_, n) => foreign(`x${n}`, n.toString(16).padStart(32, '0')));
    expect(look({ observation: listing(...many) }).decision.because).toMatch(/"x19" \(\w+\) and 5 more$/);
  });
});
