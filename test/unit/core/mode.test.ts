import { describe, expect, it } from 'vitest';
import { decide } from '../../../lib/core/decide.ts';
import type { Decision } from '../../../lib/core/decision.ts';
import { isOn, restrained, restraintOf } from '../../../lib/core/mode.ts';
import { problem } from '../../../lib/core/problems.ts';
import { readiness } from '../../../lib/core/readiness.ts';
import { type Mode, modeOf } from '../../../lib/core/spec.ts';
import {
  aCluster,
  aFlinkJob,
  aJob,
  anAttempt,
  aPost,
  aTask,
  aView,
  idOf,
  jm,
  look,
  memoryOf,
  observed,
  ranOn,
  stopped,
  t0,
} from '../../support/builders.ts';

const withMode = (mode: Mode) => (mode === 'run' ? {} : { mode });
const live = (...changes: Parameters<typeof aFlinkJob>) =>
  observed({ views: [aView(jm(), { jobs: [aFlinkJob(...changes)] })] });
const noSubmission = observed({ views: [aView(jm(), { identity: { submission: false } })] });

describe('what is told of a job for which nothing may be done', () => {
  const effectOf = (kind: string) => ({ kind }) as unknown as NonNullable<Decision['effect']>;
  const wants = (kind: string): Decision => ({
    job: 'orders',
    saw: 'x',
    verdict: 'act',
    because: 'x',
    effect: effectOf(kind),
    problem: { ...problem('TASKS_NOT_RUNNING', 'x', 'orders'), next: 'It is started again.' },
  });
  const restraint = { kind: 'watch', text: '`mode: watch`' } as const;

  it.each(['run', 'cancel'])('promises no %s', (kind) => {
    const next = 'Nothing is done: `mode: watch`. Otherwise: It is started again.';
    expect(restrained(wants(kind), restraint).problem?.next).toBe(next);
    expect(restrained(wants(kind), undefined).problem?.next).toBe('It is started again.');
  });

  it('is as ever where what is not done is another thing', () => {
    expect(restrained(wants('savepoint'), restraint).problem?.next).toBe('It is started again.');
  });
});

describe('the mode of a job', () => {
  it.each<[Mode, Mode, Mode]>([
    ['run', 'run', 'run'],
    ['run', 'dry-run', 'dry-run'],
    ['dry-run', 'run', 'dry-run'],
    ['watch', 'run', 'watch'],
    ['dry-run', 'watch', 'watch'],
    ['watch', 'dry-run', 'watch'],
  ])('is the stricter of the cluster’s %s and the job’s %s: %s', (cluster, job, mode) => {
    expect(modeOf(withMode(cluster), withMode(job))).toBe(mode);
  });
});

describe('`mode: dry-run`', () => {
  const job = aJob({ mode: 'dry-run' });
  it('says what the first pass in mode run does, and does nothing', () => {
    const { decision } = look({ job });
    const { effect } = look().decision;
    expect(decision).toMatchObject({ verdict: 'would', dryRun: true });
    expect(decision.because).toBe('it was never submitted; not done: `mode: dry-run`');
    expect({ ...decision.effect, attempt: undefined }).toEqual({ ...effect, attempt: undefined });
  });

  it('takes no slot from a job that is run', () => {
    const jobs = [job, aJob({ name: 'b' }), aJob({ name: 'c', mode: 'dry-run' })];
    const observation = observed({ views: [aView(jm(), { free: 1 })] });
    const { decisions } = decide({ cluster: aCluster(jobs), memories: {}, observation, nowMs: t0, dice: {} });
    expect(decisions.map(({ verdict }) => verdict)).toEqual(['wait', 'act', 'wait']);
  });

  it('needs a cluster that takes submissions: so does what it shows', () => {
    expect(look({ job, observation: noSubmission }).decision.because).toContain('submission');
  });

  it('waits for nothing', () => {
    expect(look({ job, observation: observed({ views: [] }) }).decision.waitFor).toBeUndefined();
  });
});

