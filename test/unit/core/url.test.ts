import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import type { Incarnation, Observation } from '../../../lib/core/model.ts';
import {
  aFlinkJob,
  aJob,
  anAttempt,
  anOrder,
  aPost,
  aTask,
  aView,
  idOf,
  jm,
  look,
  memoryOf,
  observed,
  ranOn,
  startedBy,
  stopped,
  t0,
} from '../../support/builders.ts';

const url = 'http://flink.example:8081';
const cluster = { url, ecsCluster: '', jobManagers: [], taskManagers: [] };
const behind = (process: string): Incarnation => ({ taskArn: `url:${url}`, address: url, process });
const seen = (process: string, ...jobs: Parameters<typeof aFlinkJob>[]): Observation => {
  const on = behind(process);
  const ids = [idOf(1), idOf(2)];
  const view = aView(on, { jobs: jobs.map((job) => aFlinkJob(...job)), absent: jobs.length > 0 ? [] : ids });
  return observed({ tasks: [aTask(on, { service: 'url', taskDefinitionArn: 'none' })], views: [view] });
};
const ran = memoryOf(ranOn(behind('p1')));

describe('a job on a cluster by `url`', () => {
  it('is started, and watched', () => {
    expect(startedBy(look({ cluster, observation: seen('p1') }).decision)).toMatchObject({ n: 1 });
    expect(look({ cluster, memory: ran, observation: seen('p1', [idOf()]) }).decision.verdict).toBe('steady');
  });

  it('whose process changed is held until an order: nobody can prove that the old one ended', () => {
    const { decision, memory } = look({ cluster, memory: ran, observation: seen('p2') });
    expect(memory.attempts[0]?.end).toBeUndefined();
    expect(decision).toMatchObject({
      verdict: 'hold',
      problem: { code: 'LOSS_UNPROVEN', fix: expect.stringContaining('npx flink-autopilot release realtime/orders') },
    });
    const released = look({ cluster, memory, observation: seen('p2'), orders: [anOrder('release')] });
    expect(released.memory.attempts).toMatchObject([{ n: 1, end: { state: 'LOST' } }]);
    expect(startedBy(released.decision)).toMatchObject({ n: 2, jobId: idOf(2) });
  });

  it('is told to nobody while it is switched off', () => {
    const { decision } = look({ job: aJob({ enabled: false }), cluster, memory: ran, observation: seen('p2') });
    expect(decision).toMatchObject({ verdict: 'off' });
    expect(decision.problem).toBeUndefined();
  });

  it('that shows up again under its id is live, whatever was said', () => {
    const lost = memoryOf(ranOn(behind('p1'), 1, { end: { state: 'LOST', atMs: t0 } }));
    const { decision } = look({ cluster, memory: lost, observation: seen('p1', [idOf()]) });
    expect(decision.verdict).toBe('steady');
  });

  it('gone from the same process ended unseen, as everywhere (F124)', () => {
    const first = look({ cluster, memory: ran, observation: seen('p1') });
    expect(first.decision).toMatchObject({ verdict: 'wait' });
    const nowMs = t0 + defaults.goneAfterMs;
    expect(look({ cluster, memory: first.memory, observation: seen('p1'), nowMs }).decision.problem?.code).toBe(
      'JOB_GONE',
    );
  });

  it('whose submission was open on the old process waits for it to settle, then is held', () => {
    const open = memoryOf(anAttempt(1, { posts: [aPost({ to: behind('p1'), answer: 'unanswered' })] }));
    const at = (nowMs: number) => look({ cluster, memory: open, observation: seen('p2'), nowMs }).decision;
    const settledMs = t0 + defaults.uploadCallMs + defaults.mainWithinMs;
    expect(at(settledMs - 1)).toMatchObject({ verdict: 'wait', problem: { code: 'ABSENCE_UNPROVEN' } });
    expect(at(settledMs)).toMatchObject({ verdict: 'hold', problem: { code: 'LOSS_UNPROVEN' } });
  });

  it('that moved from ECS to a URL, or from one URL to another, is held, too', () => {
    for (const memory of [memoryOf(ranOn(jm())), memoryOf(ranOn({ ...behind('p1'), taskArn: 'url:http://old:8081' }))])
      expect(look({ cluster, memory, observation: seen('p2') }).decision.problem?.code).toBe('LOSS_UNPROVEN');
  });

  it('that moved from a URL to ECS is held, too', () => {
    const observation = observed({ views: [aView(jm(), { absent: [idOf()] })] });
    expect(look({ memory: ran, observation }).decision.problem?.code).toBe('LOSS_UNPROVEN');
  });
});

describe('a job of an ECS cluster', () => {
  it('is proven lost, as ever', () => {
    const observation = observed({
      tasks: [stopped(jm(1)), aTask(jm(2))],
      views: [aView(jm(2), { absent: [idOf()] })],
    });
    expect(startedBy(look({ memory: memoryOf(ranOn(jm(1))), observation }).decision)).toMatchObject({ n: 2 });
  });
});
