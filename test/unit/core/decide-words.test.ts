import { describe, expect, it } from 'vitest';
import { decide, type Situation } from '../../../lib/core/decide.ts';
import type { Observation } from '../../../lib/core/model.ts';
import { blindTo, whyOver } from '../../../lib/core/over.ts';
import { readiness } from '../../../lib/core/readiness.ts';
import { aCluster, aJob, jm, memoryOf, observed, ranOn, t0, unknown } from '../../support/builders.ts';

const cluster = aCluster();
const decided = (changes: Partial<Situation> = {}) =>
  decide({ cluster, memories: {}, observation: observed(), nowMs: t0, dice: {}, ...changes });

describe('what is told of a cluster', () => {
  it.each<[string, string, Observation]>([
    ['ECS_UNSEEN', 'ecs: ECS cannot be seen: throttled', { ...observed(), ecs: unknown('throttled') }],
    ['CLUSTER_NOT_READY', 'rest: no answer', observed({ views: [], unseen: [jm()] })],
  ])('%s: the rung that is missing, and why', (code, what, observation) => {
    expect(decided({ observation }).problems).toMatchObject([{ code, what }]);
  });

  it('is each job that was lost again and again, how often and in what time', () => {
    const lost = [1, 2, 3].map((n) => ranOn(jm(9), n, { end: { state: 'LOST', atMs: t0 } }));
    const { problems } = decided({ memories: { orders: memoryOf(...lost) } });
    expect(problems).toMatchObject([
      { code: 'JOB_LOST_REPEATEDLY', what: '3 attempts were lost with their JobManager within 15 min', job: 'orders' },
    ]);
  });
});

describe('a job whose memory could not be brought up to date', () => {
  const jobs = [aJob(), aJob({ name: 'other' })];

  it('is held with the reason, and no other job is', () => {
    const { decisions } = decided({ cluster: aCluster(jobs), bugs: { orders: 'x is not a function' } });
    expect(decisions).toMatchObject([
      {
        job: 'orders',
        saw: 'a bug',
        verdict: 'hold',
        because: 'x is not a function',
        problem: { code: 'AUTOPILOT_BUG', job: 'orders' },
      },
      { job: 'other', verdict: 'act' },
    ]);
    expect(decisions[0]?.effect).toBeUndefined();
  });

  it('is seen as no more than that where the bug is in the deciding', () => {
    const broken = Object.defineProperty({ ...aJob() }, 'jar', {
      get: () => {
        throw new Error('a bug');
      },
    });
    expect(decided({ cluster: aCluster([broken]) }).decisions).toMatchObject([{ saw: 'a bug', verdict: 'hold' }]);
  });
});

describe('an incident of a job', () => {
  it('is not judged where its decision says so of its code, and of no other', () => {
    const { readiness: state, decisions } = decided({ observation: { ...observed(), jars: {} } });
    const isBlindTo = blindTo(state, decisions);
    expect(isBlindTo({ code: 'JAR_MISSING', job: 'orders' })).toBe(true);
    expect(isBlindTo({ code: 'JOB_FAILED', job: 'orders' })).toBe(false);
  });

  it('stays told while its cluster is asleep also where its code is one that only an earlier version knew', () => {
    const { readiness: state, decisions } = decided({ observation: observed({ desiredCount: 0 }) });
    expect(blindTo(state, decisions)({ code: 'OF_AN_EARLIER_VERSION', job: 'orders' })).toBe(true);
  });
});

describe('why an incident is over although its condition did not end', () => {
  const asleep = 'all JobManager services have desiredCount 0';
  it.each<[string, Observation, string | undefined, string | undefined]>([
    ['of a job that left the manifest', observed(), 'gone', 'gone is no longer in the manifest'],
    ['of a job', observed(), 'orders', undefined],
    ['of a job, its cluster not ready', observed({ tasks: [] }), 'orders', undefined],
    ['of a job, its cluster asleep', observed({ desiredCount: 0 }), 'orders', asleep],
    ['of the cluster', observed(), undefined, undefined],
    ['of the cluster, which is asleep', observed({ desiredCount: 0 }), undefined, asleep],
  ])('%s', (_, observation, job, because) => {
    const incident = job === undefined ? {} : { job };
    expect(whyOver(cluster, readiness(cluster, observation))(incident)).toBe(because);
  });
});
