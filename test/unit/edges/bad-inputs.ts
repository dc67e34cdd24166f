import { Fault, type FaultKind } from '../../../lib/core/errors.ts';
import type { Cluster, JobManagerIdentity } from '../../../lib/core/model.ts';
import type { ToldCode } from '../../../lib/core/problems.ts';
import { aCluster, aJob, anOrder, aTask, jm } from '../../support/builders.ts';
import { createJobManager } from '../pass/fake-jobmanager.ts';
import type { Broken, FakeWorld } from '../pass/fake-ports.ts';

/** What a manifest, or the account behind it, has wrong. */
export type BadInput = {
  readonly name: string;
  readonly cluster?: Cluster;
  /** The job runs before it goes wrong. */
  readonly ran?: true;
  /** It goes wrong, in the world or in what its ports answer. */
  readonly spoil: (world: FakeWorld) => Broken;
  /** A person repairs what the ports say, and this; undefined = the manifest stays as it was. */
  readonly repair?: (world: FakeWorld) => Cluster | undefined | Promise<Cluster | undefined>;
  /** The one message of its opening. */
  readonly code: ToldCode;
  readonly where: 'realtime' | 'realtime/orders';
  readonly says: readonly string[];
  /** Calls that run the jar, until it is repaired; absent: none. */
  readonly runs?: number;
  /** It looks like a slow start, so that an event waits for its end. */
  readonly isWaitedFor?: true;
};

const fails = (kind: FaultKind, code: string, message: string) => async (): Promise<never> => {
  throw new Fault(kind, code, message);
};
const corrected = (): Cluster => aCluster([aJob({ mainClass: 'Corrected', revision: 'rev-2' })]);

const ofJob = { where: 'realtime/orders' } as const;
const ofCluster = { where: 'realtime' } as const;

/** The JobManager is there, and is spoken to in a way that it refuses. */
const refusing = (name: string, code: string, text: string): BadInput => ({
  name,
  spoil: () => {
    const refuse = fails('rejected', code, text);
    return { flink: { identity: refuse, jobs: refuse, slots: refuse } };
  },
  code: 'FLINK_ACCESS',
  ...ofCluster,
  says: [text, '`auth`', '`tls`', 'ssm:GetParameter', 'secretsmanager:GetSecretValue'],
});

const ecsRefusing = (name: string, code: string, text: string): BadInput => ({
  name,
  spoil: () => ({ ecs: { look: fails('rejected', code, text) } }),
  code: 'ECS_UNSEEN',
  ...ofCluster,
  says: [text, 'ecs: permissions', "the cluster's and the services' names"],
});

/** A process that says this of itself, until it is restarted with another configuration. */
const configured = (name: string, wrong: Partial<JobManagerIdentity>, code: ToldCode, ...says: string[]): BadInput => {
  const restart = (world: FakeWorld, restarts: number, identity: Partial<JobManagerIdentity>) =>
    void world.jobManagers.set(jm().address, createJobManager(jm(1, restarts).process, identity));
  const spoil = (world: FakeWorld): Broken => {
    restart(world, 1, wrong);
    return {};
  };
  return { name, spoil, repair: (world) => restart(world, 2, {}), code, ...ofCluster, says };
};

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

const { address: _address, ...bridged } = aTask();

export const badInputs: readonly BadInput[] = [
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
    spoil: () => ({ flink: { run: fails('rejected', 'RUN_REFUSED', 'Cannot have more than one execute()') } }),
    repair: corrected,
    code: 'SUBMISSION_REFUSED',
    ...ofJob,
    says: ['more than one execute()'],
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
    repair: async (world) => {
      const order = { ...anOrder('release'), atMs: world.nowMs, expiresMs: world.nowMs + 3_600_000 };
      await world.store.order('realtime', order, 0);
      return undefined;
    },
    code: 'LOSS_UNPROVEN',
    ...ofJob,
    says: [`was on ${jm().process}`, 'release realtime/orders'],
  },
  configured('submission that is disabled', { submission: false }, 'SUBMISSION_DISABLED', 'web.submit.enable is false'),
  configured('a Flink before 1.18', { version: '1.17.2' }, 'FLINK_TOO_OLD', 'Flink 1.17.2; 1.18 or newer is needed'),
  configured(
    'HA that is on and not declared',
    { ha: 'zookeeper' },
    'HA_UNSUPPORTED',
    'high availability is on in the cluster (zookeeper)',
  ),
  ecsRefusing('an unknown ECS cluster', 'ECS_CLUSTER_MISSING', 'ECS cluster flnik: there is no such cluster'),
  ecsRefusing('an unknown ECS service', 'ECS_SERVICE_MISSING', 'ECS cluster flink: there is no service jbomanager'),
  ecsRefusing('ECS that is denied', 'ECS_DENIED', 'ecs:ListTasks is not allowed'),
  {
    name: 'bridge networking',
    spoil: (world) => {
      world.tasks = [{ ...bridged, awsvpc: false }];
      return {};
    },
    repair: (world) => {
      world.tasks = [aTask()];
      return undefined;
    },
    code: 'CLUSTER_NOT_READY',
    ...ofCluster,
    says: ['bridge networking', '`networkMode: awsvpc`'],
  },
  {
    name: 'a wrong REST port',
    spoil: () => {
      const refuse = fails('transient', 'FLINK_UNREACHABLE', 'connect ECONNREFUSED 10.0.0.1:8082');
      return { flink: { identity: refuse, jobs: refuse, slots: refuse } };
    },
    code: 'CLUSTER_NOT_READY',
    ...ofCluster,
    says: ['connect ECONNREFUSED 10.0.0.1:8082', '`restPort`'],
    isWaitedFor: true,
  },
  refusing('TLS that does not match', 'FLINK_TLS', 'it speaks TLS and was asked in plain HTTP: set `tls`'),
  refusing('a wrong password', 'FLINK_DENIED', 'HTTP 401: the authentication is not accepted'),
  refusing('a password that does not exist', 'SECRET_MISSING', '${secret:flink#password}: there is no such secret'),
  refusing('a password that SSM denies', 'SECRET_DENIED', '${ssm:/flink}: ssm:GetParameter is not allowed'),
];
