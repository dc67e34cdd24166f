import { Fault } from '../../../lib/core/errors.ts';
import type { Cluster } from '../../../lib/core/model.ts';
import { aCluster, aJob, jm } from '../../support/builders.ts';
import { createJobManager } from '../pass/fake-jobmanager.ts';
import { type Broken, type FakeWorld, portsOf } from '../pass/fake-ports.ts';
import { type BadInput, fails, ordered } from './bad-input.ts';

const corrected = (): Cluster => aCluster([aJob({ mainClass: 'Corrected', revision: 'rev-2' })]);

const ofJob = { where: 'realtime/orders' } as const;

/** Its `main()` takes the whole process down, and the container starts another one. */
const exiting = (world: FakeWorld): Broken => {
  let restarts = 0;
  const run = async () => {
    restarts += 1;
    world.jobManagers.set(jm().address, createJobManager(jm(1, restarts).process));
    throw new Fault('unknown-outcome', 'RUN_BROKEN', 'the connection ended without an answer');
  };
  return { flink: { run } };
};

/** Wrong with a job: its jar, its program, its arguments. */
export const badJobs: readonly BadInput[] = [
  {
    name: 'a bucket that is denied',
    spoil: () => ({ jars: { look: fails('rejected', 'JAR_DENIED', 's3:GetObject is not allowed: AccessDenied') } }),
    code: 'JAR_UNREADABLE',
    ...ofJob,
    says: ['s3:GetObject is not allowed', "bucket's name and policy"],
  },
  {
    name: 'a file that is no jar',
    spoil: () => ({ flink: { upload: fails('rejected', 'NOT_A_JAR', 's3://jars/orders.jar is empty') } }),
    repair: (world) => {
      world.jars.set('s3://jars/orders.jar', { present: true, version: 'v2', sizeBytes: 1_000 });
      return undefined;
    },
    code: 'SUBMISSION_REFUSED',
    ...ofJob,
    says: ['s3://jars/orders.jar is empty', 'a new jar under the same name is noticed'],
  },
  {
    name: 'a wrong main class',
    spoil: () => ({ flink: { run: fails('rejected', 'CLASS_MISSING', "entry point class 'Tpyo' was not found") } }),
    repair: corrected,
    code: 'SUBMISSION_REFUSED',
    ...ofJob,
    says: ["'Tpyo' was not found", 'release realtime/orders'],
    runs: 1,
  },
  {
    name: 'a main() that throws',
    spoil: () => ({ flink: { run: fails('rejected', 'MAIN_THREW', 'java.net.ConnectException: db:5432') } }),
    code: 'MAIN_THREW',
    ...ofJob,
    says: ['java.net.ConnectException: db:5432', 'after 1, 2, 4, 8, 15'],
    // At once, then 1 and 2 minutes after the last.
    runs: 3,
  },
  {
    name: 'two execute() in one main()',
    // As Flink 2 answers: the first one runs, the second is refused under its id.
    spoil: (world) => ({
      flink: {
        run: async (...call) => {
          await portsOf(world).flink.run(...call);
          throw new Fault('rejected', 'DUPLICATE_JOB', 'Application has already been submitted.');
        },
      },
    }),
    repair: ordered('restart'),
    leaves: ['CANCELED', 'RUNNING'],
    code: 'SECOND_EXECUTE',
    ...ofJob,
    says: ['called execute() again', 'restart realtime/orders'],
    runs: 1,
  },
  {
    name: 'System.exit in main()',
    spoil: exiting,
    repair: corrected,
    code: 'SUBMISSION_KILLS_JOBMANAGER',
    ...ofJob,
    says: ['2 submissions in a row', 'System.exit', 'cluster.intercept-user-system-exit'],
    runs: 2,
  },
  {
    name: 'an argument whose secret does not exist',
    spoil: () => ({ secrets: { resolve: fails('rejected', 'SECRET_MISSING', '${ssm:/db}: there is no parameter') } }),
    cluster: aCluster([aJob({ args: ['--password=${ssm:/db}'] })]),
    code: 'SUBMISSION_FAILING',
    ...ofJob,
    says: ['${ssm:/db}: there is no parameter'],
  },
  {
    name: 'a cluster by url whose process changes',
    cluster: aCluster([aJob()], { ecsCluster: '', jobManagers: [], url: `http://${jm().address}:8081` }),
    ran: true,
    spoil: (world) => {
      world.jobManagers.set(jm().address, createJobManager(jm(1, 1).process));
      return {};
    },
    repair: ordered('release'),
    code: 'LOSS_UNPROVEN',
    ...ofJob,
    says: [`was on ${jm().process}`, 'release realtime/orders'],
  },
];
