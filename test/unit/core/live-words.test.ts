import { describe, expect, it } from 'vitest';
import { decide } from '../../../lib/core/decide.ts';
import type { Decision } from '../../../lib/core/decision.ts';
import type { JobSamples } from '../../../lib/core/health/samples.ts';
import type { Attempt, FlinkJob, Job, Stop } from '../../../lib/core/model.ts';
import {
  aCluster,
  aFlinkJob,
  aJob,
  anAttempt,
  aPost,
  aStatefulJob,
  aView,
  idOf,
  jm,
  look,
  memoryOf,
  observed,
  ranOn,
  t0,
} from '../../support/builders.ts';
import { CHECKPOINT_CONFIG } from '../pass/fake-jobmanager.ts';
import { keptOf, samplesOf } from './health/samples.ts';

type Given = {
  readonly job?: Job;
  readonly attempt?: Attempt;
  readonly seen?: FlinkJob;
  readonly kept?: JobSamples;
};
const ran = (changes: Partial<Attempt> = {}): Attempt =>
  ranOn(jm(), 1, { checkpointing: CHECKPOINT_CONFIG, ...changes });
const decided = ({ job = aJob(), attempt = ran(), seen = aFlinkJob(idOf()), kept }: Given = {}): Decision => {
  const observation = observed({ views: [aView(jm(), { jobs: [seen] })] });
  const [decision] = decide({
    cluster: aCluster([job]),
    memories: { orders: memoryOf(attempt) },
    observation,
    samples: kept === undefined ? {} : { orders: kept },
    nowMs: t0,
    dice: {},
  }).decisions;
  if (decision === undefined) throw new Error('nothing was decided');
  return decision;
};

const loops = keptOf(samplesOf(3, (n) => ({ restarts: n * 5 })));
const fails = keptOf(samplesOf(16, (n) => ({ completed: 1, failed: n })));
const unseen = { output: { atMs: t0, records: 0, unseen: 'denied' } };
const watched = { output: { prefix: 's3://b/o', within: '30m' } };

describe('does a live job look ill', () => {
  it.each<[string, Given, Decision['health']]>([
    ['well', { kept: keptOf(samplesOf(16)) }, 'well'],
    ['in a restart loop', { kept: loops }, 'ill'],
    ['its checkpoints fail', { kept: fails }, 'ill'],
    ['not all its tasks run', { seen: aFlinkJob(idOf(), 'RUNNING', { tasksRunning: 1 }) }, 'ill'],
    [
      'its output cannot be seen, which no restart would change',
      { kept: keptOf(samplesOf(16), unseen), job: aJob({ health: watched }) },
      'well',
    ],
  ])('%s', (_, given, health) => {
    expect(decided(given).health).toBe(health);
  });
});

describe('what is told of a live job', () => {
  it('is that its tasks do not run, unless it is the loop that makes them stop', () => {
    const seen = aFlinkJob(idOf(), 'RESTARTING', { tasksRunning: 0 });
    const other = decided({ seen, kept: keptOf(samplesOf(16), unseen), job: aJob({ health: watched }) });
    expect(other.problem?.code).toBe('TASKS_NOT_RUNNING');
    expect(other.further).toMatchObject([{ code: 'OUTPUT_UNSEEN' }]);
    expect(decided({ seen, kept: loops }).problem).toBeUndefined();
  });

  it('leaves what its state risks as it was only where that is not known, and something else is told', () => {
    const stateful = aStatefulJob();
    const { checkpointing: _, ...unknown } = ran();
    expect(decided({ job: stateful, attempt: unknown, kept: loops }).unjudged).toContain('STATE_AT_RISK');
    expect(decided({ kept: loops }).unjudged).toEqual(['TASKS_NOT_RUNNING']);
    expect(decided({ job: stateful, attempt: unknown })).not.toHaveProperty('unjudged');
  });

  it('names nothing as well where nothing was seen well', () => {
    const health = { ...watched, checkpointAge: '1h', exceptions: 'tell', backPressure: '90%' } as const;
    expect(decided({ job: aJob({ health }) })).not.toHaveProperty('well');
  });

  it('in a restart loop leaves a second execute() as it was: it may come back', () => {
    const refused = aPost({ answer: 'refused', refusal: { code: 'DUPLICATE_JOB', text: 'x' } });
    const seen = aFlinkJob(idOf(), 'RESTARTING', { tasksRunning: 0 });
    const decision = decided({ seen, attempt: ran({ posts: [refused] }), kept: loops });
    expect(decision.unjudged).toContain('SECOND_EXECUTE');
  });
});

describe('a live job that was ordered to end', () => {
  const ending = (order: Stop['order']) => {
    const stop = { how: 'cancel', order, because: 'x', sentMs: t0, to: jm() } as const;
    const observation = observed({ views: [aView(jm(), { jobs: [aFlinkJob(idOf())] })] });
    return look({ memory: memoryOf(ran({ stop })), observation }).decision.unjudged;
  };
  const ofItsStart = ['STARTED_EMPTY', 'RESTORED_OLDER', 'RESTORED_OTHERWISE'];

  it('may not end: how it began is not over, nor, where it was for that, its illness', () => {
    expect(ending('restart')).toEqual(ofItsStart);
    expect(ending('apply')).toEqual(ofItsStart);
    expect(ending('heal')).toEqual([...ofItsStart, 'TASKS_NOT_RUNNING']);
  });
});

describe('why a job is started', () => {
  const because = (...attempts: readonly Attempt[]) => look({ memory: memoryOf(...attempts) }).decision.because;
  const end = { state: 'CANCELED', atMs: t0 } as const;
  const stop = { how: 'cancel', because: 'restart 1 of 3: nothing changed', sentMs: t0, to: jm() } as const;

  it('is said as it was when it was ended', () => {
    expect(because(ran({ stop: { ...stop, order: 'heal' }, end }))).toBe('restart 1 of 3: nothing changed');
    expect(because(ran({ stop: { ...stop, order: 'restart' }, end }))).toBe('restart: restart 1 of 3: nothing changed');
  });

  it('is another jar, where its restarts are spent', () => {
    const failed = (n: number) =>
      ranOn(jm(), n, { jarVersion: 'v0', end: { state: 'FAILED', atMs: t0, cause: 'no disk' } });
    const spent = [1, 2, 3, 4].map(failed);
    expect(because(...spent)).toBe('attempt 4 is FAILED (no disk), and its jar is another one now');
    expect(because(...spent.slice(0, 3))).toBe('attempt 3 is FAILED (no disk): restart 3 of 3');
    expect(because(ranOn(jm(), 1, { end: { state: 'FAILED', atMs: t0 } }))).toBe('attempt 1 is FAILED: restart 1 of 3');
  });
});

describe('a job that has ended', () => {
  it('by somebody else’s hand is held, and says which attempt it was', () => {
    const end = { state: 'CANCELED', atMs: t0 } as const;
    expect(look({ memory: memoryOf(ran({ end })) }).decision).toMatchObject({
      verdict: 'hold',
      because: `attempt 1 (${idOf()}) is CANCELED`,
    });
    const refused = aPost({ answer: 'refused', refusal: { code: 'STATE_INCOMPATIBLE', text: 'x' } });
    const neverRan = look({ memory: memoryOf(anAttempt(1, { posts: [refused], end })) }).decision;
    expect(neverRan.verdict).toBe('act');
  });
});
