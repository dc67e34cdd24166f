import { describe, expect, it } from 'vitest';
import { decide } from '../../../lib/core/decide.ts';
import { defaults } from '../../../lib/core/defaults.ts';
import { foldIncidents } from '../../../lib/core/incidents.ts';
import {
  type Attempt,
  emptyJobMemory,
  type Incident,
  type JobMemory,
  type Observation,
} from '../../../lib/core/model.ts';
import { blindTo } from '../../../lib/core/over.ts';
import {
  aCheckpoint,
  aCluster,
  aFlinkJob,
  aJob,
  anAttempt,
  aPost,
  aStatefulJob,
  aView,
  idOf,
  jm,
  known,
  memoryOf,
  observed,
  ranOn,
  t0,
  unknown,
} from '../../support/builders.ts';
import { leading, led, observedLed } from '../../support/led.ts';

const minute = 60_000;

/** The incidents after a look, by key and state. */
const looked = (
  before: readonly Incident[],
  memory: JobMemory,
  observation: Observation,
  nowMs: number,
  cluster = aCluster(),
) => {
  const situation = {
    cluster,
    memories: { orders: memory },
    observation,
    nowMs,
    dice: { orders: 'd1ced1ce' },
  };
  const { readiness, decisions, problems } = decide(situation);
  return foldIncidents(before, problems, blindTo(readiness, decisions), nowMs);
};
const states = (incidents: readonly Incident[]) => Object.fromEntries(incidents.map(({ key, state }) => [key, state]));

const missingJar = { ...observed(), jars: { 's3://jars/orders.jar': known({ present: false } as const) } };
const unseenJar = { ...observed(), jars: { 's3://jars/orders.jar': unknown() } };
const threw = { answer: 'refused', refusal: { code: 'MAIN_THREW', text: 'no database' } } as const;

