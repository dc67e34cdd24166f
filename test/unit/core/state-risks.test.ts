import { describe, expect, it } from 'vitest';
import type {
  Attempt,
  CheckpointConfig,
  Job,
  JobManagerIdentity,
  JobMemory,
  Storage,
} from '../../../lib/core/model.ts';
import { blindTo } from '../../../lib/core/over.ts';
import {
  aFlinkJob,
  aJob,
  aStatefulJob,
  aStorage,
  aTask,
  aView,
  draining,
  idOf,
  jm,
  look,
  memoryOf,
  observed,
  ranOn,
} from '../../support/builders.ts';

const fine: CheckpointConfig = {
  intervalMs: 10_000,
  timeoutMs: 600_000,
  toleratedFailures: 0,
  retention: 'retain',
  inMemory: false,
  unaligned: false,
};

type Given = {
  readonly job?: Job;
  readonly checkpointing?: Partial<CheckpointConfig> | null;
  readonly storage?: Partial<Storage>;
  readonly identity?: Partial<JobManagerIdentity>;
  readonly attempt?: Partial<Attempt>;
  readonly memory?: Partial<JobMemory>;
  readonly state?: string;
};

const decided = ({
  job = aStatefulJob(),
  checkpointing = {},
  storage,
  identity,
  attempt,
  memory,
  state,
}: Given = {}) => {
  const config = checkpointing === null ? {} : { checkpointing: { ...fine, ...checkpointing } };
  const ran = ranOn(jm(), 1, { ...config, ...attempt });
  const views = [
    aView(jm(), { jobs: [aFlinkJob(idOf(), state)], identity: { storage: aStorage(storage), ...identity } }),
  ];
  return look({ job, memory: { ...memoryOf(ran), ...memory }, observation: observed({ views }) }).decision;
};
const { intervalMs: _, ...off } = fine;

describe('the state of a live job', () => {
  it('is at no risk where its checkpoints are kept, outside of the JobManager, and more than one', () => {
    expect(decided().further).toEqual([]);
  });

  it.each<[string, Given, RegExp]>([
    ['its checkpoints go with it', { checkpointing: { retention: 'none' } }, /RETAIN_ON_CANCELLATION/],
    ['a stop deletes them', { checkpointing: { retention: 'delete' } }, /SIGTERM/],
    [
      'they lie in memory',
      { checkpointing: { inMemory: true, retention: 'none' } },
      /^its checkpoints lie in its JobManager's memory[^;]*$/,
    ],
    ['one is retained', { storage: { retained: 1 } }, /num-retained: 3/],
    [
      'Flink ignores how many are wanted',
      { attempt: { spec: { ...aStatefulJob(), flinkConfiguration: { 'state.checkpoints.num-retained': '5' } } } },
      /ignores `state.checkpoints.num-retained`/,
    ],
    [
      'Flink ignores how many are wanted, also by the newer name',
      {
        attempt: {
          spec: { ...aStatefulJob(), flinkConfiguration: { 'execution.checkpointing.num-retained': '5' } },
        },
      },
      /ignores `execution.checkpointing.num-retained`/,
    ],
    ['all jobs share a directory', { storage: { flat: true } }, /create-subdir: false/],
    [
      'a rule deletes them',
      { memory: { check: { attempt: 1, atMs: 0, expiry: 'a rule deletes them' } } },
      /^a rule deletes them$/,
    ],
    [
      'nobody can list its snapshots, which hides that no rule can be seen',
      { memory: { check: { attempt: 1, atMs: 0, unlisted: 's3:ListBucket is not allowed', rulesUnseen: 'x' } } },
      /^its snapshots cannot be listed, [^;]*: s3:ListBucket is not allowed$/,
    ],
    [
      'nobody may see the rules of its bucket',
      { memory: { check: { attempt: 0, atMs: 0, rulesUnseen: 's3:GetLifecycleConfiguration is not allowed' } } },
      /^nobody can say whether a rule of the bucket deletes its snapshots: s3:GetLifecycleConfiguration is not allowed$/,
    ],
    [
      'its savepoints have no place',
      { job: aStatefulJob({ savepoints: { every: '1d' } }), identity: { storage: { retained: 3 } } },
      /nowhere to put its scheduled savepoints/,
    ],
  ])('is at risk where %s, which is told at once (F113)', (_name, given, text) => {
    const [risk, ...more] = decided(given).further ?? [];
    expect(more).toEqual([]);
    expect(risk).toMatchObject({ code: 'STATE_AT_RISK', job: 'orders', graceMs: 0, what: expect.stringMatching(text) });
    expect(risk?.fix).not.toContain('CLUSTER/JOB'); // whose names only a decision's first problem is given
  });

  it('is told of in one incident, however much there is', () => {
    const { further = [] } = decided({ checkpointing: { retention: 'none' }, storage: { retained: 1, flat: true } });
    expect(further).toHaveLength(1);
    expect(further[0]?.what.split('; ')).toHaveLength(3);
  });

  it.each<[string, Given]>([
    ['its savepoints have a place', { job: aStatefulJob({ savepoints: { every: '1d' } }) }],
    ['it keeps none', { job: aJob(), checkpointing: { retention: 'none' } }],
    ['nobody looks after it', { job: aStatefulJob({ enabled: false }), checkpointing: { retention: 'none' } }],
    [
      'an earlier attempt could not be started again',
      { memory: { check: { attempt: 0, atMs: 0, unlisted: 's3:ListBucket is not allowed' } } },
    ],
    ['it takes no checkpoints', { attempt: { checkpointing: { ...off, retention: 'none' } } }],
  ])('is no matter where %s', (_name, given) => {
    const { further } = decided(given);
    expect(further ?? []).toEqual([]);
  });

  it('hides no worse problem, and is hidden by none', () => {
    const { problem, further } = decided({ state: 'RESTARTING', checkpointing: { retention: 'none' } });
    expect(problem).toMatchObject({ code: 'TASKS_NOT_RUNNING' });
    expect(further).toMatchObject([{ code: 'STATE_AT_RISK' }]);
  });
});

