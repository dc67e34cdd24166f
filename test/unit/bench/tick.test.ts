import { afterEach, describe, expect, test } from 'vitest';
import { clustersOf, jobIdsOf, manifestOf } from '../../../bench/tick/arms.ts';
import { startFlink } from '../../../bench/tick/flink.ts';
import { recordedAnswers } from '../../../bench/tick/recorded.ts';
import { summarizeTicks, type TickSample } from '../../../bench/tick/report.ts';
import { tickTable } from '../../../bench/tick/table.ts';
import { itemBytes, unitsOf } from '../../../bench/tick/units.ts';
import { readJobs } from '../../../lib/adapters/flink-answers.ts';
import { readCheckpoints } from '../../../lib/adapters/flink-checkpoints.ts';
import { allRun } from '../../../lib/core/after.ts';
import { attemptOf } from '../../../lib/core/identity.ts';

const sample = (steadyJobs: number, changes: Partial<TickSample> = {}): TickSample => ({
  ...{ importedMs: 100, handlerMs: 1_000, cpuMs: 900, peakMb: 150, heapMb: 40, storeCallsMax: 4, readUnits: 5 },
  ...{ writeUnits: 7.5, ecsCalls: 260, ecsThrottled: 65, flinkCalls: 2_300, logBytes: 290_000, steadyJobs },
  ...changes,
});

type Changes = { readonly [Arm in 'whole' | 'halfClusters' | 'halfJobs']?: Partial<TickSample> };
const report = (...rounds: readonly Changes[]) =>
  summarizeTicks({
    ...{ at: '2026-01-02T03:04:05.000Z', machine: { cpus: 2, memoryGb: 24, load: 0.25 }, node: 'v24.0.0' },
    rounds: rounds.map(({ whole, halfClusters, halfJobs }) => ({
      whole: sample(1_000, whole),
      halfClusters: sample(500, halfClusters),
      halfJobs: sample(500, halfJobs),
      one: sample(1),
    })),
  });

describe('the report of tick', () => {
  test('takes the median of cold invocations, the highest peak, the most calls, and growth round by round', () => {
    const rounds = [{ whole: { handlerMs: 1_500 } }, { whole: { peakMb: 170 } }, { halfJobs: { storeCallsMax: 5 } }];
    expect(report(...rounds)).toMatchObject({
      ...{ durationMs: 1_100, peakMb: 170, storeCalls: 5, unsteady: 0 },
      growth: { byClusters: { duration: 1, jobs: 2 }, byJobs: { duration: 1, jobs: 2 } },
    });
  });

  test.each<[string, Changes, boolean]>([
    ['10 s', { whole: { handlerMs: 9_900 }, halfClusters: { handlerMs: 9_000 }, halfJobs: { handlerMs: 9_000 } }, true],
    [
      'more than 10 s',
      { whole: { handlerMs: 9_901 }, halfClusters: { handlerMs: 9_000 }, halfJobs: { handlerMs: 9_000 } },
      false,
    ],
    ['256 MB', { whole: { peakMb: 256 } }, true],
    ['more than 256 MB', { whole: { peakMb: 256.1 } }, false],
    ['4 calls', { halfClusters: { storeCallsMax: 4 } }, true],
    ['5 calls', { halfClusters: { storeCallsMax: 5 } }, false],
    ['twice as long for twice the clusters', { whole: { handlerMs: 2_000 } }, true],
    ['longer than that', { whole: { handlerMs: 2_002 }, halfJobs: { handlerMs: 1_500 } }, false],
    ['longer for twice the jobs', { whole: { handlerMs: 2_002 }, halfClusters: { handlerMs: 1_500 } }, false],
    ['a job that was not steady', { whole: { steadyJobs: 999 } }, false],
  ])('of %s: met or not', (_, round, met) => expect(report(round).met).toBe(met));

  test('is a table with a line for each size, each target and the verdict', () => {
    const text = tickTable(report({}));
    const rows = text.split('\n').map((line) => line.trim().split(/\s+/).join(' '));
    expect(rows).toContain('50 × 20 = 1000 100 1000 900 150 40 260 65 2300 5.0 / 7.5');
    expect(rows).toContain('25 to 50 clusters: 1.00 times as long for 2 times as many jobs');
    expect(rows.at(-1)).toBe('✓ all targets are met');
    const missed = tickTable(report({ whole: { steadyJobs: 10 } }));
    expect(missed).toContain('1 looks found something to do');
    expect(missed).toContain('✗ a target is missed');
  });
});

describe('units of DynamoDB', () => {
  const item = (bytes: number) => ({ v: { S: 'x'.repeat(bytes - 1) } });

  test.each([
    ['Query', {}, { Items: [item(4_096)] }, { read: 1, write: 0 }],
    ['Query', {}, { Items: [item(4_096), item(1)] }, { read: 2, write: 0 }],
    ['Query', {}, {}, { read: 1, write: 0 }],
    ['PutItem', { Item: item(1_025) }, {}, { read: 0, write: 2 }],
    ['UpdateItem', {}, {}, { read: 0, write: 1 }],
    ['TransactWriteItems', { TransactItems: [{}, { Put: { Item: item(1_024) } }] }, {}, { read: 0, write: 4 }],
    ['TransactWriteItems', { TransactItems: [{ Put: { Item: item(1_025) } }] }, {}, { read: 0, write: 4 }],
  ])('of %s', (action, request, answer, units) => expect(unitsOf(action, request, answer)).toEqual(units));

  test('of what is not known are not guessed', () => expect(() => unitsOf('Scan', {}, {})).toThrow('Scan'));

  test('count names and values', () =>
    expect(
      itemBytes({ pk: { S: 'ä' }, n: { N: '12345' }, b: { B: 'AAAA' }, l: { L: [{ BOOL: true }] }, m: { M: {} } }),
    ).toBe(4 + 5 + 4 + 6 + 4));
});

describe('a JobManager of the benchmark', () => {
  const cleanups: (() => unknown)[] = [];
  afterEach(() => {
    for (const cleanup of cleanups.splice(0)) cleanup();
  });

  test('runs all jobs of its cluster under ids of their own lineages, with checkpoints of now', async () => {
    const world = { nowMs: () => Date.UTC(2030, 0, 1), asked: 0 };
    const flink = await startFlink(recordedAnswers(), 0, world);
    cleanups.push(flink.close);
    const [cluster] = clustersOf(manifestOf({ clusters: 1, jobs: 3 }, [flink.port]));
    if (cluster === undefined) throw new Error('no cluster');
    flink.list(jobIdsOf(cluster));
    const get = async (path: string) => (await fetch(`http://127.0.0.1:${flink.port}${path}`)).text();
    const jobs = readJobs(await get('/jobs/overview'));
    expect(jobs.map((job) => allRun(job))).toEqual([true, true, true]);
    expect(jobs.map(({ jobId }, n) => attemptOf(cluster.jobs[n]?.lineage ?? '', jobId))).toEqual([1, 1, 1]);
    const { snapshots, failing } = readCheckpoints(await get(`/jobs/${jobs[0]?.jobId}/checkpoints`));
    expect(failing).toBeUndefined();
    expect(snapshots[0]).toMatchObject({
      atMs: world.nowMs(),
      path: `s3://state/checkpoints/${jobs[0]?.jobId}/chk-31`,
    });
    expect(world.asked).toBe(2);
  });
});
