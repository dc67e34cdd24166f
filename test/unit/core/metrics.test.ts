import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../lib/core/changes.ts';
import type { JobSamples, Sample } from '../../../lib/core/health/samples.ts';
import { type Metric, metricsOf, type PassFacts } from '../../../lib/core/metrics.ts';
import type { Attempt, CheckpointConfig, Effect, JobMemory } from '../../../lib/core/model.ts';
import { readiness } from '../../../lib/core/readiness.ts';
import {
  aCheckpoint,
  aCluster,
  aFlinkJob,
  anAttempt,
  aPost,
  aTask,
  aView,
  idOf,
  jm,
  memoryOf,
  observed,
  ranOn,
  t0,
  unknown,
} from '../../support/builders.ts';

const hour = 3_600_000;
const idle: Plan = { jobs: {}, incidents: [], log: [], consumed: [], effects: [], deferred: [] };
const ofOrders = (memory: JobMemory): Plan['jobs'] => ({ orders: memory });

type Given = Partial<Omit<PassFacts, 'before' | 'plan'>> & {
  readonly known?: JobMemory;
  readonly was?: JobSamples;
  readonly plan?: Partial<Plan>;
};

/** What is told of a pass over one cluster with the job `orders`, an hour after `t0`. */
const told = ({ known, was, plan, ...changes }: Given): readonly Metric[] => {
  const { cluster = aCluster(), observation = observed() } = changes;
  const jobs = known === undefined ? {} : ofOrders(known);
  return metricsOf({
    cluster,
    before: { jobs, incidents: [], orders: [], ...(was === undefined ? {} : { samples: { orders: was } }) },
    memories: jobs,
    samples: undefined,
    observation,
    readiness: readiness(cluster, observation),
    plan: { ...idle, ...plan },
    isFirst: true,
    startedMs: t0 + hour,
    seenMs: t0 + hour,
    nowMs: t0 + hour,
    ...changes,
  });
};

describe('time to ready', () => {
  const task = aTask(jm(), { startedMs: t0 + hour - 7_000 });
  const observation = observed({ tasks: [task] });
  const elsewhere = aPost({ id: 2, to: jm(9) });
  const ready = [{ name: 'TimeToReady', value: 7_000 }];

  it.each<[string, Attempt, readonly Metric[]]>([
    ['seen on it', anAttempt(1, { sightedOn: jm() }), ready as readonly Metric[]],
    ['submitted to it and to another', anAttempt(1, { posts: [elsewhere, aPost()] }), ready as readonly Metric[]],
    ['submitted to another only', anAttempt(1, { posts: [elsewhere] }), []],
    ['seen on another', anAttempt(1, { sightedOn: jm(9), posts: [] }), []],
  ])('of a task is told when a job is %s', (_, attempt, expected) => {
    expect(told({ observation, plan: { jobs: ofOrders(memoryOf(attempt)) } })).toEqual(expected);
  });

  it('is not told of a task that a job was known to be on', () => {
    for (const known of [anAttempt(1, { posts: [aPost()] }), anAttempt(1, { sightedOn: jm() })])
      expect(told({ observation, known: memoryOf(known), plan: { jobs: ofOrders(memoryOf(known)) } })).toEqual([]);
  });

  it.each([
    ['nobody sees the tasks', { ...observation, ecs: unknown() }],
    ['no task runs', { ...observed({ tasks: [] }) }],
  ])('is not told when %s, though the cluster was ready when it was looked at', (_, seen) => {
    const state = readiness(aCluster(), observation);
    const plan = { jobs: ofOrders(memoryOf(ranOn(jm()))) };
    expect(told({ observation: seen, readiness: state, plan })).toEqual([]);
  });

  it('is not told while the cluster is not ready', () => {
    const state = readiness(aCluster(), observed({ tasks: [] }));
    expect(told({ observation, readiness: state, plan: { jobs: ofOrders(memoryOf(ranOn(jm()))) } })).toEqual([]);
  });
});

