import { describe, expect, it } from 'vitest';
import { decide, type Situation } from '../../../lib/core/decide.ts';
import type { Job, JobManagerIdentity, Observation } from '../../../lib/core/model.ts';
import { blindTo } from '../../../lib/core/over.ts';
import type { ToldCode } from '../../../lib/core/problems.ts';
import {
  aCluster,
  aFlinkJob,
  aJob,
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

const decided = (jobs: readonly Job[], changes: Partial<Situation> = {}) =>
  decide({ cluster: aCluster(jobs), memories: {}, observation: observed(), nowMs: t0, dice: {}, ...changes });
const free = (count: number): Observation => observed({ views: [aView(jm(), { free: count })] });
const jobs = [aJob({ name: 'a', slots: 2 }), aJob({ name: 'b', slots: 2 }), aJob({ name: 'c', slots: 1 })];

describe('the jobs of a cluster', () => {
  it.each([
    [1, ['wait', 'wait', 'act']],
    [2, ['act', 'wait', 'wait']],
    [3, ['act', 'wait', 'act']],
    [4, ['act', 'act', 'wait']],
    [5, ['act', 'act', 'act']],
  ])('with %i free slots: each in its turn, and no slot is promised twice', (slots, verdicts) => {
    expect(decided(jobs, { observation: free(slots) }).decisions.map(({ verdict }) => verdict)).toEqual(verdicts);
  });

  it('are decided on in the order of the manifest, each once', () => {
    expect(decided(jobs).decisions.map(({ job }) => job)).toEqual(['a', 'b', 'c']);
  });

  it('go on, when the work on one of them breaks: a bug is told and touches nothing', () => {
    const broken = { ...aJob({ name: 'a' }) };
    Object.defineProperty(broken, 'jar', {
      get: () => {
        throw new Error('a bug');
      },
    });
    const { decisions, problems } = decided([broken, aJob({ name: 'b' })]);
    expect(decisions).toMatchObject([
      { job: 'a', verdict: 'hold', because: 'a bug' },
      { job: 'b', verdict: 'act' },
    ]);
    expect(decisions[0]?.effect).toBeUndefined();
    expect(problems).toMatchObject([{ code: 'AUTOPILOT_BUG', job: 'a' }]);
  });

  it('do not count as foreign to one another (F43)', () => {
    const other = aJob({ name: 'other' });
    const view = aView(jm(), { jobs: [aFlinkJob(idOf(1, 'other'), 'RUNNING', { name: 'x' })] });
    const memories = { other: memoryOf(ranOn(jm(), 1, { jobId: idOf(1, 'other') })) };
    const { decisions } = decided([aJob(), other], { memories, observation: observed({ views: [view] }) });
    expect(decisions.map(({ verdict }) => verdict)).toEqual(['act', 'steady']);
  });
});

const ran = { orders: memoryOf(ranOn(jm())) };
const { address: _address, ...bridged } = aTask();
const { address: _none, ...pending } = aTask();
const withoutNetwork = { ...bridged, awsvpc: false } as const;
/** The JobManager is reached, and what the manifest says of the way to it is refused. */
const refused = (code: string): Observation => ({
  ...observed(),
  flink: { [jm().taskArn]: unknown('HTTP 401', code) },
});
const refusedJobs = observed({ views: [aView(jm(), { jobs: unknown('HTTP 403', 'FLINK_DENIED') })] });
type Row = [code: ToldCode | undefined, observation: Observation, memories: Situation['memories']];
const rungs: Row[] = [
  ['ECS_UNSEEN', { ...observed(), ecs: unknown() }, {}],
  [undefined, observed({ desiredCount: 0 }), {}],
  ['CLUSTER_NOT_READY', observed({ tasks: [] }), {}],
  ['TWO_JOBMANAGERS', observed({ tasks: [aTask(jm(1)), aTask(jm(2))] }), {}],
  ['CLUSTER_NOT_READY', observed({ tasks: [pending] }), {}],
  ['CLUSTER_NOT_READY', observed({ views: [], unseen: [jm()] }), {}],
  ['CLUSTER_UNSEEN', observed({ views: [], unseen: [jm()] }), ran],
  ['CLUSTER_NOT_READY', observed({ tasks: [aTask(jm(2))], views: [], unseen: [jm(2)] }), ran],
  ['FLINK_TOO_OLD', observed({ views: [aView(jm(), { identity: { version: '1.17.2' } })] }), {}],
  ['HA_UNSUPPORTED', observed({ views: [aView(jm(), { identity: { ha: 'zookeeper' } })] }), {}],
  ['SUBMISSION_DISABLED', observed({ views: [aView(jm(), { identity: { submission: false } })] }), {}],
  ['HA_UNSUPPORTED', observed({ views: [aView(jm(), { identity: { ha: 'zookeeper' } })] }), ran],
  ['TWO_JOBMANAGERS', observed({ tasks: [aTask(jm(1)), aTask(jm(2))] }), ran],
  ['CLUSTER_NOT_READY', observed({ views: [aView(jm(), { jobs: unknown() })] }), {}],
  ['CLUSTER_UNSEEN', observed({ views: [aView(jm(), { jobs: unknown() })] }), ran],
  ...['FLINK_DENIED', 'FLINK_TLS', 'SECRET_MISSING', 'SECRET_DENIED'].flatMap((code): readonly Row[] => [
    ['FLINK_ACCESS', refused(code), {}],
    ['FLINK_ACCESS', refused(code), ran],
  ]),
  ['FLINK_ACCESS', refusedJobs, {}],
  ['FLINK_ACCESS', refusedJobs, ran],
  ['CLUSTER_NOT_READY', refused('SECRETS_UNAVAILABLE'), {}],
];

describe('what is wrong with a cluster', () => {
  it.each<Row>(rungs)(
    'is one problem of the cluster, none of its jobs: %s (F80, F128, F129)',
    (code, observation, memories) => {
      const { decisions, problems } = decided([aJob()], { observation, memories });
      expect(problems.map((each) => each.code)).toEqual(code === undefined ? [] : [code]);
      expect(problems.map((each) => each.job)).toEqual(code === undefined ? [] : [undefined]);
      expect(decisions).toMatchObject([{ verdict: 'wait', blind: true }]);
      expect(decisions[0]?.effect).toBeUndefined();
    },
  );

  it.each<Row>(rungs)('is waited for only where waiting helps: %s', (code, observation, memories) => {
    const hopeless: readonly (ToldCode | undefined)[] = [
      undefined,
      'FLINK_TOO_OLD',
      'HA_UNSUPPORTED',
      'SUBMISSION_DISABLED',
      'FLINK_ACCESS',
    ];
    const [decision] = decided([aJob()], { observation, memories }).decisions;
    expect(decision?.waitFor === undefined).toBe(hopeless.includes(code));
  });

  it('says of a refused access what was refused', () => {
    expect(decided([aJob()], { observation: refused('FLINK_DENIED') }).problems).toMatchObject([{ what: 'HTTP 401' }]);
  });

  it.each<[string, Observation]>([
    ['ECS_DENIED', { ...observed(), ecs: unknown('not allowed', 'ECS_DENIED') }],
    ['ECS_CLUSTER_MISSING', { ...observed(), ecs: unknown('there is none', 'ECS_CLUSTER_MISSING') }],
    ['ECS_SERVICE_MISSING', { ...observed(), ecs: unknown('there is none', 'ECS_SERVICE_MISSING') }],
    ['bridge networking', observed({ tasks: [withoutNetwork] })],
  ])('is not waited for where only a person can end it: %s', (_, observation) => {
    expect(decided([aJob()], { observation }).decisions[0]?.waitFor).toBeUndefined();
  });

  it('keeps nobody waiting for slots that are refused to be shown', () => {
    const observation = observed({ views: [aView(jm(), { free: unknown('HTTP 403', 'FLINK_DENIED') })] });
    const [decision] = decided([aJob()], { observation }).decisions;
    expect(decision).toMatchObject({ verdict: 'wait', problem: { code: 'SLOTS_MISSING' } });
    expect(decision?.waitFor).toBeUndefined();
  });
});

describe('an incident that cannot be judged now (F80, I6)', () => {
  const above = (observation: Observation): readonly string[] => {
    const { readiness, decisions } = decided([aJob()], { observation });
    const isBlindTo = blindTo(readiness, decisions);
    const codes = [
      'ECS_UNSEEN',
      'TWO_JOBMANAGERS',
      'CLUSTER_NOT_READY',
      'CLUSTER_UNSEEN',
      'FLINK_ACCESS',
      'FLINK_TOO_OLD',
      'HA_UNSUPPORTED',
      'SUBMISSION_DISABLED',
    ];
    expect(isBlindTo({ code: 'JOB_FAILED', job: 'orders' })).toBe(!readiness.ready);
    return codes.filter((code) => isBlindTo({ code }));
  };
  const reached = ['FLINK_TOO_OLD', 'HA_UNSUPPORTED', 'SUBMISSION_DISABLED'];
  const asked = ['CLUSTER_NOT_READY', 'CLUSTER_UNSEEN', 'FLINK_ACCESS', ...reached];
  const identified = (identity: Partial<JobManagerIdentity>) => observed({ views: [aView(jm(), { identity })] });
  it.each<[string, Observation, readonly string[]]>([
    ['ECS gives no answer', { ...observed(), ecs: unknown() }, ['ECS_UNSEEN', 'TWO_JOBMANAGERS', ...asked]],
    ['there is no task', observed({ tasks: [] }), ['TWO_JOBMANAGERS', ...asked]],
    ['two JobManagers run', observed({ tasks: [aTask(jm(1)), aTask(jm(2))] }), ['TWO_JOBMANAGERS', ...asked]],
    ['its address is not known', observed({ tasks: [pending] }), asked],
    ['a JobManager gives no answer', observed({ views: [], unseen: [jm()] }), asked],
    ['a JobManager refuses us', refused('FLINK_TLS'), asked],
    ['Flink is too old, and nothing else', identified({ version: '1.1' }), ['FLINK_TOO_OLD']],
    ['HA is on, and nothing else', identified({ ha: 'zookeeper' }), ['HA_UNSUPPORTED']],
    ['all of it is so', identified({ version: '1.1', ha: 'zookeeper', submission: false }), reached],
    ['it takes no job', identified({ submission: false }), ['SUBMISSION_DISABLED']],
    ['jobs are not listed', observed({ views: [aView(jm(), { jobs: unknown() })] }), []],
    ['all services are at 0: everything is over (F129)', observed({ desiredCount: 0 }), []],
    ['the cluster is ready', observed(), []],
  ])('where %s', (_, observation, codes) => {
    expect(above(observation)).toEqual(codes);
  });

  it('is none of a job that was looked at', () => {
    const { readiness, decisions } = decided([aJob()]);
    expect(blindTo(readiness, decisions)({ code: 'JAR_MISSING', job: 'orders' })).toBe(false);
  });
});
