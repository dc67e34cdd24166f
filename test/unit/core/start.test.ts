import { describe, expect, it } from 'vitest';
import type { FlinkJob, JarSeen, Job, JobMemory, Observation, Seen } from '../../../lib/core/model.ts';
import { slotsNeeded } from '../../../lib/core/slots.ts';
import {
  aFlinkJob,
  aJob,
  anAttempt,
  aPost,
  aTask,
  aView,
  draining,
  idOf,
  jar,
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

describe('the first submission', () => {
  it('is attempt 1 under an id of its own, with all that it was made from (I3)', () => {
    const { decision } = look();
    expect(decision.effect).toEqual({
      kind: 'run',
      job: 'orders',
      attempt: anAttempt(1, { posts: [aPost({ alone: true })] }),
      post: aPost({ alone: true }),
    });
    expect(decision).toMatchObject({ saw: 'absent', verdict: 'act', because: 'it was never submitted' });
  });

  it('is not made for a disabled job', () => {
    const { decision } = look({ job: aJob({ enabled: false }) });
    expect(decision).toMatchObject({ verdict: 'off' });
    expect(decision.effect).toBeUndefined();
  });

  it('takes a number above the highest that was ever seen (F125)', () => {
    const observation = observed({ views: [aView(jm(), { jobs: [aFlinkJob(idOf(41), 'FAILED')] })] });
    const { decision } = look({ memory: memoryOf(anAttempt(41, { acknowledged: true })), observation });
    expect(startedBy(decision)).toMatchObject({ n: 42, jobId: idOf(42) });
  });

  it.each([
    ['drains and gives no answer', [draining(jm(2))], [], true],
    ['drains and does not list its jobs', [draining(jm(2))], [aView(jm(2), { jobs: unknown() })], true],
    ['is stopping, its address gone', [aTask(jm(2), { desiredStatus: 'STOPPED', lastStatus: 'STOPPING' })], [], true],
    [
      'drains under HA and lists no job (F100)',
      [draining(jm(2))],
      [aView(jm(2), { identity: { ha: 'zookeeper' } })],
      true,
    ],
    ['drains and lists no job', [draining(jm(2))], [aView(jm(2))], false],
    ['has stopped', [stopped(jm(2))], [], false],
    ['has not started yet', [aTask(jm(2), { lastStatus: 'PENDING' })], [], false],
  ])('waits while another JobManager %s (I6): %#', (_, tasks, views, waits) => {
    const observation = observed({ tasks: [aTask(), ...tasks], views: [aView(), ...views] });
    const { decision } = look({ observation });
    expect(decision.verdict).toBe(waits ? 'wait' : 'act');
    expect(decision.problem?.code).toBe(waits ? 'ABSENCE_UNPROVEN' : undefined);
  });
});

describe('a live job on the cluster that is none of ours (F35, F86, F127)', () => {
  const startedBeside = (foreign: FlinkJob, job: Job = aJob(), memory: JobMemory = memoryOf()): boolean => {
    const observation = observed({ views: [aView(jm(), { jobs: [foreign] })] });
    const { decision } = look({ job, memory, observation });
    const held = decision.verdict === 'hold' && decision.problem?.code === 'UNMATCHED_JOB';
    expect(held).toBe(decision.effect === undefined);
    return !held;
  };
  const foreign = (name: string, state = 'RUNNING') => aFlinkJob('f'.repeat(32), state, { name });

  it.each<[string, boolean, FlinkJob, Job?]>([
    ['holds a first submission, whatever its name', false, foreign('payments')],
    ['holds it in a state that is not known to us (F20)', false, foreign('payments', 'HIBERNATING')],
    ['that has ended holds nothing', true, foreign('payments', 'CANCELED')],
    [
      'holds nothing when `flinkName` says that it is another job',
      true,
      foreign('payments'),
      aJob({ flinkName: 'orders' }),
    ],
    ['with a longer name is another one (F37)', true, foreign('orders-1'), aJob({ flinkName: 'orders' })],
    ['with other capitals is another one (F37)', true, foreign('Orders'), aJob({ flinkName: 'orders' })],
    ['is matched as text, not as a pattern (F37)', true, foreign('orders'), aJob({ flinkName: 'o.*s' })],
  ])('%s', (_, starts, job, ours) => {
    expect(startedBeside(job, ours)).toBe(starts);
  });

  it('of another name than our own attempt had does not hold a resubmission', () => {
    const lost = ranOn(jm(9), 1, { end: { state: 'LOST', atMs: t0 } });
    expect(startedBeside(foreign('payments'), aJob(), memoryOf(lost))).toBe(true);
  });

  it('is told with its name and id', () => {
    const observation = observed({ views: [aView(jm(), { jobs: [foreign('payments')] })] });
    const text = `live on the cluster and not a job of the manifest: "payments" (${'f'.repeat(32)})`;
    expect(look({ observation }).decision.because).toBe(text);
  });

  it('is seen on a draining JobManager, too (F126)', () => {
    const views = [aView(jm(1), { jobs: [foreign('payments')] }), aView(jm(2))];
    const { decision } = look({ observation: observed({ tasks: [draining(jm(1)), aTask(jm(2))], views }) });
    expect(decision.problem?.code).toBe('UNMATCHED_JOB');
  });
});

describe('the jar', () => {
  const withJar = (seen: Seen<JarSeen>): Observation => ({ ...observed(), jars: { 's3://jars/orders.jar': seen } });
  it.each<[string, Observation, string | undefined, string]>([
    ['is there', { ...observed(), jars: jar() }, undefined, 'it was never submitted'],
    ['is missing (F44)', withJar(known({ present: false })), 'JAR_MISSING', 'there is no s3://jars/orders.jar'],
    ['cannot be read (F96)', withJar(unknown('s3:GetObject denied')), 'JAR_UNREADABLE', 's3:GetObject denied'],
    ['was not looked at', { ...observed(), jars: {} }, 'JAR_UNREADABLE', 's3://jars/orders.jar was not looked at'],
  ])('%s', (_, observation, code, because) => {
    const { decision } = look({ observation });
    expect(decision).toMatchObject({ verdict: code === undefined ? 'act' : 'wait', because });
    expect(decision.problem?.code).toBe(code);
    expect(decision.effect === undefined).toBe(code !== undefined);
  });

  it('is submitted in the version that was seen', () => {
    const { decision } = look({ observation: { ...observed(), jars: jar('v7') } });
    expect(startedBy(decision)).toMatchObject({ jarVersion: 'v7', jarSizeBytes: 1_000 });
  });
});

describe('free task slots', () => {
  it.each([
    ['1 where nothing is said', aJob(), 1],
    ['the parallelism', aJob({ parallelism: 4 }), 4],
    ['`slots` before the parallelism', aJob({ parallelism: 4, slots: 2 }), 2],
    ['none where `slots` is 0', aJob({ slots: 0 }), 0],
  ])('needed: %s', (_, job, need) => {
    expect(slotsNeeded(job)).toBe(need);
  });

  it.each([
    [2, 3, 'wait', 'slots: 2 of 3 slots'],
    [3, 3, 'act', 'it was never submitted'],
    [4, 3, 'act', 'it was never submitted'],
    [0, 0, 'act', 'it was never submitted'],
  ])('%i free, %i needed: %s (F39, F105)', (free, slots, verdict, because) => {
    const { decision } = look({ job: aJob({ slots }), observation: observed({ views: [aView(jm(), { free })] }) });
    expect(decision).toMatchObject({ verdict, because });
    if (verdict === 'wait') {
      expect(decision.problem?.code).toBe('SLOTS_MISSING');
      expect(decision.waitFor).toEqual({ kind: 'slots', address: jm().address, free });
    }
  });

  it('that are not known are waited for (I6)', () => {
    const { decision } = look({ observation: observed({ views: [aView(jm(), { free: unknown() })] }) });
    expect(decision).toMatchObject({ verdict: 'wait', problem: { code: 'SLOTS_MISSING' } });
  });
});
