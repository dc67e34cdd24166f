import { describe, expect, it } from 'vitest';
import { blindTo, decide } from '../../../../lib/core/decide.ts';
import type { Samples } from '../../../../lib/core/health/samples.ts';
import { foldIncidents } from '../../../../lib/core/incidents.ts';
import type { FlinkJob, Job, JobMemory } from '../../../../lib/core/model.ts';
import {
  aCluster,
  aFlinkJob,
  aJob,
  aView,
  idOf,
  jm,
  memoryOf,
  observed,
  ranOn,
  t0,
  unknown,
} from '../../../support/builders.ts';
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
});
