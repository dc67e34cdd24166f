import { defaults } from '../../lib/core/defaults.ts';
import { Fault } from '../../lib/core/errors.ts';
import type { EcsView, FlinkJob, Slots } from '../../lib/core/model.ts';
import type { Run } from './checkers/checker.ts';
import { urlOf } from './checkers/looks.ts';
import { lineageOf } from './checkers/sender.ts';
import type { Call } from './sim.ts';
import type { DeedKind } from './world/usual.ts';

/** Was the run in this state? Judged at its end by what happened and what callers were given, never by what was drawn. */
export type State = (run: Ended) => boolean;

/** A run that is over, its calls by their name: most states ask for those of one method. */
type Ended = Run & { readonly calls: ReadonlyMap<string, readonly Call[]> };

/** The states that a run was in. */
export const statesOf = (run: Run): readonly string[] => {
  const ended = { ...run, calls: Map.groupBy(run.sim.calls, ({ name }) => name) };
  return Object.keys(states).filter((name) => states[name]?.(ended));
};

/** Of one method. */
const anyCall =
  (name: string, is: (call: Call) => boolean): State =>
  ({ calls }) =>
    calls.get(name)?.some(is) === true;

/** Of one port, or of any. */
const anyCallOf =
  (port: string, is: (call: Call) => boolean): State =>
  ({ sim }) =>
    sim.calls.some((call) => call.name.startsWith(port) && is(call));

const anyPost =
  (is: (post: Run['world']['truth']['posts'][number], index: number) => boolean): State =>
  ({ world }) =>
    world.truth.posts.some(is);

const anyAttempt =
  (is: (attempt: Attempt, run: Run) => boolean): State =>
  (run) =>
    run.world
      .clusters()
      .some(({ name }) =>
        Object.values(run.world.store.memory(name).jobs).some(({ attempts }) => attempts.some((each) => is(each, run))),
      );

type Attempt = ReturnType<Run['world']['store']['memory']>['jobs'][string]['attempts'][number];

const anyIncident =
  (code: string): State =>
  ({ world }) =>
    world.truth.alerts.some(({ key, state }) => state === 'open' && (key === code || key.startsWith(`${code}#`)));

const anyEcs = (is: (view: EcsView) => boolean): State => anyCall('ecs.look', (call) => is(answerOf(call) as EcsView));

const anyDeed =
  (kind: DeedKind): State =>
  ({ world }) =>
    world.truth.deeds.some(({ what }) => what === kind);

const anyProcess =
  (how: string): State =>
  ({ world }) =>
    world.truth.processes.some(({ endedHow = '' }) => endedHow.includes(how));

const answerOf = ({ given }: Call): unknown => (given !== undefined && 'value' in given ? given.value : undefined);
const faultOf = ({ given }: Call): Fault | undefined =>
  given !== undefined && 'fault' in given && given.fault instanceof Fault ? given.fault : undefined;
const codeOf = (call: Call): string => faultOf(call)?.code ?? '';
const isOurs = ({ world }: Run, jobId: string): boolean =>
  world.clusters().some(({ jobs }) => jobs.some(({ lineage }) => lineage === lineageOf(jobId)));

/** States that any large set of runs has to reach, or it proves nothing. */
export const states: Readonly<Record<string, State>> = {
  'a POST lost': anyCall('flink.run', (call) => call.executedMs === undefined && isUnknown(call)),
  'a POST carried out, its answer lost': (run) =>
    run.world.truth.posts.some(({ ended, jobId, invocation, deadlineMs, endedMs = deadlineMs }) =>
      run.calls
        .get('flink.run')
        ?.some(
          (call) =>
            call.by.name === invocation &&
            ended === 'started' &&
            isUnknown(call) &&
            endedMs + ANSWERED_MS < deadlineMs &&
            JSON.stringify(call.args[2]).includes(jobId),
        ),
    ),
  'a POST arrives after its caller gave up': anyPost(({ atMs, deadlineMs }) => atMs > deadlineMs + LATE_MS),
  'an old answer': anyCallOf('', (call) => call.executedMs === undefined && 'value' in (call.given ?? {})),
  'a port refuses without being asked': anyCallOf(
    '',
    (call) => call.executedMs === undefined && faultOf(call)?.kind === 'rejected',
  ),
  'an owner wakes up and was overtaken': anyCallOf('store.', (call) => faultOf(call)?.kind === 'conflict'),
  'an invocation dies in the middle': ({ sim }) =>
    sim.invocations.some(({ dead, endedMs, disturbed }) => dead && endedMs === undefined && !disturbed),
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
  'main() ends its JobManager': anyProcess('main() of'),
  'a JobManager is killed': anyProcess('killed'),
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
  'a job in another state than RUNNING': anyCall('flink.jobs', (call) =>
    ((answerOf(call) ?? []) as readonly FlinkJob[]).some(({ state }) => ['RESTARTING', 'MELTING'].includes(state)),
  ),
  'the list lacks a job that its id knows': anyCall('flink.jobState', (call) => answerOf(call) === 'RUNNING'),
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
  'an outage': ({ world }) => world.truth.outages.length > 0,
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
    anyEcs((view) => (view?.tasks ?? []).some(({ taskDefinitionArn }) => !taskDefinitionArn.endsWith(':1')))(run),
  'the TaskManagers are gone': (run) => {
    const had = new Set<string>();
    return anyCall('flink.slots', (call) => {
      const { total } = (answerOf(call) ?? { total: -1 }) as Slots;
      const url = urlOf(call.args[0]);
      if (total > 0) had.add(url);
      return total === 0 && had.has(url);
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
  'an alert is refused': anyCall('alerts.publish', (call) => faultOf(call) !== undefined),
  'a job is held by its budget': anyIncident('SUBMISSION_KILLS_JOBMANAGER'),
  'a job is held for its state': anyIncident('STATE_REQUIRED'),
  'a submission waits for foreign jobs': anyIncident('UNMATCHED_JOB'),
};

const isUnknown = (call: Call): boolean => faultOf(call)?.kind === 'unknown-outcome';

/** A job is listed before its POST is answered, which takes some milliseconds. */
const ANSWERED_MS = 200;

/** A call is on its way for some milliseconds. */
const LATE_MS = 100;
