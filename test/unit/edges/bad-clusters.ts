import type { JobManagerIdentity } from '../../../lib/core/model.ts';
import type { ToldCode } from '../../../lib/core/problems.ts';
import { aTask, jm } from '../../support/builders.ts';
import { createJobManager } from '../pass/fake-jobmanager.ts';
import type { Broken, FakeWorld } from '../pass/fake-ports.ts';
import { type BadInput, fails } from './bad-input.ts';

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

const { address: _address, ...bridged } = aTask();

/** Wrong with a cluster: what it is, where it is, how it is spoken to. */
export const badClusters: readonly BadInput[] = [
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