describe('what was told of it', () => {
  const risk = { code: 'STATE_AT_RISK', job: 'orders' };
  const ready = { ready: true, view: aView() } as const;
  const decision = (verdict: 'wait' | 'off' | 'done' | 'steady') => ({
    job: 'orders',
    saw: 'x',
    verdict,
    because: 'x',
  });

  it('stays while it cannot be judged: the job is down, or its settings are not known yet', () => {
    expect(decided({ checkpointing: null }).further).toBeUndefined();
    expect(decided({ checkpointing: { retention: 'none' }, identity: { submission: false } }).further).toBeUndefined();
    expect(blindTo(ready, [decision('wait')])(risk)).toBe(true);
    expect(blindTo(ready, [decision('wait')])({ ...risk, code: 'JAR_MISSING' })).toBe(false);
  });

  it('stays while the job drains with the JobManager before', () => {
    const views = [aView(jm(1), { jobs: [aFlinkJob(idOf())] }), aView(jm(2), { absent: [idOf()] })];
    const observation = observed({ tasks: [draining(jm(1)), aTask(jm(2))], views });
    const memory = memoryOf(ranOn(jm(), 1, { checkpointing: { ...fine, retention: 'none' } }));
    const { verdict, further } = look({ job: aStatefulJob(), memory, observation }).decision;
    expect({ verdict, further }).toEqual({ verdict: 'steady', further: undefined });
  });

  it.each(['off', 'done'] as const)('is over with a job that is %s', (verdict) => {
    expect(blindTo(ready, [decision(verdict)])(risk)).toBe(false);
  });

  it('is over with a job that left the manifest (I10)', () => {
    expect(blindTo(ready, [])(risk)).toBe(false);
  });

  it('is over once a look finds nothing', () => {
    expect(blindTo(ready, [{ ...decision('steady'), further: [] }])(risk)).toBe(false);
  });
});
