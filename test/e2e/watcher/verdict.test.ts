import { describe, expect, test } from 'vitest';
import type { Answer, JobSeen, Late, ProcessRecord, Sample } from './samples.ts';
import { allCopiesOf, copiesOf, verdictOf } from './verdict.ts';

const refused: Answer = { kind: 'refused' };
const hungUp: Answer = { kind: 'hung-up' };
const silence: Answer = { kind: 'none', why: 'no answer' };
const jobs = (...seen: readonly JobSeen[]): Answer => ({ kind: 'jobs', jobs: seen });
const job = (jobId: string, state = 'RUNNING', name = 'orders'): JobSeen => ({ jobId, name, state });

/** Answers by the moment at which they came. */
const record = (host: number, answers: Readonly<Record<number, Answer>>, endedAtMs?: number): ProcessRecord => ({
  process: { taskArn: `task-${host}`, address: `127.1.1.${host}`, pid: host },
  samples: Object.entries(answers).map(([at, answer]): Sample => {
    return { askedAtMs: Number(at) - 10, answeredAtMs: Number(at), answer };
  }),
  ...(endedAtMs === undefined ? {} : { endedAtMs }),
});

const redOf = (
  records: readonly ProcessRecord[],
  untilMs: number,
  fromMs = 0,
  late: readonly Late[] = [],
): readonly string[] => verdictOf({ records, untilMs, late }, fromMs).red;

describe('the verdict on gaps', () => {
  test('250 ms without an answer are fine, 251 are not', () => {
    expect(redOf([record(2, { 0: refused, 100: jobs(), 350: jobs() })], 600)).toEqual([]);
    expect(redOf([record(2, { 0: refused, 100: jobs(), 351: jobs() })], 600)).toEqual([
      expect.stringContaining('127.1.1.2 was not known for 251 ms'),
    ]);
  });

  test('a question that stays without an answer fills no gap', () => {
    const answers = { 0: refused, 100: jobs(), 300: silence, 400: jobs() };
    expect(redOf([record(2, answers)], 500)).toEqual([expect.stringContaining('not known for 300 ms')]);
  });

  test('who does not listen yet, or no more, need not answer', () => {
    expect(redOf([record(2, { 0: refused, 900: jobs(), 1000: refused }, 5_000)], 9_000)).toEqual([]);
  });

  test('a process that lives and listens must have been seen until now, a dead one until its end', () => {
    const answers = { 0: refused, 100: jobs() };
    expect(redOf([record(2, answers)], 351)).toHaveLength(1);
    expect(redOf([record(2, answers, 351)], 9_000)).toHaveLength(1);
    expect(redOf([record(2, answers, 350)], 9_000)).toEqual([]);
  });

  test('a process that hangs up on everybody until its end shuts down, one that lives on or is silent does not', () => {
    const shutting = { 0: refused, 100: jobs(), 200: hungUp, 300: hungUp };
    expect(redOf([record(2, shutting, 5_300)], 9_000)).toEqual([]);
    expect(redOf([record(2, { ...shutting, 1000: refused }, 5_300)], 9_000)).toEqual([]);
    expect(redOf([record(2, { ...shutting, 1000: refused })], 5_300)).toHaveLength(1);
    expect(redOf([record(2, { ...shutting, 1000: refused, 1100: jobs() }, 1_200)], 9_000)).toHaveLength(1);
    expect(redOf([record(2, { ...shutting, 1000: silence }, 5_300)], 9_000)).toHaveLength(1);
    expect(redOf([record(2, { ...shutting, 1000: jobs() }, 1_100)], 9_000)).toHaveLength(1);
    expect(redOf([record(2, shutting)], 5_300)).toHaveLength(1);
    expect(redOf([record(2, { 0: refused, 100: jobs(), 351: hungUp }, 5_300)], 9_000)).toHaveLength(1);
  });

  test('the time in which the watch itself did not look is no gap of the process, up to a second', () => {
    const gap = [record(2, { 0: refused, 100: jobs(), 600: jobs(), 700: jobs() })];
    const late = (fromMs: number, untilMs: number) => redOf(gap, 800, 50, [{ fromMs, untilMs }]);
    expect(late(0, 350)).toEqual([]);
    expect(late(0, 349)).toEqual([expect.stringContaining('127.1.1.2 was not known for 251 ms')]);
    expect(late(601, 800)).toEqual([expect.stringContaining('was not known for 500 ms')]);
    expect(late(-650, 350)).toEqual([]);
    expect(late(-651, 350)).toEqual(['the watch itself did not look for 1001 ms']);
    expect(late(-2_000, 49)).toEqual([expect.stringContaining('was not known for 500 ms')]);
  });

  test('what lies before the time in question does not count', () => {
    const answers = { 0: refused, 100: jobs(), 900: jobs(), 1000: jobs() };
    expect(redOf([record(2, answers)], 1_100)).toHaveLength(1);
    expect(redOf([record(2, answers)], 1_100, 950)).toEqual([]);
  });

  test('a JobManager that listened before it was watched has an unknown past', () => {
    expect(redOf([record(2, { 100: jobs() })], 200)).toEqual(['127.1.1.2 listened before it was watched']);
  });

  test('a watch that saw nothing is no proof', () => {
    expect(redOf([record(2, { 100: refused })], 200)).toEqual(['no JobManager was seen at all']);
    expect(redOf([], 200)).toEqual(['no JobManager was seen at all']);
  });
});

