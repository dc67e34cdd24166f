import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../lib/core/decision.ts';
import type { Attempt, EndState } from '../../../lib/core/model.ts';
import {
  aFlinkJob,
  aJob,
  anAttempt,
  aPost,
  aTask,
  aView,
  draining,
  idOf,
  jm,
  look,
  memoryOf,
  observed,
  ranOn,
  stopped,
  t0,
  unknown,
} from '../../support/builders.ts';

const ended = (state: EndState): Attempt => ranOn(jm(), 1, { end: { state, atMs: t0 } });
const listed = (...ids: readonly string[]) =>
  observed({ views: [aView(jm(), { jobs: ids.map((id) => aFlinkJob(id)) })] });
const stop = { how: 'cancel', order: 'restart', because: 'anna: x' } as const;
const elsewhere = observed({ tasks: [draining(jm(1)), aTask(jm(2))], views: [aView(jm(2), { absent: [idOf()] })] });
const url = 'http://flink:8081';
const behind = (process: string) => ({ taskArn: `url:${url}`, address: url, process });
const byUrl = { url, ecsCluster: '', jobManagers: [], taskManagers: [] };
const answering = observed({
  tasks: [aTask(behind('p2'), { service: 'url' })],
  views: [aView(behind('p2'), { absent: [idOf()] })],
});
const off = aJob({ enabled: false });

describe('what is decided on a job, in words', () => {
  it.each<[string, string, string, Parameters<typeof look>[0]]>([
    ['switched off', 'absent', '`enabled: false` in the manifest', { job: off }],
    [
      'switched off, on a cluster that cannot be seen',
      'unknown',
      '`enabled: false` in the manifest',
      { job: off, observation: observed({ tasks: [] }) },
    ],
    [
      'switched off, and on a process of which nobody knows',
      'missing',
      '`enabled: false` in the manifest',
      { job: off, cluster: byUrl, memory: memoryOf(ranOn(behind('p1'))), observation: answering },
    ],
    ['live', 'RUNNING 2/2', `${idOf()} is live`, { memory: memoryOf(ranOn(jm())), observation: listed(idOf()) }],
    [
      'live with a jar that is left',
      'RUNNING 2/2',
      'its jar is not needed any more',
      { memory: memoryOf(ranOn(jm(), 1, { posts: [aPost({ jarId: 'left.jar' })] })), observation: listed(idOf()) },
    ],
    [
      'live twice',
      'two live',
      `2 live copies: ${idOf(1)}, ${idOf(2)}`,
      { memory: memoryOf(ranOn(jm(), 1), ranOn(jm(), 2)), observation: listed(idOf(1), idOf(2)) },
    ],
    [
      'being cancelled',
      'RUNNING 2/2',
      `${idOf()} was cancelled (restart, anna: x) and is still RUNNING`,
      { memory: memoryOf(ranOn(jm(), 1, { stop: { ...stop, sentMs: t0 } })), observation: listed(idOf()) },
    ],
    ['finished', 'FINISHED', 'attempt 1 finished', { memory: memoryOf(ended('FINISHED')) }],
    [
      'ended unseen, which it may',
      'GONE',
      'attempt 1 ended unseen, which its `bounded: true` makes a success',
      { job: aJob({ bounded: true }), memory: memoryOf(ended('GONE')) },
    ],
    ['failed', 'absent', 'attempt 1 is FAILED: restart 1 of 3', { memory: memoryOf(ended('FAILED')) }],
    [
      'missing, its JobManager draining',
      'absent',
      `another JobManager task is still RUNNING: ${jm(1).taskArn}`,
      { memory: memoryOf(ranOn(jm(1))), observation: elsewhere },
    ],
    [
      'missing on the JobManager that ran it',
      'absent',
      'missing on its own JobManager; looking again',
      { memory: memoryOf(ranOn(jm())), observation: observed({ views: [aView(jm(), { absent: [idOf()] })] }) },
    ],
    [
      'seen behind a URL where another process answers',
      'absent',
      `attempt 1 (${idOf()}) was on p1, now p2 answers`,
      { cluster: byUrl, memory: memoryOf(ranOn(behind('p1'))), observation: answering },
    ],
    [
      'submitted behind a URL where another process answers',
      'absent',
      `attempt 1 (${idOf()}) was on p1, now p2 answers`,
      {
        cluster: byUrl,
        memory: memoryOf(anAttempt(1, { posts: [aPost({ to: behind('p1') })] })),
        observation: answering,
        nowMs: aPost().settledByMs,
      },
    ],
  ])('%s: %s', (_, saw, because, given) => {
    expect(look(given).decision).toMatchObject({ saw, because });
  });

  it('that is switched off on a cluster that cannot be seen: its incidents stay', () => {
    expect(look({ job: off, observation: observed({ tasks: [] }) }).decision).toMatchObject({
      verdict: 'off',
      blind: true,
    });
  });

  it('with too few tasks: which, and how many', () => {
    const observation = observed({
      views: [aView(jm(), { jobs: [aFlinkJob(idOf(), 'RUNNING', { tasksRunning: 1 })] })],
    });
    const { decision } = look({ memory: memoryOf(ranOn(jm())), observation });
    expect(decision.problem?.what).toBe(`${idOf()} is RUNNING, 1 of 2 tasks run`);
  });

  it('that was lost where it is only watched: which attempt, and why nothing is done', () => {
    const observation = observed({
      tasks: [stopped(jm(1)), aTask(jm(2))],
      views: [aView(jm(2), { absent: [idOf()] })],
    });
    const { problem } = look({ job: aJob({ mode: 'watch' }), memory: memoryOf(ranOn(jm(1))), observation }).decision;
    expect(problem?.what).toBe(`attempt 1 (${idOf()}) is LOST; nothing is submitted: \`mode: watch\``);
  });
});