describe('`mode: watch`', () => {
  const job = aJob({ mode: 'watch', flinkName: 'orders' });

  it('submits nothing, and tells nobody of what never ran', () => {
    const { decision } = look({ job });
    expect(decision).toMatchObject({ verdict: 'watch', because: 'nothing is submitted: `mode: watch`' });
    expect(decision.problem).toBeUndefined();
    expect(decision.effect).toBeUndefined();
  });

  it('names why, where the manifest does not say it', () => {
    const cluster = { mode: 'watch', modeBecause: 'AUTO_SUBMIT_JOB=false' } as const;
    expect(look({ cluster }).decision.because).toBe('nothing is submitted: `mode: watch` (AUTO_SUBMIT_JOB=false)');
  });

  it('tells of a job that is ill, or has ended, as ever', () => {
    const ill = look({ job, observation: live('f'.repeat(32), 'RESTARTING') });
    expect(ill.decision).toMatchObject({ verdict: 'steady', problem: { code: 'TASKS_NOT_RUNNING' } });
    const failed = look({ job, memory: ill.memory, observation: live('f'.repeat(32), 'FAILED') });
    expect(failed.decision).toMatchObject({ verdict: 'hold', problem: { code: 'JOB_FAILED' } });
  });

  it('tells of a job that was lost with its JobManager and did not come back', () => {
    const observation = observed({
      tasks: [stopped(jm(1)), aTask(jm(2))],
      views: [aView(jm(2), { absent: [idOf()] })],
    });
    const { decision } = look({ job, memory: memoryOf(ranOn(jm(1))), observation });
    expect(decision).toMatchObject({ verdict: 'watch', problem: { code: 'JOB_ABSENT' } });
    expect(decision.effect).toBeUndefined();
  });

  it('repeats no submission and removes no jar', () => {
    const open = memoryOf(anAttempt(1, { posts: [aPost()] }));
    const absent = observed({ views: [aView(jm(), { absent: [idOf()] })] });
    const repeat = look({ job, memory: open, observation: absent, nowMs: t0 + 60_000 }).decision;
    expect(repeat).toMatchObject({ verdict: 'watch', because: expect.stringContaining('not done: `mode: watch`') });
    expect(repeat.effect).toBeUndefined();
    const left = memoryOf(ranOn(jm(), 1, { posts: [aPost({ answer: 'unanswered', jarId: 'left.jar' })] }));
    expect(look({ job, memory: left, observation: live(idOf()) }).decision.effect).toBeUndefined();
  });

  it('takes a cluster that refuses submissions, if no job of it is to be submitted', () => {
    const told = (jobs: Parameters<typeof aCluster>[0]) =>
      decide({ cluster: aCluster(jobs), memories: {}, observation: noSubmission, nowMs: t0, dice: {} }).problems.map(
        ({ code }) => code,
      );
    expect(told([job, aJob({ name: 'b', mode: 'watch' })])).toEqual([]);
    expect(told([job, aJob({ name: 'b' })])).toEqual(['SUBMISSION_DISABLED']);
    expect(told([job, aJob({ name: 'b', mode: 'dry-run' })])).toEqual(['SUBMISSION_DISABLED']);
    expect(readiness(aCluster([aJob()], { mode: 'watch' }), noSubmission).ready).toBe(true);
  });
});

describe('why nothing may be done', () => {
  const pause = (changes = {}) => ({ who: 'anna', why: 'x', sinceMs: t0, ...changes });
  const watch = { mode: 'watch', modeBecause: 'AUTO_SUBMIT_JOB=false' } as const;
  it.each([
    ['nothing', {}, {}, [undefined, undefined], undefined],
    ['the cluster’s mode', { mode: 'watch' }, {}, [], { kind: 'watch', text: '`mode: watch`' }],
    [
      'the cluster’s mode, with its reason',
      watch,
      {},
      [],
      { kind: 'watch', text: '`mode: watch` (AUTO_SUBMIT_JOB=false)' },
    ],
    [
      'the job’s own stricter mode, which has another reason',
      { mode: 'dry-run', modeBecause: 'AUTO_SUBMIT_JOB=false' },
      { mode: 'watch' },
      [],
      { kind: 'watch', text: '`mode: watch`' },
    ],
    ['the mode before a pause', {}, { mode: 'dry-run' }, [pause()], { kind: 'dry-run', text: '`mode: dry-run`' }],
    [
      'the first pause that is on',
      {},
      {},
      [undefined, pause({ untilMs: t0 }), pause({ who: 'ben', untilMs: t0 + 1 }), pause()],
      { kind: 'pause', text: 'paused by ben until 2026-01-02 03:04:05 UTC: x' },
    ],
    ['a pause without end', {}, {}, [pause()], { kind: 'pause', text: 'paused by anna until it is resumed: x' }],
  ] as const)('%s', (_, cluster, job, pauses, restraint) => {
    expect(restraintOf(aCluster([], cluster), aJob(job), pauses, t0)).toEqual(restraint);
  });

  it('a pause is on until its very end', () => {
    const at = (nowMs: number) => isOn(pause({ untilMs: t0 }), nowMs);
    expect([t0 - 1, t0, t0 + 1].map(at)).toEqual([true, false, false]);
  });
});
