import { describe, expect, it } from 'vitest';
import { decide } from '../../../../lib/core/decide.ts';
import type { JobSamples } from '../../../../lib/core/health/samples.ts';
import type { Attempt, FlinkJob, Found, Job, Seen } from '../../../../lib/core/model.ts';
import {
  aCheckpoint,
  aCluster,
  aFlinkJob,
  aJob,
  aPost,
  aStatefulJob,
  aTask,
  aView,
  draining,
  idOf,
  jar,
  jm,
  memoryOf,
  observed,
  t0,
  unknown,
} from '../../../support/builders.ts';
import { keptOf, minute, samplesOf } from '../health/samples.ts';
import { distanceMs, failed } from './failures.ts';
import { as, checkpointing, ran, running, still, stuck } from './patient.ts';

type Given = {
  readonly seen?: FlinkJob;
  readonly kept?: JobSamples;
  readonly attempts?: readonly Attempt[];
  readonly job?: Job;
  readonly free?: number | Seen<never>;
  readonly found?: readonly Found[];
  readonly jars?: ReturnType<typeof jar>;
};

const decided = (given: Given = {}) => {
  const { seen = stuck, kept = still(), attempts = [ran()], job = aStatefulJob(), free = 2, jars = jar() } = given;
  const { found = [aCheckpoint(7)] } = given;
  const observation = observed({ views: [aView(jm(), { jobs: [seen], free })], snapshots: found, jars });
  const memories = { orders: memoryOf(...attempts) };
  const samples = { orders: { ...kept, jobId: seen.jobId } };
  const dice = { orders: 'd1ced1ce' };
  const { decisions } = decide({ cluster: aCluster([job]), memories, observation, samples, nowMs: t0, dice });
  const [decision] = decisions;
  if (decision === undefined) throw new Error('nothing was decided');
  return decision;
};

