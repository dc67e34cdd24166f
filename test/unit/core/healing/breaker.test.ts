import { describe, expect, it } from 'vitest';
import { decide } from '../../../../lib/core/decide.ts';
import type { Decision } from '../../../../lib/core/decision.ts';
import { withBreaker } from '../../../../lib/core/healing/breaker.ts';
import type { Samples } from '../../../../lib/core/health/samples.ts';
import { foldIncidents } from '../../../../lib/core/incidents.ts';
import type { FlinkJob, Job, JobMemory } from '../../../../lib/core/model.ts';
import { blindTo } from '../../../../lib/core/over.ts';
import { problem } from '../../../../lib/core/problems.ts';
import {
  aCluster,
  aFlinkJob,
  aJob,
  anAttempt,
  aView,
  idOf,
  jm,
  memoryOf,
  observed,
  ranOn,
  t0,
  unknown,
} from '../../../support/builders.ts';
import { CHECKPOINT_CONFIG } from '../../pass/fake-jobmanager.ts';
import { keptOf, minute, samplesOf } from '../health/samples.ts';

const names = ['a', 'b', 'c', 'd', 'e'];
const jobOf = (name: string): Job => aJob({ name, flinkName: name });
const memories: Readonly<Record<string, JobMemory>> = Object.fromEntries(
  names.map((name) => [name, memoryOf(ranOn(jm(), 1, { jobId: idOf(1, name), flinkName: name }))]),
);
const stuck = (name: string): FlinkJob => aFlinkJob(idOf(1, name), 'RESTARTING', { name, tasksRunning: 0 });
const well = (name: string): FlinkJob => aFlinkJob(idOf(1, name), 'RUNNING', { name });
const samples: Samples = Object.fromEntries(
  names.map((name) => {
    const still = { as: 'x', sinceMs: t0 - 60 * minute };
    return [
      name,
      {
        ...keptOf(
          samplesOf(3, () => ({ allRun: false })),
          { still },
        ),
        jobId: idOf(1, name),
      },
    ];
  }),
);

/** The first so many of so many live jobs are stuck, and would be ended; one more is not live. */
const look = (ill: number, live: number) => {
  const jobs = names.slice(0, live).map((name, index) => (index < ill ? stuck(name) : well(name)));
  const cluster = aCluster([...names.slice(0, live), 'new'].map(jobOf));
  const observation = observed({ views: [aView(jm(), { jobs, free: 9 })] });
  return decide({ cluster, memories, observation, samples, nowMs: t0, dice: {} });
};
const ended = ({ decisions }: ReturnType<typeof look>): number =>
  decisions.filter(({ effect }) => effect?.kind === 'cancel').length;
const told = ({ problems }: ReturnType<typeof look>) => problems.filter(({ code }) => code === 'MANY_JOBS_ILL');