describe('of a live job', () => {
  const observation = observed({ views: [aView(jm(), { jobs: [aFlinkJob(idOf(), 'RUNNING', { changedMs: t0 })] })] });
  const sample = (allRun: boolean, restarts?: number): Sample => ({
    atMs: t0,
    allRun,
    ...(restarts === undefined ? {} : { restarts }),
  });
  const kept = (...samples: readonly Sample[]): JobSamples => ({ jobId: idOf(), samples });
  const sentAt = (sentMs: number) => memoryOf(ranOn(jm(), 1, { posts: [aPost({ sentMs })] }));

  it('the time until all its tasks ran is told once, in whichever look they did first', () => {
    const given = { observation, known: sentAt(t0 - 3_000), samples: { orders: kept(sample(true)) } };
    expect(told(given)).toEqual([{ name: 'TimeToRunning', value: 3_000, job: 'orders' }]);
    expect(told({ ...given, was: kept(sample(false), sample(true)) })).toEqual([]);
    expect(told({ ...given, was: kept(sample(true), sample(false)) })).toEqual([]);
  });

  it('that nobody here submitted, or of which no sample is kept, no time is told', () => {
    const adopted = memoryOf(ranOn(jm(), 1, { posts: [] }));
    expect(told({ observation, known: adopted, samples: { orders: kept(sample(true)) } })).toEqual([]);
    expect(told({ observation, known: sentAt(t0) })).toEqual([]);
  });

  it('which took longer than anybody waits no time is told', () => {
    const known = sentAt(t0 - 24 * hour);
    expect(told({ observation, known, samples: { orders: kept(sample(true)) } })).toEqual([]);
  });

  it.each<[string, JobSamples | undefined, JobSamples | undefined, readonly number[]]>([
    ['more than before', kept(sample(true, 2)), kept(sample(true, 5)), [3]],
    ['as many as before', kept(sample(true, 2)), kept(sample(true, 2)), []],
    ['unknown now', kept(sample(true, 2)), kept(sample(true)), []],
    ['unknown before', kept(sample(true)), kept(sample(true, 2)), []],
  ])('its restarts by Flink are told: %s', (_, was, now, expected) => {
    const metrics = told({ observation, known: sentAt(t0), was, samples: { orders: now } } as Given);
    const found = metrics.filter(({ name }) => name === 'RestartsByFlink');
    expect(found.map(({ value }) => value)).toEqual(expected);
  });
});

describe('the age of the newest checkpoint', () => {
  const checkpointing: CheckpointConfig = {
    intervalMs: 10_000,
    timeoutMs: 600_000,
    toleratedFailures: 0,
    retention: 'retain',
    inMemory: false,
    unaligned: false,
  };
  const jobs = [aFlinkJob(idOf())];
  const asked = aView(jm(), { jobs, checkpoints: { [idOf()]: {} } });
  const observation = observed({ views: [asked] });
  const known = (changes: Partial<Attempt> = {}) => memoryOf(ranOn(jm(), 1, { checkpointing, ...changes }));
  const age = (seconds: number) => [{ name: 'CheckpointAge', value: seconds, job: 'orders' }];

  it('counts from the newest snapshot, else from what it started from, else from its submission, else from now', () => {
    const snapshots = [aCheckpoint(600)];
    const seen = observed({ views: [aView(jm(), { jobs, checkpoints: { [idOf()]: { snapshots } } })] });
    const source = aCheckpoint(60);
    expect(told({ observation: seen, known: known({ source }) })).toEqual(age(3_000));
    expect(told({ observation, known: known({ source }) })).toEqual(age(3_540));
    expect(told({ observation, known: known({ posts: [aPost({ sentMs: t0 + 1_000 })] }) })).toEqual(age(3_599));
    expect(told({ observation, known: known({ posts: [] }) })).toEqual([]);
  });

  it('is told by the JobManager that was asked, whichever it is, and with the first pass of an invocation', () => {
    const other = aView(jm(2), {});
    const tasks = [aTask(), aTask(jm(2))];
    expect(told({ observation: observed({ tasks, views: [other, asked] }), known: known() })).toEqual(age(3_600));
    expect(told({ observation, known: known(), isFirst: false })).toEqual([]);
  });

  it.each<[string, Partial<Attempt>]>([
    ['that keeps none that outlives it', { checkpointing: { ...checkpointing, inMemory: true } }],
    ['that takes none by itself', { checkpointing: (({ intervalMs: _, ...rest }) => rest)(checkpointing) }],
  ])('is none of a job %s', (_, changes) => {
    expect(told({ observation, known: known(changes) })).toEqual([]);
  });

  it('is none of a job of which nobody knows how it takes them, or about which Flink was not asked', () => {
    expect(told({ observation, known: memoryOf(ranOn(jm())) })).toEqual([]);
    expect(told({ observation: observed({ views: [aView(jm(), { jobs })] }), known: known() })).toEqual([]);
  });
});

describe('restarts by the autopilot', () => {
  const run = (n: number): Effect => ({ kind: 'run', job: 'orders', attempt: anAttempt(n), post: aPost() });
  const restarts = (effects: readonly Effect[], ...known: readonly Attempt[]) =>
    told({ plan: { effects }, known: memoryOf(...known) }).filter(({ name }) => name !== 'PassDuration');
  const one = [{ name: 'RestartsByAutopilot', value: 1, job: 'orders' }];

  it('are attempts after the first, each told when it is made, and not when it is submitted once more', () => {
    expect(restarts([run(1)])).toEqual([]);
    expect(restarts([run(2)], anAttempt(1))).toEqual(one);
    expect(restarts([run(2)], anAttempt(1), anAttempt(2))).toEqual([]);
    expect(restarts([run(3)], anAttempt(1), anAttempt(2))).toEqual(one);
  });

  it('are nothing else that is done', () => {
    expect(restarts([{ kind: 'delete-jar', job: 'orders', to: jm(), jarId: 'x' }])).toEqual([]);
  });
});