describe('a live job of which not all tasks run', () => {
  it('is cancelled to be started again when nothing about it changed for long although slots are free', () => {
    const decision = decided();
    const because = `heal: restart 1 of 3: nothing changed since 2026-01-02 02:49:05 UTC, with 2 slots free: ${as}`;
    expect(decision).toMatchObject({ verdict: 'act', because, urgent: true, effect: { kind: 'cancel', to: jm() } });
    expect(decision.effect).toMatchObject({ attempt: { n: 1, stop: { how: 'cancel', order: 'heal', sentMs: t0 } } });
    expect(decision.problem).toMatchObject({ code: 'TASKS_NOT_RUNNING' });
  });

  it.each<[string, Given]>([
    ['not for so long', { kept: still(15 * minute - 1) }],
    ['as its manifest gives it more time', { job: aStatefulJob({ health: { tasksWithin: '6m' } }) }],
    [
      'however short the time is after which it is told',
      { kept: still(15 * minute - 1), job: aStatefulJob({ health: { tasksWithin: '10s' } }) },
    ],
    ['that runs in part, since it may read a large state', { seen: aFlinkJob(idOf(), 'RUNNING', { tasksRunning: 1 }) }],
    ['as it may need more slots than are free', { free: 1 }],
    ['without enough free slots', { free: 0 }],
    ['when nobody knows how many slots are free', { free: unknown(), job: aStatefulJob({ parallelism: 1 }) }],
    [
      'as its manifest says that it needs more slots than are free',
      { job: aStatefulJob({ slots: 3, parallelism: 1 }) },
    ],
    ['of which all tasks ran at the last look', { kept: keptOf(samplesOf(3)) }],
    ['that was never looked at', { kept: { jobId: idOf(), samples: [] } }],
    ['on its way to its end by a person', { seen: aFlinkJob(idOf(), 'CANCELLING', { tasksRunning: 0 }) }],
    ['in a state that nobody knows', { seen: aFlinkJob(idOf(), 'MELTING', { tasksRunning: 0 }) }],
    ['well by now', { seen: running }],
    [
      'of which the last look is old',
      { kept: still(15 * minute, { samples: samplesOf(1, () => ({ atMs: t0 - 181_000 })) }) },
    ],
    [
      'whose checkpoints would not outlive a cancel',
      { attempts: [ran({ checkpointing: { ...checkpointing, retention: 'delete' } })] },
    ],
    ['of which no snapshot is found', { found: [] }],
    ['without its jar (F44)', { jars: { 's3://jars/orders.jar': { known: true, value: { present: false } } } }],
    ['that may not be healed', { job: aStatefulJob({ healing: { restarts: 0 } }) }],
    [
      'that somebody else started',
      { attempts: [ran({ jobId: 'f'.repeat(32) })], seen: { ...stuck, jobId: 'f'.repeat(32) } },
    ],
    [
      'of which a savepoint is under way',
      { attempts: [ran({ savepoint: { directory: 's3://s', because: 'x', expiresMs: t0 + 1, sentMs: t0 } })] },
    ],
  ])('is left to Flink %s', (_, given) => {
    const { effect, health } = decided(given);
    expect(effect).toBeUndefined();
    expect(health).toBe(given.seen === running ? 'well' : 'ill');
  });

  it.each<[string, Given]>([
    ['that never came to run', { seen: aFlinkJob(idOf(), 'CREATED', { tasksRunning: 0 }) }],
    [
      'whose last look is as old as it may be',
      { kept: still(15 * minute, { samples: samplesOf(1, () => ({ atMs: t0 - 180_000 })) }) },
    ],
    [
      'with no state to lose',
      { attempts: [ran({ checkpointing: { ...checkpointing, retention: 'delete' } })], job: aJob() },
    ],
  ])('is cancelled as well, one %s', (_, given) => {
    expect(decided(given).effect?.kind).toBe('cancel');
  });

  it('is left alone on a JobManager that leaves: it ends with it', () => {
    const tasks = [draining(jm()), aTask(jm(2))];
    const views = [aView(jm(), { jobs: [stuck] }), aView(jm(2), { free: 2 })];
    const observation = observed({ tasks, views, snapshots: [aCheckpoint(7)] });
    const given = { memories: { orders: memoryOf(ran()) }, samples: { orders: still() }, nowMs: t0, dice: {} };
    const [decision] = decide({ cluster: aCluster([aStatefulJob()]), observation, ...given }).decisions;
    expect(decision?.effect).toBeUndefined();
    expect(decision?.wantsSnapshots).toBeUndefined();
  });

  it('asks for its snapshots before anything is ended (F44)', () => {
    const observation = observed({ views: [aView(jm(), { jobs: [stuck] })] });
    const memories = { orders: memoryOf(ran()) };
    const given = { cluster: aCluster([aStatefulJob()]), memories, observation, samples: { orders: still() } };
    const [decision] = decide({ ...given, nowMs: t0, dice: {} }).decisions;
    expect(decision).toMatchObject({ verdict: 'steady', wantsSnapshots: true });
    expect(decision?.effect).toBeUndefined();
  });

  it('that had no state yet is cancelled all the same, unless it was given one', () => {
    const { hadState: _, checkpointing: __, ...fresh } = ran();
    const given = (changes: Partial<Job>): Given => ({
      attempts: [fresh],
      found: [],
      job: aJob({ state: 'preferred', ...changes }),
    });
    expect(decided(given({})).effect?.kind).toBe('cancel');
    expect(decided(given({ claimMode: 'CLAIM' })).effect).toBeUndefined();
    expect(decided({ attempts: [fresh], found: [] }).effect).toBeUndefined();
  });

  it('waits for its turn, and is left alone when its restarts are spent', () => {
    const second = (agoMs: number) => [
      failed(1, { agoMs: agoMs + 1 }),
      ran({ n: 2, jobId: idOf(2), posts: [aPost({ answer: 'accepted', sentMs: t0 - agoMs })] }),
    ];
    const seen = { ...stuck, jobId: idOf(2) };
    const given = (agoMs: number): Given => ({ seen, attempts: second(agoMs), kept: still() });
    expect(decided(given(distanceMs - 1)).effect).toBeUndefined();
    expect(decided(given(distanceMs)).because).toContain('restart 2 of 3');
    const one = aStatefulJob({ healing: { restarts: 1 } });
    expect(decided({ ...given(distanceMs), job: one }).effect).toBeUndefined();
  });
});