describe('many live jobs that look ill at once', () => {
  it.each([
    [1, 1, 1],
    [2, 2, 2],
    [2, 3, 2],
    [3, 3, 0],
    [3, 5, 0],
    [2, 5, 2],
    [5, 5, 0],
  ])('%s of %s: %s are ended to be started again (F65)', (ill, live, expected) => {
    const looked = look(ill, live);
    expect(ended(looked)).toBe(expected);
    expect(told(looked)).toHaveLength(expected === 0 ? 1 : 0);
  });

  it('is no more than half of them: each is healed by itself', () => {
    const cluster = aCluster(['a', 'b', 'c', 'd', 'e', 'f'].map(jobOf));
    const jobs = [...names.slice(0, 3).map(stuck), ...names.slice(3).map(well), well('f')];
    const more = { ...memories, f: memoryOf(ranOn(jm(), 1, { jobId: idOf(1, 'f'), flinkName: 'f' })) };
    const observation = observed({ views: [aView(jm(), { jobs, free: 9 })] });
    const looked = decide({ cluster, memories: more, observation, samples, nowMs: t0, dice: {} });
    expect(ended(looked)).toBe(3);
  });

  it('are told as one thing, by name, after a while; the jobs’ own messages wait for it', () => {
    const looked = look(4, 5);
    expect(told(looked)[0]?.what).toBe(
      '4 of 5 live jobs look ill at once: a (RESTARTING 0/2), b (RESTARTING 0/2), c (RESTARTING 0/2), d (RESTARTING 0/2)',
    );
    const at = (before: Parameters<typeof foldIncidents>[0], nowMs: number) =>
      foldIncidents(before, looked.problems, blindTo(looked.readiness, looked.decisions), nowMs);
    const open = [2, 4, 5]
      .reduce((before, n) => at(before, t0 + n * minute), at([], t0))
      .filter(({ state }) => state === 'open');
    expect(open.map(({ key }) => key)).toEqual(['MANY_JOBS_ILL']);
  });

  it('are named with what is wrong with those whose tasks all run', () => {
    const failing = { ...keptOf(samplesOf(3, () => ({ allRun: true, failed: 9 }))), jobId: idOf(1, 'a') };
    const attempt = ranOn(jm(), 1, { jobId: idOf(1, 'a'), flinkName: 'a', checkpointing: CHECKPOINT_CONFIG });
    const jobs = [well('a'), stuck('b'), stuck('c')];
    const observation = observed({ views: [aView(jm(), { jobs, free: 9 })] });
    const looked = decide({
      cluster: aCluster(['a', 'b', 'c'].map(jobOf)),
      memories: { ...memories, a: memoryOf(attempt) },
      observation,
      samples: { ...samples, a: failing },
      nowMs: t0,
      dice: {},
    });
    expect(told(looked)[0]?.what).toBe(
      '3 of 3 live jobs look ill at once: a (RUNNING 2/2, CHECKPOINTS_FAILING), b (RESTARTING 0/2), c (RESTARTING 0/2)',
    );
  });

  it('keep nothing else from being started: what was never submitted, lost or failed', () => {
    const looked = look(3, 3);
    const fresh = looked.decisions.find(({ job }) => job === 'new');
    expect(fresh?.effect?.kind).toBe('run');
    const failed = {
      ...memories,
      d: memoryOf(ranOn(jm(), 1, { jobId: idOf(1, 'd'), end: { state: 'FAILED', atMs: t0 } })),
    };
    const jobs = ['a', 'b', 'c'].map(stuck);
    const observation = observed({ views: [aView(jm(), { jobs, free: 9 })] });
    const cluster = aCluster(['a', 'b', 'c', 'd'].map(jobOf));
    const { decisions } = decide({ cluster, memories: failed, observation, samples, nowMs: t0, dice: {} });
    expect(decisions.map(({ effect }) => effect?.kind)).toEqual([undefined, undefined, undefined, 'run']);
    expect(decisions[0]?.because).toContain('not done: most live jobs look ill at once');
  });

  it('is over by itself, but not by a look that sees no jobs', () => {
    const [found] = told(look(3, 3));
    if (found === undefined) throw new Error('nothing is told');
    const before = [{ ...found, key: 'MANY_JOBS_ILL', state: 'open' as const, firstSeenMs: t0, lastSeenMs: t0 }];
    const fold = ({ problems, readiness, decisions }: ReturnType<typeof look>) =>
      foldIncidents(before, problems, blindTo(readiness, decisions), t0)[0]?.state;
    expect(fold(look(1, 3))).toBe('closed');
    const seeing = (view: Parameters<typeof aView>[1]) =>
      fold(
        decide({
          cluster: aCluster([jobOf('a')]),
          memories,
          observation: observed({ views: [aView(jm(), view)] }),
          samples,
          nowMs: t0,
          dice: {},
        }),
      );
    expect(seeing({ jobs: unknown() })).toBe('open');
    expect(seeing({ jobs: unknown(), identity: { ha: 'zookeeper' } })).toBe('open');
    // Nothing can be submitted there; what runs is seen all the same.
    expect(seeing({ jobs: [well('a')], identity: { ha: 'zookeeper' } })).toBe('closed');
  });

  it('are named, but no more of them than a person reads', () => {
    const many = Array.from({ length: 12 }, (_, index) => aDecision({ job: `job-${index + 1}`, health: 'ill' }));
    const texts = [10, 11, 12].map((count) => withBreaker(many.slice(0, count)).problems[0]?.what);
    expect(texts.map((text) => text?.split(', ').at(-1))).toEqual([
      'job-10 (RESTARTING)',
      'job-10 (RESTARTING) and 1 more',
      'job-10 (RESTARTING) and 2 more',
    ]);
  });

  it('are named with what is ill about them, and with nothing else that is told of them', () => {
    const further = [problem('STATE_AT_RISK', 'x'), problem('RESTART_LOOP', 'x')];
    const others = ['b', 'c'].map((job) => aDecision({ job, health: 'ill' }));
    const { problems } = withBreaker([aDecision({ health: 'ill', further }), ...others]);
    expect(problems[0]?.what).toContain('at once: a (RESTARTING, RESTART_LOOP), b (RESTARTING), c (RESTARTING)');
  });

  it.each<[string, Partial<Decision>]>([
    ['one that a person has ended', { verdict: 'act', effect: { ...cancel, job: 'e' } }],
    ['one whose snapshots are looked for, since it is down', { verdict: 'wait', wantsSnapshots: true }],
    ['a savepoint of one that is well', { verdict: 'act', health: 'well', effect: { ...cancel, kind: 'savepoint' } }],
    ['one that is ill, and left to Flink for now', { verdict: 'steady', health: 'ill' }],
  ])('change nothing about %s', (_, changes) => {
    const other = aDecision({ job: 'e', ...changes });
    const { decisions } = withBreaker([...names.slice(0, 4).map((job) => aDecision({ job, health: 'ill' })), other]);
    expect(decisions.at(-1)).toEqual(other);
  });

  it('are not ended, nor are snapshots looked for that they would be started from', () => {
    const ill = { health: 'ill', because: 'heal: x', waitFor: { kind: 'ecs' }, urgent: true } as const;
    const healed = (job: string) => aDecision({ job, ...ill, verdict: 'act', effect: { ...cancel, job } });
    const searched = aDecision({ job: 'd', health: 'ill', wantsSnapshots: true });
    const { decisions } = withBreaker([...['a', 'b', 'c'].map(healed), searched]);
    const because = 'heal: x; not done: most live jobs look ill at once';
    expect(decisions).toEqual([
      ...['a', 'b', 'c'].map((job) => aDecision({ job, health: 'ill', because })),
      aDecision({ job: 'd', health: 'ill' }),
    ]);
  });
});

const cancel = { kind: 'cancel', job: 'a', attempt: anAttempt(), to: jm() } as const;

function aDecision(changes: Partial<Decision>): Decision {
  return { job: 'a', saw: 'RESTARTING', verdict: 'steady', because: 'it is live', ...changes };
}
