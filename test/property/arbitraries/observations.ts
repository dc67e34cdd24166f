import fc from 'fast-check';
import type {
  Effect,
  FlinkJob,
  FlinkView,
  Incarnation,
  JobManagerTask,
  Observation,
  Seen,
} from '../../../lib/core/model.ts';
import { aFlinkJob, aTask, aView, idOf, jar, known, unknown } from '../../support/builders.ts';
import { mostly, process, processes, sometimes } from './chances.ts';

const states = ['RUNNING', 'CREATED', 'RESTARTING', 'SUSPENDED', 'TOMORROW', 'FINISHED', 'CANCELED', 'FAILED'];
const ids = [idOf(1), idOf(2), idOf(3)];

const seen = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Seen<T>> =>
  fc.oneof(
    { weight: 20, arbitrary: value.map((each) => known(each)) },
    { weight: 1, arbitrary: fc.constant(unknown()) },
  );

/** A job has one name, whoever lists it. */
const nameOf = (jobId: string): string => (jobId.startsWith('e') ? 'payments' : 'orders');

const flinkJob: fc.Arbitrary<FlinkJob> = fc
  .record({
    jobId: fc.constantFrom(...ids, idOf(4), 'f'.repeat(32), 'e'.repeat(32)),
    state: fc.constantFrom(...states),
    tasksRunning: fc.nat(2),
  })
  .map(({ jobId, state, tasksRunning }) => aFlinkJob(jobId, state, { name: nameOf(jobId), tasksRunning }));
const flinkJobs = fc.uniqueArray(flinkJob, { maxLength: 2, selector: ({ jobId }) => jobId });

/** A ready JobManager most of the time, `idle` times as often without jobs as with some; ids that it does not list are asked for and mostly not known to it. */
const viewOf = (on: Incarnation, idle: number): fc.Arbitrary<FlinkView> =>
  fc
    .record({
      jobs: seen(fc.oneof({ weight: idle, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: flinkJobs })),
      slots: seen(fc.record({ free: fc.nat(4), total: fc.constant(4) })),
      answers: fc.tuple(...ids.map(() => mostly(20, 'absent', 'RUNNING', 'FAILED', '?'))),
      version: mostly(20, '1.20.5', '1.17.0'),
      ha: mostly(20, 'none', 'zookeeper'),
      submission: mostly(20, true, false),
    })
    .map(({ jobs, slots, answers, ...identity }) => {
      const listed = jobs.known ? jobs.value.map(({ jobId }) => jobId) : [];
      const byId = ids.map((id, index) => {
        const answer = answers[index] ?? '?';
        return [id, answer === '?' ? unknown() : known(answer)] as const;
      });
      const asked = Object.fromEntries(byId.filter(([id]) => !listed.includes(id)));
      return { ...aView(on, { byId: asked, identity }), jobs, slots };
    });

type SeenTask = { readonly task: JobManagerTask; readonly view: Seen<FlinkView> | undefined };

const taskOf = (
  on: Incarnation,
  statuses: fc.Arbitrary<readonly [string, string]>,
  idle: number,
): fc.Arbitrary<SeenTask> =>
  fc.tuple(statuses, seen(viewOf(on, idle))).map(([[desiredStatus, lastStatus], view]) => ({
    task: aTask(on, { desiredStatus, lastStatus }),
    view: lastStatus === 'RUNNING' ? view : undefined,
  }));
const wanted = mostly<readonly [string, string]>(
  9,
  ['RUNNING', 'RUNNING'],
  ['RUNNING', 'PENDING'],
  ['STOPPED', 'RUNNING'],
);
const other = mostly<readonly [string, string]>(
  4,
  ['STOPPED', 'STOPPED'],
  ['STOPPED', 'RUNNING'],
  ['STOPPED', 'STOPPING'],
  ['RUNNING', 'RUNNING'],
  ['RUNNING', 'PENDING'],
);

const observationOf = (idle: number): fc.Arbitrary<Observation> =>
  fc
    .record({
      first: process.chain((on) => taskOf(on, wanted, idle)),
      second: sometimes(
        process.chain((on) => taskOf(on, other, idle)),
        2,
      ),
      isEcsKnown: mostly(20, true, false),
      desiredCount: mostly(20, 1, 0),
      seenJar: mostly<Observation['jars'][string]>(
        6,
        known({ present: true, version: 'v1', sizeBytes: 1_000 }),
        known({ present: true, version: 'v2', sizeBytes: 1_000 }),
        known({ present: false }),
        unknown(),
      ),
    })
    .map(({ first, second, isEcsKnown, desiredCount, seenJar }) => {
      const all = second === null || second.task.taskArn === first.task.taskArn ? [first] : [first, second];
      const tasks = all.map(({ task }) => task);
      const arns = new Set(tasks.map(({ taskArn }) => taskArn));
      const missing = processes.map(({ taskArn }) => taskArn).filter((arn) => !arns.has(arn));
      const services = [{ name: 'jobmanager', desiredCount }];
      const views = all.flatMap(({ task: { taskArn }, view }) =>
        view === undefined ? [] : [[taskArn, view] as const],
      );
      const [uri = ''] = Object.keys(jar());
      return {
        ecs: isEcsKnown ? known({ services, tasks, missing }) : unknown(),
        flink: Object.fromEntries(views),
        jars: { [uri]: seenJar },
      };
    });

/** What one look may bring: a JobManager task that is mostly wanted, perhaps another that mostly has stopped, each of them seen or not. */
export const observation: fc.Arbitrary<Observation> = observationOf(2);

/** The same, where every JobManager that answers runs something. */
export const observationOfJobs: fc.Arbitrary<Observation> = observationOf(0);

/** It says already how the attempt ends that is about to be made, which no world can. */
export const foretells = ({ flink }: Observation, effect: Effect): boolean =>
  effect.kind === 'run' &&
  Object.values(flink).some((view) => {
    const says = view.known ? view.value.byId[effect.attempt.jobId] : undefined;
    return says?.known === true && says.value === 'FAILED';
  });
