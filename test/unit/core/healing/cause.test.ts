import { describe, expect, it } from 'vitest';
import { defaults } from '../../../../lib/core/defaults.ts';
import { newlyFailed, withCause } from '../../../../lib/core/healing/cause.ts';
import {
  aCluster,
  aFlinkJob,
  aJob,
  aView,
  idOf,
  jm,
  known,
  lineageOf,
  memoryOf,
  observed,
  ranOn,
  t0,
  unknown,
} from '../../../support/builders.ts';
import { failed } from './failures.ts';

describe('why a job failed', () => {
  const asked = (memory: ReturnType<typeof memoryOf>, state = 'FAILED', enabled = true) =>
    newlyFailed(aCluster([aJob({ enabled })]), { orders: memory }, [aFlinkJob(idOf(), state)]);

  it('is asked once: of the newest attempt, when its failure is seen first', () => {
    expect(asked(memoryOf(ranOn(jm())))).toEqual([idOf()]);
    expect(asked(memoryOf(ranOn(jm())), 'RUNNING')).toEqual([]);
    expect(asked(memoryOf(failed(1)))).toEqual([]);
    expect(asked(memoryOf(ranOn(jm()), ranOn(jm(), 2)))).toEqual([]);
    expect(asked(memoryOf())).toEqual([]);
    expect(asked(memoryOf(ranOn(jm())), 'FAILED', false)).toEqual([]);
  });

  it('is asked of a bounded number of jobs in one look', () => {
    const names = Array.from({ length: defaults.health.samplesAtOnceMax + 1 }, (_, index) => `job-${index}`);
    const jobs = names.map((name) => aJob({ name, lineage: lineageOf(name) }));
    const memories = Object.fromEntries(
      names.map((name) => [name, memoryOf(ranOn(jm(), 1, { jobId: idOf(1, name) }))]),
    );
    const listed = names.map((name) => aFlinkJob(idOf(1, name), 'FAILED', { name }));
    expect(newlyFailed(aCluster(jobs), memories, listed)).toHaveLength(defaults.health.samplesAtOnceMax);
  });

  it('is kept as it was told first, by the JobManager that knows it', () => {
    const says = (cause: string) => ({
      ...aView(jm(2)),
      exceptions: { [idOf()]: known({ atMs: t0, cause }) },
    });
    const silent = { ...aView(), exceptions: { [idOf()]: unknown() } };
    const views = [silent, aView(jm(3)), says('no disk')];
    const told = withCause(failed(1), observed({ views }));
    expect(told.end).toEqual({ ...failed(1).end, cause: 'no disk' });
    expect(withCause(told, observed({ views: [says('another')] }))).toBe(told);
    expect(withCause(failed(1), observed({ views: [silent] }))).toEqual(failed(1));
    expect(withCause(ranOn(jm()), observed({ views })).end).toBeUndefined();
  });
});