describe('the verdict on copies', () => {
  const two = expect.stringMatching(/^2 live copies of orders at .*: a1 .* on 127.1.1.2, b2 .* on 127.1.1./);

  test('two live copies in one list are told once, however long they last', () => {
    const both = jobs(job('a1'), job('b2', 'INITIALIZING'));
    expect(redOf([record(2, { 0: refused, 100: both, 200: both })], 300)).toEqual([two]);
  });

  test('two on two JobManagers count while both processes live, also when one listens no more', () => {
    const draining = record(2, { 0: refused, 100: jobs(job('a1')), 200: refused }, 1_000);
    expect(redOf([draining, record(3, { 800: refused, 900: jobs(job('b2')) }, 950)], 1_100)).toEqual([two]);
    expect(redOf([draining, record(3, { 800: refused, 1001: jobs(job('b2')) }, 1_100)], 1_100)).toEqual([]);
  });

  test('what a JobManager ran as it began to shut down counts until it is dead', () => {
    const shutting = record(2, { 0: refused, 100: jobs(job('a1')), 200: hungUp }, 1_000);
    expect(redOf([shutting, record(3, { 800: refused, 900: jobs(job('b2')) }, 950)], 1_100)).toEqual([two]);
  });

  test('the same job on two JobManagers is two copies', () => {
    const records = [2, 3].map((host) => record(host, { 0: refused, 100: jobs(job('a1')) }));
    expect(redOf(records, 200)).toHaveLength(1);
  });

  test.each(['FINISHED', 'CANCELED', 'FAILED'])('%s is not live', (state) => {
    expect(redOf([record(2, { 0: refused, 100: jobs(job('a1', state), job('b2')) })], 200)).toEqual([]);
  });

  test.each(['CANCELLING', 'SUSPENDED', 'SOMETHING_NEW'])('%s is live', (state) => {
    expect(redOf([record(2, { 0: refused, 100: jobs(job('a1', state), job('b2')) })], 200)).toEqual([two]);
  });

  test('another name is another job', () => {
    expect(redOf([record(2, { 0: refused, 100: jobs(job('a1'), job('b2', 'RUNNING', 'audit')) })], 200)).toEqual([]);
  });
});

describe('copies where several JobManagers are one cluster', () => {
  const copies = (...records: readonly ProcessRecord[]) => copiesOf({ records }, 0);

  test('one job that two of them list is one copy, also while one of them gives no answer', () => {
    const leader = record(2, { 0: refused, 100: jobs(job('a')), 200: jobs(job('a')) });
    const standby = record(3, { 0: refused, 110: jobs(job('a')), 150: silence });
    expect(copies(leader, standby)).toEqual([]);
  });

  test('and two copies where each of them is a cluster of its own', () => {
    const records = [2, 3].map((host) => record(host, { 0: refused, 100: jobs(job('a')) }));
    expect(allCopiesOf({ records }, 0)).toEqual([expect.stringContaining('2 live copies of orders')]);
    expect(allCopiesOf({ records: records.slice(1) }, 0)).toEqual([]);
  });

  test('two ids of one name are two, on one of them or on both', () => {
    const both = record(2, { 0: refused, 100: jobs(job('a'), job('b')) });
    expect(copies(both)).toEqual([expect.stringContaining('2 live copies of orders')]);
    const other = record(3, { 0: refused, 110: jobs(job('b')) });
    expect(copies(record(2, { 0: refused, 100: jobs(job('a')) }), other)).toHaveLength(1);
    expect(copies(record(2, { 0: refused, 100: jobs(job('a', 'CANCELED')) }), other)).toEqual([]);
  });
});
