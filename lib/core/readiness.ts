import { defaults } from './defaults.ts';
import { isAccessRefused } from './errors.ts';
import type { Cluster, EcsView, FlinkView, JobManagerTask, Observation } from './model.ts';
import { modeOf } from './spec.ts';

/** The rungs below "jobs can be submitted", lowest first; `asleep` is not on the way up. */
export type Rung =
  | 'ecs'
  | 'asleep'
  | 'task'
  | 'address'
  | 'one-jobmanager'
  | 'rest'
  | 'submission'
  | 'version'
  | 'ha'
  | 'jobs';

export type Readiness = { readonly ready: true; readonly view: FlinkView } | NotReady;

type NotReady = {
  readonly ready: false;
  readonly rung: Rung;
  readonly text: string;
  readonly task?: JobManagerTask;
  /** Of the fault that hides the rung. */
  readonly code?: string;
  /** Others that the answer which shows this one shows to be fine. */
  readonly passed?: readonly Rung[];
};

/** How far the cluster has come: the one JobManager that can take submissions, or the missing rung with its reason. */
export const readiness = (cluster: Cluster, observation: Observation): Readiness => {
  if (!observation.ecs.known) {
    const { text, code } = observation.ecs.because;
    return missing('ecs', `ECS cannot be seen: ${text}`, undefined, code);
  }
  const ecs = observation.ecs.value;
  if (ecs.services.every(({ desiredCount }) => desiredCount === 0))
    return missing('asleep', 'all JobManager services have desiredCount 0');
  const wanted = ecs.tasks.filter((task) => task.desiredStatus === 'RUNNING');
  const running = wanted.filter((task) => task.lastStatus === 'RUNNING');
  const [task] = running;
  if (task === undefined) return missing('task', noTask(cluster, wanted, ecs));
  if (running.length > 1)
    return missing('one-jobmanager', `${running.length} JobManager tasks are wanted and running without HA`, task);
  if (task.address === undefined) return missing('address', noAddress(task), task);
  const view = observation.flink[task.taskArn];
  if (view === undefined) return missing('rest', 'the JobManager was not asked yet', task);
  if (!view.known) return missing('rest', view.because.text, task, view.because.code);
  return readinessOf(cluster, view.value, task);
};

const readinessOf = (cluster: Cluster, view: FlinkView, task: JobManagerTask): Readiness => {
  const { identity, jobs } = view;
  const { version, ha, submission } = identity;
  const oldest = defaults.flinkVersionMin.join('.');
  const rungs = [
    { rung: 'version', ok: supported(version), text: `Flink ${version}; ${oldest} or newer is needed` },
    { rung: 'ha', ok: ha === 'none', text: `high availability is on in the cluster (${ha})` },
    { rung: 'submission', ok: submission || !submits(cluster), text: 'web.submit.enable is false' },
  ] as const;
  const first = rungs.find(({ ok }) => !ok);
  const passed = rungs.filter(({ ok }) => ok).map(({ rung }) => rung);
  if (first !== undefined) return { ...missing(first.rung, first.text, task), passed };
  if (!jobs.known) return missing('jobs', jobs.because.text, task, jobs.because.code);
  return { ready: true, view };
};

/** Only a person ends it: nothing is waited for, the scheduled looks see when it is over. */
export const isHopeless = ({ rung, task, code }: Extract<Readiness, { readonly ready: false }>): boolean => {
  switch (rung) {
    case 'asleep':
    case 'ha':
    case 'submission':
    case 'version':
      return true;
    case 'ecs':
      return code === 'ECS_DENIED' || code === 'ECS_CLUSTER_MISSING' || code === 'ECS_SERVICE_MISSING';
    case 'address':
      return task?.awsvpc === false;
    case 'rest':
    case 'jobs':
      return isAccessRefused(code);
    case 'task':
    case 'one-jobmanager':
      return false;
  }
};

/** Where all that is wanted is only watched, Flink may refuse submissions: an application-mode cluster does. */
const submits = (cluster: Cluster): boolean =>
  cluster.jobs.length === 0 || cluster.jobs.some((job) => modeOf(cluster, job) !== 'watch');

const missing = (rung: Rung, text: string, task?: JobManagerTask, code?: string): NotReady => ({
  ready: false,
  rung,
  text,
  ...(task === undefined ? {} : { task }),
  ...(code === undefined ? {} : { code }),
});

const noTask = (cluster: Cluster, wanted: readonly JobManagerTask[], ecs: EcsView): string => {
  const [first] = wanted;
  if (first !== undefined) return `the JobManager task is ${first.lastStatus}`;
  const draining = ecs.tasks.filter((task) => task.lastStatus !== 'STOPPED').length;
  return `no JobManager task of ${cluster.jobManagers.join(', ')} is wanted and running (${draining} draining)`;
};

const noAddress = ({ awsvpc }: JobManagerTask): string =>
  awsvpc === false
    ? 'bridge networking: the autopilot needs awsvpc, so that the JobManager task has an address of its own (`networkMode: awsvpc` in its task definition)'
    : 'the JobManager task has no address yet';

const supported = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  const [minMajor, minMinor] = defaults.flinkVersionMin;
  return major > minMajor || (major === minMajor && minor >= minMinor);
};
