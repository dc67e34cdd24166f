import { describe, expect, it } from 'vitest';
import { onTrialFor, withTrialTold } from '../../../../lib/core/healing/trial.ts';
import type { Attempt, EndState, FlinkJob, JobMemory } from '../../../../lib/core/model.ts';
import { aFlinkJob, aJob, aPost, aView, jm, look, memoryOf, observed, ranOn, t0 } from '../../../support/builders.ts';
import { distanceMs, failed, refillMs, seenAs } from './failures.ts';

const restarted: JobMemory = memoryOf(failed(1), ranOn(jm(), 2));
const onTrial = ({ attempts }: JobMemory, nowMs: number): boolean => onTrialFor(aJob(), attempts, nowMs) !== undefined;
const last = ({ attempts }: JobMemory): Attempt | undefined => attempts.at(-1);
const ended = (state: EndState, changes: Partial<Attempt> = {}): JobMemory =>
  memoryOf(failed(1), ranOn(jm(), 2, { end: { state, atMs: t0 }, ...changes }));

const healed = (n: number): Attempt =>
  ranOn(jm(), n, {
    end: { state: 'CANCELED', atMs: t0 },
    stop: { how: 'cancel', order: 'heal', because: 'x', sentMs: t0 },
  });

describe('what was started again after a failure', () => {
  it('is over it when all its tasks have run for as long as restarts are apart', () => {
    const running = seenAs(restarted, 'RUNNING', t0);
    expect(last(running)?.wellSinceMs).toBe(t0);
    expect(onTrial(running, t0 + distanceMs - 1)).toBe(true);
    expect(onTrial(running, t0 + distanceMs)).toBe(false);
    expect(seenAs(running, 'RUNNING', t0 + 60_000)).toEqual(running);
  });

  it.each([
    ['Flink restarts it', 'RESTARTING', 0],
    ['one of its tasks does not run (F69)', 'RUNNING', 1],
  ])('begins anew when %s', (_, state, tasks) => {
    const stumbled = seenAs(seenAs(restarted, 'RUNNING', t0), state, t0 + 60_000, tasks);
    expect(last(stumbled)).not.toHaveProperty('wellSinceMs');
    const again = seenAs(stumbled, 'RUNNING', t0 + 120_000);
    expect(onTrial(again, t0 + distanceMs)).toBe(true);
    expect(onTrial(again, t0 + 120_000 + distanceMs)).toBe(false);
  });

  it('may be started again as often as at first when it ran well for half an hour, whatever comes then', () => {
    const running = seenAs(restarted, 'RUNNING', t0);
    expect(last(seenAs(running, 'RUNNING', t0 + refillMs - 1))).not.toHaveProperty('ranWell');
    const well = seenAs(running, 'RUNNING', t0 + refillMs);
    expect(last(well)?.ranWell).toBe(true);
    expect(last(seenAs(well, 'RESTARTING', t0 + refillMs + 1, 0))?.ranWell).toBe(true);
    expect(last(seenAs(running, 'FAILED', t0 + refillMs))?.ranWell).toBe(true);
    expect(last(seenAs(running, 'FAILED', t0 + refillMs - 1))).not.toHaveProperty('ranWell');
  });

  it('has not run well for half an hour when it stumbles in that very look', () => {
    const running = seenAs(restarted, 'RUNNING', t0);
    const stumbled = seenAs(running, 'RESTARTING', t0 + refillMs, 0);
    expect(last(stumbled)).not.toHaveProperty('ranWell');
    expect(last(stumbled)).not.toHaveProperty('wellSinceMs');
  });

  it('is judged by its own tasks alone, and goes on while nobody sees them', () => {
    const running = seenAs(restarted, 'RUNNING', t0);
    const at = (jobs: readonly FlinkJob[], nowMs: number) =>
      look({ memory: running, nowMs, observation: observed({ views: [aView(jm(), { jobs })] }) }).memory;
    const other = aFlinkJob('f'.repeat(32), 'RESTARTING', { name: 'payments', tasksRunning: 0 });
    const own = aFlinkJob(last(running)?.jobId ?? '');
    expect(last(at([other, own], t0 + 60_000))?.wellSinceMs).toBe(t0);
    const out = observed({ views: [], unseen: [jm()] });
    expect(last(look({ memory: running, nowMs: t0 + 60_000, observation: out }).memory)?.wellSinceMs).toBe(t0);
    const ill = aFlinkJob(last(running)?.jobId ?? '', 'RESTARTING', { tasksRunning: 0 });
    const well = { ...other, state: 'RUNNING', tasksRunning: 2 };
    expect(last(at([well, ill], t0 + 60_000))).not.toHaveProperty('wellSinceMs');
  });

  it('is asked for nothing else: a job that never failed is not kept watch of', () => {
    const fresh = memoryOf(ranOn(jm()));
    expect(last(seenAs(fresh, 'RUNNING', t0))).not.toHaveProperty('wellSinceMs');
    const released = memoryOf(failed(1, { acknowledged: true }), ranOn(jm(), 2, { wellSinceMs: t0 }));
    expect(seenAs(released, 'RUNNING', t0 + refillMs)).toEqual(released);
  });

  it.each<[string, JobMemory, boolean]>([
    ['lost with its JobManager', ended('LOST'), true],
    ['lost after it had run for long enough', ended('LOST', { wellSinceMs: t0 - distanceMs }), false],
    ['cancelled by a person', ended('CANCELED'), false],
    ['finished', ended('FINISHED'), false],
    ['gone', ended('GONE'), false],
    [
      'ended by order',
      ended('CANCELED', { stop: { how: 'cancel', order: 'restart', because: 'x', sentMs: t0 } }),
      true,
    ],
    ['not even submitted', memoryOf(failed(1), ranOn(jm(), 2, { posts: [aPost()] })), true],
    ['of a person’s word', memoryOf(failed(1, { acknowledged: true }), ranOn(jm(), 2)), true],
    ['of an illness that it was ended for', memoryOf(healed(1), ranOn(jm(), 2)), true],
    ['of no failure', memoryOf(ranOn(jm())), false],
  ])('and is %s', (_, memory, expected) => {
    expect(onTrial(memory, t0)).toBe(expected);
  });

  it.each([
    ['failed', failed(1), ['JOB_FAILED']],
    ['was ended for its illness', healed(1), ['TASKS_NOT_RUNNING']],
  ])('that came after one that %s is not said to be over it', (_, before, unjudged) => {
    const steady = { job: 'orders', saw: 'RUNNING', verdict: 'steady', because: 'x' } as const;
    const attempts = [before, ranOn(jm(), 2)];
    expect(withTrialTold(steady, aJob(), attempts, t0).unjudged).toEqual(unjudged);
    expect(withTrialTold(steady, aJob({ enabled: false }), attempts, t0)).toBe(steady);
  });

  it('is judged by the time that the manifest gives it', () => {
    const job = aJob({ healing: { distance: '2h' } });
    const { attempts } = memoryOf(failed(1), ranOn(jm(), 2, { wellSinceMs: t0 }));
    expect(onTrialFor(job, attempts, t0 + 7_199_999)?.n).toBe(1);
    expect(onTrialFor(job, attempts, t0 + 7_200_000)).toBeUndefined();
  });
});
