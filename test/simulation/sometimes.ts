import { defaults } from '../../lib/core/defaults.ts';
import type { EcsView, Slots } from '../../lib/core/model.ts';
import type { Run } from './checkers/checker.ts';
import { lineageOf } from './checkers/sender.ts';
import {
  answerOf,
  anyAttempt,
  anyCall,
  anyDeed,
  anyEcs,
  anyIncident,
  anyPost,
  anyProcess,
  codeOf,
  endedOf,
  faultOf,
  isInTrouble,
  isOurs,
  listsAny,
  processAt,
  type State,
} from './state.ts';
import { ofCalls } from './states-of-calls.ts';
import { ofHealth } from './states-of-health.ts';
import { ofLeaders } from './states-of-leaders.ts';
import { ofState } from './states-of-state.ts';
import { ofTasks } from './states-of-tasks.ts';

/** States that any large set of runs has to reach, or it proves nothing. */
export const states = {
  ...ofCalls,
  'a cluster is found busy': anyCall(
    'store.acquire',
    (call) => call.given !== undefined && 'value' in call.given && call.given.value === undefined,
  ),
  'a bell is rung': anyCall('store.ring', (call) => answerOf(call) !== undefined),
  'who leaves hears the bell': anyCall('store.release', (call) => answerOf(call) !== undefined),
  'the same id once more': anyPost(({ twins }) => twins > 0),
  'main() slower than the call': anyPost(({ atMs, endedMs = atMs }) => endedMs - atMs > defaults.submitCallMs),
  'a duplicate id refused': anyPost(({ ended }) => ended === 'DUPLICATE_JOB'),
  // Also one whose sender does not hear of it any more.
  'a POST finds another process': ({ world }) => world.truth.bounced.some(({ ended }) => ended === 'JAR_GONE'),
  'a jar is none': anyCall('flink.run', (call) => ['NOT_A_JAR', 'CLASS_MISSING', 'NO_JOB'].includes(codeOf(call))),
  'main() threw': anyPost(({ ended }) => ended === 'MAIN_THREW'),
  'main() takes longer than it may': ({ sim, world }) =>
    world.truth.posts.some(
      ({ atMs, endedMs = sim.time.nowMs(), ended }) => ended !== 'died' && endedMs - atMs > defaults.mainWithinMs,
    ),
  'main() ends its JobManager': anyProcess('main() of'),
  'a JobManager is killed, and nothing else is': ({ world }) =>
    world.truth.processes.some(({ endedHow }) => endedHow === 'killed'),
  'a crash loop': anyProcess('crash loop'),
  'a process restarts in its task, at the same address': ({ world }) =>
    world.truth.processes.some(({ id, taskArn, address }) =>
      world.truth.processes.some((other) => other.id !== id && other.taskArn === taskArn && other.address === address),
    ),
  'a draining JobManager runs a job': anyEcs((view) =>
    (view?.tasks ?? []).some(
      ({ desiredStatus, lastStatus }) => desiredStatus === 'STOPPED' && lastStatus === 'RUNNING',
    ),
  ),
  'two JobManagers are wanted': anyEcs(
    (view) =>
      (view?.tasks ?? []).filter((task) => task.desiredStatus === 'RUNNING' && task.lastStatus === 'RUNNING').length >
      1,
  ),
  'a cluster sleeps': anyEcs((view) => view?.services.every(({ desiredCount }) => desiredCount === 0) === true),
  'a job in another state than RUNNING': listsAny('RESTARTING', 'MELTING'),
  'a job is in a state that Flink shows only as it heals it': listsAny('SUSPENDED', 'RECONCILING', 'MELTING'),
  'the list lacks a job that its id knows': anyCall('flink.jobState', (call) => answerOf(call) === 'RUNNING'),
  'the list lacks a job, and its id fails': anyCall('flink.jobState', (call) => codeOf(call) === 'FLINK_FAILED'),
  'a job failed': ({ world }) => world.truth.starts.some(({ copy }) => copy.state === 'FAILED'),
  'a job lost with its JobManager starts again': ({ world }) =>
    world.truth.starts.some(({ copy }) =>
      world.truth.starts.some((other) => other.copy.lineage === copy.lineage && other.copy.process !== copy.process),
    ),
  'a job adopted': anyAttempt(({ jobId }, run) => !isOurs(run, jobId)),
  'a job recognised after a loss': anyAttempt(
    ({ jobId, posts, jarVersion }, run) => posts.length === 0 && jarVersion === 'unknown' && isOurs(run, jobId),
  ),
  'a table lost': ({ world }) => world.truth.losses.some(({ what }) => what === 'table'),
  'an item lost': ({ world }) => world.truth.losses.some(({ what }) => what === 'item'),
  'a backup restored': ({ world }) => world.truth.losses.some(({ what }) => what === 'backup'),
  'an outage': ({ world }) => world.truth.outages.some(({ port }) => port !== 'snapshots'),
  'an event dropped': ({ world }) => world.truth.events.some(({ rings }) => rings.length === 0),
  'an event twice': ({ world }) => world.truth.events.some(({ rings }) => rings.length > 1),
  'an order is over': ({ world }) =>
    world.clusters().some(({ name }) => world.store.log(name).some(({ orderId }) => orderId !== undefined)),
  'an ordered restart cancels': ({ world }) => world.truth.cancels.length > 0,
  'a person cancels a job': anyDeed('cancelByHand'),
  'a person stops a job with a savepoint': anyDeed('stopByHand'),
  'a person starts a copy': anyDeed('submitByHand'),
  'a manifest is deployed': anyDeed('deployManifest'),
  'a cluster is scaled to 0': anyDeed('sleep'),
  'a service wants two': anyDeed('twoWanted'),
  'a cluster moves to another service': anyDeed('moveService'),
  'a cluster is configured anew': anyDeed('reconfigure'),
  'a JobManager stands still': ({ world }) => world.truth.processes.some(({ frozenUntilMs }) => frozenUntilMs > 0),
  'a new task definition, and no new configuration': (run) =>
    !anyDeed('reconfigure')(run) &&
    anyCall(
      'ecs.look',
      (call) =>
        isInTrouble(run, call) &&
        (answerOf(call) as EcsView | undefined)?.tasks.some(
          ({ taskDefinitionArn }) => !taskDefinitionArn.endsWith(':1'),
        ) === true,
    )(run),
  'the TaskManagers are gone': (run) => {
    const had = new Set<string>();
    return anyCall('flink.slots', (call) => {
      const { total } = (answerOf(call) ?? { total: -1 }) as Slots;
      const process = processAt(run, call);
      if (total > 0) had.add(process);
      return total === 0 && had.has(process);
    })(run);
  },
  'a spec changes while its job runs': anyAttempt(
    ({ end, sightedOn, jobId, revision }, { world }) =>
      end === undefined &&
      sightedOn !== undefined &&
      world
        .clusters()
        .some(({ jobs }) => jobs.some((job) => job.lineage === lineageOf(jobId) && job.revision !== revision)),
  ),
  'an incident opens and closes': ({ world }) => world.truth.alerts.some(({ state }) => state === 'closed'),
  'a webhook refuses a message': anyCall('webhook.publish', (call) => faultOf(call) !== undefined),
  'an alert is refused': anyCall('alerts.publish', (call) => faultOf(call) !== undefined),
  'a job is held by its budget': anyIncident('SUBMISSION_KILLS_JOBMANAGER'),
  'a job is held for its state': anyIncident('STATE_REQUIRED'),
  'a submission waits for foreign jobs': anyIncident('UNMATCHED_JOB'),
  ...ofHealth,
  ...ofState,
  ...ofLeaders,
  ...ofTasks,
} satisfies Readonly<Record<string, State>>;

export type StateName = keyof typeof states;

/** The states that a run was in. */
export const statesOf = (run: Run): readonly string[] => {
  const ended = endedOf(run);
  return Object.entries(states).flatMap(([name, isSo]) => (isSo(ended) ? [name] : []));
};
