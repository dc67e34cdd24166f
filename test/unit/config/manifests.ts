/** The smallest manifest that is right, and ways to change one thing of it. */
export const defaults = { namespace: 'flink-autopilot-test', file: 'flink-jobs.yml' };
export const job = { name: 'a', jar: 's3://bucket/a.jar' };
export const cluster = { name: 'c', ecsCluster: 'ecs', jobManagers: ['jm'], jobs: [job] };
export const withJob = (fields: object) => ({ clusters: [{ ...cluster, jobs: [{ ...job, ...fields }] }] });
export const withCluster = (fields: object) => ({ clusters: [{ ...cluster, ...fields }] });
export const urlCluster = { name: 'c', url: 'http://flink:8081', jobs: [job] };
export const withUrl = (fields: object) => ({ clusters: [{ ...urlCluster, ...fields }] });
