import { Metrics as Emf } from '@aws-lambda-powertools/metrics';
import { METRICS, type Metric, type MetricsMode } from '../core/metrics.ts';
import type { Metrics } from '../ports.ts';

/** Where CloudWatch shows them. */
export const NAMESPACE = 'FlinkAutopilot';

/**
 * Metrics as lines of the log, of which CloudWatch makes them (embedded metric format): no call, no permission. One line a
 * pass with the dimensions `service` (of which stack) and `cluster`; by job one more for each job that has figures of its own.
 */
export const createEmfMetrics = (service: string, mode: Exclude<MetricsMode, 'off'>): Metrics => ({
  put: async (cluster, metrics) => {
    write(service, { cluster }, names.flatMap(ofCluster(metrics)));
    if (mode === 'cluster') return;
    const jobs = new Set(metrics.flatMap(({ job }) => (job === undefined ? [] : [job])));
    for (const job of jobs)
      write(
        service,
        { cluster, job },
        metrics.filter((metric) => metric.job === job),
      );
  },
});

const names = Object.keys(METRICS) as readonly Metric['name'][];

/** The format takes a hundred values of one metric. */
const VALUES_MAX = 99;

const ofCluster =
  (metrics: readonly Metric[]) =>
  (name: Metric['name']): readonly Metric[] => {
    const values = metrics.filter((metric) => metric.name === name).map(({ value }) => value);
    if (values.length === 0) return [];
    switch (METRICS[name].of) {
      case 'each':
        return values.slice(0, VALUES_MAX).map((value) => ({ name, value }));
      case 'max':
        return [{ name, value: Math.max(...values) }];
      case 'sum':
        return [{ name, value: values.reduce((sum, value) => sum + value, 0) }];
    }
  };

const write = (service: string, dimensions: Readonly<Record<string, string>>, metrics: readonly Metric[]): void => {
  const emf = new Emf({ namespace: NAMESPACE, serviceName: service });
  for (const [name, value] of Object.entries(dimensions)) emf.addDimension(name, value);
  for (const { name, value } of metrics) emf.addMetric(name, METRICS[name].unit, value);
  emf.publishStoredMetrics();
};