describe('what a job waits for', () => {
  const blind = observed({ views: [aView(jm(), { jobs: unknown() })] });
  it.each<[string, Decision['waitFor'], Parameters<typeof look>[0]]>([
    [
      'a JobManager that gives no answer',
      { kind: 'jobs', address: jm().address },
      { observation: observed({ views: [], unseen: [jm()] }) },
    ],
    ['jobs that are not listed', { kind: 'jobs', address: jm().address }, { observation: blind }],
    ['a task', { kind: 'ecs' }, { observation: observed({ tasks: [] }) }],
    ['one JobManager of two', { kind: 'ecs' }, { observation: observed({ tasks: [aTask(jm(1)), aTask(jm(2))] }) }],
    ['the proof of its loss', { kind: 'ecs' }, { memory: memoryOf(ranOn(jm(1))), observation: elsewhere }],
  ])('is %s', (_, waitFor, given) => {
    expect(look(given).decision.waitFor).toEqual(waitFor);
  });
});

describe('a job that is down by our own hand', () => {
  const full = observed({ views: [aView(jm(), { free: 0 })] });
  const sent = { ...stop, sentMs: t0, to: jm() };

  it('is urgent until it runs again', () => {
    const restarting = memoryOf(ranOn(jm(), 1, { stop: sent, end: { state: 'CANCELED', atMs: t0 } }));
    expect(look({ memory: restarting, observation: full }).decision).toMatchObject({ verdict: 'wait', urgent: true });
    const cancelled = memoryOf(ranOn(jm(), 1, { stop: sent }));
    const once = look({ memory: cancelled, observation: listed(idOf()) }).decision;
    expect(once).toMatchObject({ verdict: 'wait', urgent: true });
  });

  it('is the only one that is', () => {
    const lost = memoryOf(ranOn(jm(9), 1, { end: { state: 'LOST', atMs: t0 } }));
    expect(look({ memory: lost, observation: full }).decision.urgent).toBeUndefined();
    expect(look({ observation: full }).decision.urgent).toBeUndefined();
  });
});

describe('a main() that threw', () => {
  const threw = aPost({ answer: 'refused', refusal: { code: 'MAIN_THREW', text: 'no database' } });
  const memory = memoryOf(anAttempt(1, { posts: [threw] }));

  it('is not said to be over while the job waits, but when it is held for something else', () => {
    const nowMs = t0 + 60_000;
    const full = observed({ views: [aView(jm(), { free: 0, absent: [idOf()] })] });
    expect(look({ memory, observation: full, nowMs }).decision.unjudged).toContain('MAIN_THREW');
    const foreign = aView(jm(), { jobs: [aFlinkJob('f'.repeat(32))], absent: [idOf()] });
    const { decision } = look({ memory, observation: observed({ views: [foreign] }), nowMs });
    expect(decision).toMatchObject({ verdict: 'hold', problem: { code: 'UNMATCHED_JOB' } });
    expect(decision.unjudged).toBeUndefined();
  });

  it('never ran: where it is only watched nobody is told that it is absent, nor of a submission that was lost', () => {
    const lost = memoryOf(anAttempt(1, { posts: [aPost({ to: jm(9) })], end: { state: 'LOST', atMs: t0 } }));
    for (const unseen of [memory, lost]) {
      const { decision } = look({ job: aJob({ mode: 'watch' }), memory: unseen });
      expect(decision).toMatchObject({ verdict: 'watch' });
      expect(decision.problem).toBeUndefined();
    }
  });
});
