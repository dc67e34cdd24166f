import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import type { FlinkJob, FlinkView, Job, Observation } from '../../../lib/core/model.ts';
import type { ToldCode } from '../../../lib/core/problems.ts';
import {
  aFlinkJob,
  aJob,
  anOrder,
  aStatefulJob,
  aView,
  idOf,
  jm,
  known,
  look,
  memoryOf,
  observed,
  ranOn,
  t0,
  unknown,
} from '../../support/builders.ts';

const listing = (...jobs: readonly FlinkJob[]): Observation => observed({ views: [aView(jm(), { jobs })] });
const live = listing(aFlinkJob(idOf()));
const withViews = (observation: Observation, ...views: readonly FlinkView[]): Observation => ({
  ...observation,
  flink: observed({ views }).flink,
});
const closed = (observation: Observation): Observation =>
  withViews(observation, aView(jm(), { jobs: [aFlinkJob(idOf())], identity: { submission: false } }));
const crowded = (observation: Observation): Observation =>
  withViews(observation, aView(jm(), { jobs: [aFlinkJob(idOf()), aFlinkJob('f'.repeat(32))] }));
const withoutState = ({ state: _, ...job }: Job): Omit<Job, 'state'> => job;

describe.each([
  ['restart', 's3://jars/orders.jar', 's3://jars/new.jar'],
  ['apply', 's3://jars/new.jar', 's3://jars/orders.jar'],
] as const)('`%s` cancels nothing that could not be started again (F44):', (kind, wanted, other) => {
  const job = aJob({ jar: 's3://jars/new.jar', revision: 'rev-2' });
  const stop = { how: 'cancel', order: kind, because: 'anna: x' } as const;
  const unsent = memoryOf(ranOn(jm(), 1, { stop }));
  const there = known({ present: true, version: 'v1', sizeBytes: 1_000 } as const);
  const seeing = (jars: Observation['jars']): Observation => ({ ...live, jars: { [other]: there, ...jars } });
  const gone = seeing({ [wanted]: known({ present: false }) });

  it('the order is dropped while its jar is known to be gone', () => {
    const { consumed, decision } = look({
      job,
      memory: memoryOf(ranOn(jm())),
      observation: gone,
      orders: [anOrder(kind)],
    });
    expect(consumed).toMatchObject([{ dropped: `there is no ${wanted}: it could not be started again` }]);
    expect(decision.verdict).toBe('steady');
  });

  it.each<[string, ToldCode, Observation]>([
    ['is gone', 'JAR_MISSING', gone],
    ['cannot be read', 'JAR_UNREADABLE', seeing({ [wanted]: unknown() })],
    ['was not looked at', 'JAR_UNREADABLE', seeing({})],
  ])('a consumed one waits while the jar %s, and says so', (_, code, observation) => {
    const { decision } = look({ job, memory: unsent, observation });
    expect(decision).toMatchObject({ verdict: 'wait', saw: 'RUNNING 2/2', problem: { code } });
    expect(decision.because).toContain(`${kind} waits and nothing is stopped: `);
    expect(decision.problem?.what).toBe(decision.because);
    expect(decision.unjudged).toContain('TASKS_NOT_RUNNING');
    expect(decision.effect).toBeUndefined();
  });

  it('it waits for the age of its JobManager, of which nobody is told', () => {
    const given = { cluster: { submitAfterSeconds: 30 }, memory: unsent, observation: seeing({ [wanted]: there }) };
    const { decision } = look({ job, ...given });
    expect(decision.because).toBe(
      `${kind} waits and nothing is stopped: submitAfterSeconds: the JobManager is seen for 0 of 30 s`,
    );
    expect(decision.problem).toBeUndefined();
  });

  it('it goes on as soon as the jar is there', () => {
    const { decision } = look({ job, memory: unsent, observation: seeing({ [wanted]: there }) });
    expect(decision.effect).toMatchObject({ kind: 'cancel' });
  });

  it('a newer order takes the place of one that waits', () => {
    const given = kind === 'restart' ? 'apply' : 'restart';
    const { memory, decision } = look({ job, memory: unsent, observation: gone, orders: [anOrder(given)] });
    expect(memory.attempts).toMatchObject([{ stop: { order: given } }]);
    expect(decision.effect).toMatchObject({ kind: 'cancel' });
  });

  it('of a copy that turned up again after a later attempt: what counts is what would be started', () => {
    const later = ranOn(jm(), 2, { end: { state: 'FAILED', atMs: t0 } });
    const memory = memoryOf(...unsent.attempts, later);
    const { decision } = look({ job, memory, observation: seeing({ [job.jar]: known({ present: false }) }) });
    expect(decision).toMatchObject({ verdict: 'wait', problem: { code: 'JAR_MISSING' } });
    expect(decision.effect).toBeUndefined();
  });

  it('a call that was made is made again whatever became of the jar', () => {
    const memory = memoryOf(ranOn(jm(), 1, { stop: { ...stop, sentMs: t0 - defaults.cancelAgainMs, to: jm() } }));
    expect(look({ job, memory, observation: gone }).decision.effect).toMatchObject({ kind: 'cancel' });
  });

  it.each<[string, string, Parameters<typeof look>[0]]>([
    ['its cluster takes no submission', 'submission: ', { observation: closed(seeing({ [wanted]: there })) }],
    ['a job that it comes after does not run', 'after: first', { job: { ...job, after: ['first'] } }],
    ['its state is to be kept now', 'give the order again', { job: aStatefulJob({ ...withoutState(job) }) }],
    ['a foreign job may be it', 'not a job of the manifest', { observation: crowded(seeing({ [wanted]: there })) }],
  ])('nor while %s', (_, because, more) => {
    const { decision } = look({ job, memory: unsent, observation: seeing({ [wanted]: there }), ...more });
    expect(decision.because).toContain(because);
    expect(decision.effect).toBeUndefined();
  });
});