describe('an incident of a job is not told as over (I4)', () => {
  it('while nobody can see whether the missing jar is there now', () => {
    const open = looked([], emptyJobMemory, missingJar, t0);
    expect(states(open)).toEqual({ 'JAR_MISSING#orders': 'open' });
    expect(states(looked(open, emptyJobMemory, unseenJar, t0 + 5_000))).toMatchObject({ 'JAR_MISSING#orders': 'open' });
    expect(states(looked(open, emptyJobMemory, observed(), t0 + 5_000))).toEqual({ 'JAR_MISSING#orders': 'closed' });
  });

  it('while the job is missing on its own JobManager, is only brought back, or is to end and has not', () => {
    const source = aCheckpoint(1);
    const began = { source, restored: { path: 's3://state/other/chk-9', id: 9 } };
    const cluster = aCluster([aStatefulJob()]);
    const judged = (attempt: Attempt, observation: Observation, before: readonly Incident[] = []) =>
      states(looked(before, memoryOf(attempt), observation, t0, aCluster([aStatefulJob()], observation.leader && led)));
    const ran = ranOn(jm(), 2, began);
    const runs = observed({ views: [aView(jm(), { jobs: [aFlinkJob(idOf(2))] })] });
    const open = looked([], memoryOf(ran), runs, t0, cluster);
    expect(states(open)).toMatchObject({ 'RESTORED_OTHERWISE#orders': 'open' });
    const missing = observed({ views: [aView(jm(), { absent: [idOf(2)] })] });
    const recovering = observedLed({ recovers: [idOf(2)] });
    const stop = { how: 'savepoint', order: 'restart', because: 'anna: x', atMs: t0 } as const;
    for (const [attempt, observation] of [
      [ran, missing],
      [ranOn(leading(1), 2, began), recovering],
      [{ ...ran, stop }, runs],
    ] as const)
      expect(judged(attempt, observation, open)).toMatchObject({ 'RESTORED_OTHERWISE#orders': 'open' });
  });

  it('for ever: what an attempt suffered from is over when a later one ran', () => {
    const before = anAttempt(1, { posts: [aPost(threw)], end: { state: 'LOST', atMs: t0 } });
    const open = looked([], memoryOf(anAttempt(1, { posts: [aPost(threw)] })), observed(), t0 + 1);
    const finished = memoryOf(before, ranOn(jm(), 2, { end: { state: 'FINISHED', atMs: t0 } }));
    expect(states(looked(open, finished, observed(), t0 + minute))).toEqual({ 'MAIN_THREW#orders': 'closed' });
    const lost = memoryOf(before, ranOn(jm(), 2, { end: { state: 'LOST', atMs: t0 } }));
    expect(looked([], lost, observed(), t0 + minute)).toEqual([]);
  });

  it('while main(), which threw, waits for slots, for its jar, or for its next answer', () => {
    const memory = memoryOf(anAttempt(1, { posts: [aPost(threw)] }));
    const open = looked([], memory, observed(), t0 + 1);
    expect(states(open)).toEqual({ 'MAIN_THREW#orders': 'open' });
    const dueMs = t0 + minute;
    const full = observed({ views: [aView(jm(), { free: 0 })] });
    for (const observation of [full, missingJar, unseenJar, observed()])
      expect(states(looked(open, memory, observation, dueMs))).toMatchObject({ 'MAIN_THREW#orders': 'open' });
    const again = aPost({ id: 2, sentMs: dueMs, answer: 'unanswered' });
    const unanswered = memoryOf(anAttempt(1, { posts: [aPost(threw), again] }));
    expect(states(looked(open, unanswered, observed(), dueMs + 1))).toMatchObject({ 'MAIN_THREW#orders': 'open' });
  });

  it('for ever: what a submission suffered from is over when nothing is submitted any more (`mode: watch`)', () => {
    const memory = memoryOf(anAttempt(1, { posts: [aPost({ answer: 'not-sent' })] }));
    const open = looked([], memory, observed(), t0 + 1);
    expect(states(open)).toEqual({ 'SUBMISSION_FAILING#orders': 'pending' });
    const watched = looked(open, memory, observed(), t0 + minute, aCluster([aJob({ mode: 'watch' })]));
    expect(states(watched)).toMatchObject({ 'SUBMISSION_FAILING#orders': 'closed' });
  });

  it('while a jar that its submission left behind is removed', () => {
    const on = jm();
    const memory = memoryOf({ ...ranOn(on, 1), posts: [aPost({ answer: 'accepted', jarId: 'left.jar' })] });
    const jobId = memory.attempts[0]?.jobId ?? '';
    const observation = observed({ views: [aView(on, { jobs: [aFlinkJob(jobId, 'RESTARTING')] })] });
    expect(states(looked([], memory, observation, t0))).toEqual({ 'TASKS_NOT_RUNNING#orders': 'pending' });
  });

  it('but is over once the job is seen to run, or is switched off', () => {
    const memory = memoryOf(anAttempt(1, { posts: [aPost(threw)] }));
    const open = looked([], memory, observed(), t0 + 1);
    const running = observed({ views: [aView(jm(), { jobs: [aFlinkJob(memory.attempts[0]?.jobId ?? '')] })] });
    expect(states(looked(open, memory, running, t0 + minute))).toEqual({ 'MAIN_THREW#orders': 'closed' });
    const off = { cluster: aCluster([aJob({ enabled: false })]), memories: { orders: memory }, nowMs: t0, dice: {} };
    const { readiness, decisions, problems } = decide({ ...off, observation: observed() });
    expect(states(foldIncidents(open, problems, blindTo(readiness, decisions), t0 + minute))).toEqual({
      'MAIN_THREW#orders': 'closed',
    });
  });

  it('nor opens a second time within the patience of the first', () => {
    const open = looked([], emptyJobMemory, missingJar, t0);
    const flapping = [unseenJar, missingJar, unseenJar, missingJar].reduce(
      (incidents, observation, index) =>
        looked(incidents, emptyJobMemory, observation, t0 + index * defaults.fullPassEveryMs),
      open,
    );
    expect(flapping.find(({ key }) => key === 'JAR_MISSING#orders')?.firstSeenMs).toBe(t0);
  });
});
