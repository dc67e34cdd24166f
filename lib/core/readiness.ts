import { defaults } from './defaults.ts';
import { isAccessRefused, isLeaderRefused } from './errors.ts';
import { leaderPath, leadingView, noLeader, placeIn } from './leadership.ts';
import type { Cluster, EcsView, FlinkView, JobManagerTask, LeaderLook, Observation, Seen } from './model.ts';
import { modeOf } from './spec.ts';
import { newestStop, wordsOf } from './tasks/stops.ts';

/** The rungs below "jobs can be submitted", lowest first; `asleep` is not on the way up. */
export type Rung =
  | 'ecs'
  | 'asleep'
  | 'task'
  | 'address'
  | 'one-jobmanager'
  | 'rest'
  | 'leader'
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
  /** A lower one from which on nothing was seen: that nobody leads is known without any JobManager. */
  readonly unseenFrom?: Rung;
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
  // ECS promises no order.
  const wanted = ecs.tasks
    .filter((task) => task.desiredStatus === 'RUNNING')
    .toSorted((a, b) => (a.taskArn < b.taskArn ? -1 : 1));
  const running = wanted.filter((task) => task.lastStatus === 'RUNNING');
  for (const each of running) {
    const odd = disagreement(cluster, observation.flink[each.taskArn]);
    if (odd !== undefined) return readinessOn(cluster, observation, each, odd);
  }
  const [task] = running;
  const answering = running.filter(({ taskArn }) => observation.flink[taskArn]?.known === true);
  const unled = unledOf(observation.leader);
  // With something to recover whatever becomes of the tasks: a leader that cannot recover a job ends at each of its starts.
  if (unled !== undefined && (unled.jobs.length > 0 || (task !== undefined && answering.length === 0)))
    return {
      ...missing('leader', unledText(cluster, unled, task ?? noTask(cluster, wanted, ecs))),
      unseenFrom: 'rest',
    };
  if (task === undefined) return missing('task', noTask(cluster, wanted, ecs));
  if (cluster.leader !== undefined && answering.length > 0) return underLeader(cluster, observation, answering);
  if (cluster.leader === undefined && running.length > 1)
    return missing('one-jobmanager', `${running.length} JobManager tasks are wanted and running without HA`, task);
  return readinessOn(cluster, observation, task);
};

/** Where no task runs that is why: what there is to recover may be as well as ever. */
const unledText = (cluster: Cluster, unled: LeaderLook, task: JobManagerTask | string): string =>
  [...(typeof task === 'string' ? [task] : []), noLeader(cluster, unled, {})].join('; ');

/** What ZooKeeper says where it names nobody. */
const unledOf = (seen: Observation['leader']): LeaderLook | undefined =>
  seen?.known && seen.value.leader === undefined ? seen.value : undefined;

/** Which of those that answer is ready only the leader's own place tells. */
const underLeader = (cluster: Cluster, observation: Observation, answering: readonly JobManagerTask[]): Readiness => {
  if (cluster.leader === 'rest') return overRest(cluster, observation, answering);
  const leading = answering.find(({ taskArn }) => taskArn === leadingView(observation)?.incarnation.taskArn);
  if (leading !== undefined) return readinessOn(cluster, observation, leading);
  const { leader } = observation;
  if (leader === undefined) return missing('leader', 'ZooKeeper was not asked yet');
  if (!leader.known) return missing('leader', leader.because.text, undefined, leader.because.code);
  return missing('leader', noLeader(cluster, leader.value, observation.flink));
};

/** Each speaks for the one that leads, so that any does that lists jobs: always the first of those. */
const overRest = (cluster: Cluster, observation: Observation, answering: readonly JobManagerTask[]): Readiness => {
  const views = answering.flatMap((task) => {
    const view = observation.flink[task.taskArn];
    return view?.known ? [{ task, view: view.value }] : [];
  });
  const places = new Set(views.map(({ view: { identity } }) => placeIn(identity)));
  if (places.size > 1) return missing('ha', `its JobManagers are of several clusters: ${[...places].join(', ')}`);
  const [first] = views;
  const listing = views.find(({ view }) => view.jobs.known);
  if (listing !== undefined) return readinessOf(cluster, listing.view, listing.task);
  const because = first?.view.jobs.known === false ? first.view.jobs.because : undefined;
  return missing('leader', `no JobManager answers for a leader: ${because?.text}`, first?.task, because?.code);
};

/** `odd`: where the cluster and the manifest disagree. */
const readinessOn = (cluster: Cluster, observation: Observation, task: JobManagerTask, odd?: string): Readiness => {
  if (task.address === undefined) return missing('address', noAddress(task), task);
  const view = observation.flink[task.taskArn];
  if (view === undefined) return missing('rest', 'the JobManager was not asked yet', task);
  if (!view.known) return missing('rest', view.because.text, task, view.because.code);
  return readinessOf(cluster, view.value, task, odd);
};

const readinessOf = (cluster: Cluster, view: FlinkView, task: JobManagerTask, odd?: string): Readiness => {
  const { identity, jobs } = view;
  const { version, submission } = identity;
  const oldest = defaults.flinkVersionMin.join('.');
  const rungs: readonly { readonly rung: Rung; readonly ok: boolean; readonly text: string; readonly code?: string }[] =
    [
      { rung: 'version', ok: supported(version), text: `Flink ${version}; ${oldest} or newer is needed` },
      { rung: 'ha', ok: odd === undefined, text: odd ?? '' },
      { rung: 'submission', ok: submission || !submits(cluster), text: 'web.submit.enable is false' },
      { rung: 'jobs', ok: jobs.known, ...(jobs.known ? { text: '' } : jobs.because) },
    ];
  const first = rungs.find(({ ok }) => !ok);
  if (first === undefined) return { ready: true, view };
  const passed = rungs.filter(({ ok }) => ok).map(({ rung }) => rung);
  return { ...missing(first.rung, first.text, task, first.code), passed };
};

/** What the cluster says of its high availability and the manifest does not. */
const disagreement = ({ leader }: Cluster, view: Seen<FlinkView> | undefined): string | undefined => {
  if (view?.known !== true) return undefined;
  const { ha, zookeeper } = view.value.identity;
  if (leader === undefined)
    return ha === 'none'
      ? undefined
      : `high availability is on in the cluster (${ha}), and the manifest has no \`leader\``;
  if (zookeeper === undefined)
    return `the manifest has a \`leader\`, and the cluster's high-availability.type is ${ha}`;
  if (leader === 'rest') return undefined;
  const path = leaderPath(leader);
  return path === zookeeper.path
    ? undefined
    : `the manifest's \`leader\` is at ${path}, the cluster's at ${zookeeper.path}`;
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
    case 'leader':
      return isLeaderRefused(code);
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
  const none = `no JobManager task of ${cluster.jobManagers.join(', ')} is wanted and running (${draining} draining)`;
  const last = newestStop(ecs.tasks);
  return last === undefined ? none : `${none}; the last one: ${wordsOf(last)}`;
};

const noAddress = ({ awsvpc }: JobManagerTask): string =>
  awsvpc === false
    ? 'bridge networking: the autopilot needs awsvpc, so that the JobManager task has an address of its own (`networkMode: awsvpc` in its task definition)'
    : 'the JobManager task has no address yet';

const supported = (version: string): boolean => {
  const [first = '0', second = '0'] = version.split('.');
  const [major, minor] = [Number.parseInt(first, 10), Number.parseInt(second, 10)];
  const [minMajor, minMinor] = defaults.flinkVersionMin;
  return major > minMajor || (major === minMajor && minor >= minMinor);
};
