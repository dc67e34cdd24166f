import { Ajv } from 'ajv';
import { afterEach, describe, expect, it } from 'vitest';
import { createEmfMetrics } from '../../../lib/adapters/emf-metrics.ts';
import { METRICS, type Metric, type MetricsMode } from '../../../lib/core/metrics.ts';
import { captured } from '../../support/captured.ts';

const cleanups: (() => unknown)[] = [];
const release = () => {
  for (const cleanup of cleanups.splice(0)) cleanup();
};
afterEach(release);

type Line = Readonly<Record<string, unknown>> & {
  readonly _aws: { readonly CloudWatchMetrics: readonly { readonly Dimensions: unknown; readonly Metrics: unknown }[] };
};

const linesOf = async (
  mode: Exclude<MetricsMode, 'off'>,
  ...puts: readonly [cluster: string, metrics: readonly Metric[]][]
): Promise<Line[]> => {
  const lines = captured(cleanups);
  const metrics = createEmfMetrics('flink-autopilot-dev', mode);
  for (const put of puts) await metrics.put(...put);
  release();
  return lines.map((line) => JSON.parse(line));
};

/** As AWS publishes it with the specification of the embedded metric format. */
const text = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength, pattern: '^(.*)$' });
const schema = {
  type: 'object',
  required: ['_aws'],
  properties: {
    _aws: {
      type: 'object',
      required: ['Timestamp', 'CloudWatchMetrics'],
      properties: {
        Timestamp: { type: 'integer' },
        CloudWatchMetrics: {
          type: 'array',
          items: {
            type: 'object',
            required: ['Namespace', 'Dimensions', 'Metrics'],
            properties: {
              Namespace: text(1_024),
              Dimensions: {
                type: 'array',
                minItems: 1,
                items: { type: 'array', minItems: 1, maxItems: 30, items: text(250) },
              },
              Metrics: {
                type: 'array',
                minItems: 1,
                maxItems: 100,
                items: {
                  type: 'object',
                  required: ['Name'],
                  properties: { Name: text(1_024), Unit: { enum: ['Seconds', 'Milliseconds', 'Count'] } },
                },
              },
            },
          },
        },
      },
    },
  },
};
const fits = new Ajv().compile(schema);

const names = Object.keys(METRICS) as Metric['name'][];
const every = names.map((name): Metric => ({ name, value: 1, ...(name === 'PassDuration' ? {} : { job: 'orders' }) }));
const targets = { service: 'flink-autopilot-dev', cluster: 'realtime' };

describe('metrics in the log', () => {
  it('are one line a pass, by cluster, in the embedded metric format', async () => {
    const [line, ...more] = await linesOf('cluster', ['realtime', every]);
    expect(more).toEqual([]);
    expect(fits(line), JSON.stringify(fits.errors)).toBe(true);
    expect(line).toMatchObject({ ...targets, TimeToReady: 1, PassDuration: 1 });
    const [directive] = line?._aws.CloudWatchMetrics ?? [];
    expect(directive).toMatchObject({ Namespace: 'FlinkAutopilot', Dimensions: [['service', 'cluster']] });
    expect(directive?.Metrics).toEqual(names.map((Name) => ({ Name, Unit: METRICS[Name].unit })));
  });

  it('of jobs are each start, all restarts, and the oldest checkpoint of their cluster', async () => {
    const jobs = ['a', 'b'].flatMap((job, index): Metric[] => [
      { name: 'TimeToRunning', value: 10 + index, job },
      { name: 'RestartsByFlink', value: 3, job },
      { name: 'CheckpointAge', value: 60 - index, job },
    ]);
    expect(await linesOf('cluster', ['realtime', jobs])).toMatchObject([
      { ...targets, TimeToRunning: [10, 11], RestartsByFlink: 6, CheckpointAge: 60 },
    ]);
  });

  it('by job have a line more for each, and nothing of the cluster in it', async () => {
    const jobs = ['a', 'b'].map((job): Metric => ({ name: 'CheckpointAge', value: 7, job }));
    const lines = await linesOf('job', ['realtime', [...jobs, { name: 'PassDuration', value: 5 }]]);
    expect(lines.map(({ job, PassDuration }) => ({ job, PassDuration }))).toEqual([
      { PassDuration: 5 },
      { job: 'a' },
      { job: 'b' },
    ]);
    expect(lines[1]?._aws.CloudWatchMetrics[0]?.Dimensions).toEqual([['service', 'cluster', 'job']]);
    for (const line of lines) expect(fits(line), JSON.stringify(fits.errors)).toBe(true);
  });

  it('stay one line where more jobs start at once than the format takes values', async () => {
    const many = Array.from({ length: 250 }, (_, n): Metric => ({ name: 'TimeToRunning', value: n, job: `job-${n}` }));
    const [line, ...more] = await linesOf('cluster', ['realtime', many]);
    expect(more).toEqual([]);
    expect(line).toMatchObject(targets);
    expect(line?.TimeToRunning).toHaveLength(99);
  });

  it('of one cluster say nothing of the one before', async () => {
    const [first, second] = await linesOf(
      'cluster',
      ['realtime', [{ name: 'IncidentsOpen', value: 2 }]],
      ['batch', [{ name: 'PassDuration', value: 9 }]],
    );
    expect(first).toMatchObject({ cluster: 'realtime', IncidentsOpen: 2 });
    expect(second).toMatchObject({ cluster: 'batch', PassDuration: 9 });
    expect(second).not.toHaveProperty('IncidentsOpen');
  });
});
