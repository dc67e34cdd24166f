import { parseManifest } from '../../../lib/config.ts';

/** The smallest manifest that is right, and ways to change one thing of it. */
export const defaults = { namespace: 'flink-autopilot-test', file: 'flink-jobs.yml' };
export const job = { name: 'a', jar: 's3://bucket/a.jar' };
export const cluster = { name: 'c', ecsCluster: 'ecs', jobManagers: ['jm'], jobs: [job] };
export const withJob = (fields: object) => ({ clusters: [{ ...cluster, jobs: [{ ...job, ...fields }] }] });
export const withCluster = (fields: object) => ({ clusters: [{ ...cluster, ...fields }] });
export const withWebhooks = (...webhooks: readonly object[]) => ({ clusters: [cluster], alerts: { webhooks } });
export const urlCluster = { name: 'c', url: 'http://flink:8081', jobs: [job] };
export const withUrl = (fields: object) => ({ clusters: [{ ...urlCluster, ...fields }] });

/** What a person reads of a manifest that is wrong. */
export const refusal = (input: unknown): string => {
  try {
    parseManifest(input, defaults);
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault);
  }
  return 'nothing was wrong';
};
/** The lines below the headline, without the file. */
export const linesOf = (input: unknown): string[] =>
  refusal(input)
    .split('\n')
    .slice(1)
    .map((line) => line.replace('  flink-jobs.yml: ', ''));
