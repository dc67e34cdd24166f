import assert from 'node:assert/strict';
import { ECSClient } from '@aws-sdk/client-ecs';
import { createEcsTasks } from '../../../lib/adapters/ecs/ecs-tasks.ts';
import type { Cluster } from '../../../lib/core/model.ts';
import type { EcsTasks } from '../../../lib/ports.ts';
import { type AwsPlace, clientOptions, timing } from './aws-live.ts';
import { type Case, expectFault, waitFor } from './case.ts';

/** An ECS on which every JobManager service of `cluster` that is wanted has a running task. */
export type EcsTarget = { readonly ecs: EcsTasks; readonly cluster: Cluster };

export const ecsTarget = (place: AwsPlace, cluster: Cluster): EcsTarget & { close: () => void } => {
  const client = new ECSClient(clientOptions(place));
  return { ecs: createEcsTasks({ ...timing, client, redact: (text) => text }), cluster, close: () => client.destroy() };
};

const soon = () => Date.now() + 10_000;

/** What every ECS tells of tasks. */
export const ecsTaskCases: readonly Case<EcsTarget>[] = [
  {
    name: 'a running JobManager is seen with its service, address and task definition',
    run: async ({ ecs, cluster }) => {
      const { services, tasks, missing } = await ecs.look(cluster, [], soon());
      assert.deepEqual(
        services.map(({ name }) => name),
        cluster.jobManagers,
      );
      assert.deepEqual(missing, []);
      const wanted = services.filter(({ desiredCount }) => desiredCount >= 1);
      assert(wanted.length >= 1);
      for (const { name: service } of wanted) {
        const task = tasks.find((one) => one.service === service && one.lastStatus === 'RUNNING');
        assert(task !== undefined, `no running task of ${service}`);
        assert.match(task.address ?? '', /^\d+\.\d+\.\d+\.\d+$/);
        assert.match(task.taskArn, /^arn:aws:ecs:[^:]+:\d{12}:task\//);
        assert.match(task.taskDefinitionArn, /:task-definition\/.+:\d+$/);
      }
    },
  },
  {
    name: 'the TaskManager services are seen with the number of tasks that is wanted and that run',
    run: async ({ ecs, cluster }) => {
      assert(cluster.taskManagers.length >= 1);
      const { services, stopped } = await ecs.taskManagers(cluster, soon());
      assert.deepEqual(
        services.map(({ name }) => name),
        cluster.taskManagers,
      );
      for (const { desiredCount, runningCount } of services) {
        assert(desiredCount >= 1);
        assert.equal(runningCount, desiredCount);
      }
      for (const { service } of stopped) assert(cluster.taskManagers.includes(service), `${service} is none of them`);
    },
  },
  {
    name: 'a task that is asked for and that ECS does not know is missing',
    run: async ({ ecs, cluster }) => {
      const { tasks } = await ecs.look(cluster, [], soon());
      const known = tasks[0]?.taskArn ?? assert.fail('no task');
      const unknown = known.replace(/[^/]+$/, 'ffffffffffffffffffffffffffffffff');
      const view = await ecs.look(cluster, [unknown, known], soon());
      assert.deepEqual(view.missing, [unknown]);
      assert.equal(view.tasks.filter(({ taskArn }) => taskArn === known).length, 1);
    },
  },
];

/** What every ECS must do. */
export const ecsCases: readonly Case<EcsTarget>[] = [
  ...ecsTaskCases,
  {
    name: 'a service that is not there is said so',
    run: async ({ ecs, cluster }) => {
      const wrong = { ...cluster, jobManagers: [...cluster.jobManagers, 'absent-service'] };
      const fault = await expectFault(ecs.look(wrong, [], soon()), 'rejected', 'ECS_SERVICE_MISSING');
      assert.match(fault.message, /absent-service/);
    },
  },
  {
    name: 'a TaskManager service that is not there is said so, and hides no JobManager',
    run: async ({ ecs, cluster }) => {
      const wrong = { ...cluster, taskManagers: [...cluster.taskManagers, 'absent-service'] };
      const fault = await expectFault(ecs.taskManagers(wrong, soon()), 'rejected', 'ECS_SERVICE_MISSING');
      assert.match(fault.message, /absent-service.*`taskManagers`|MISSING/);
      assert((await ecs.look(wrong, [], soon())).tasks.length >= 1);
    },
  },
  {
    name: 'a cluster that is not there is said so',
    run: async ({ ecs, cluster }) => {
      const wrong = { ...cluster, ecsCluster: 'absent-cluster' };
      await expectFault(ecs.look(wrong, [], soon()), 'rejected', 'ECS_CLUSTER_MISSING');
    },
  },
];

/** `drain` asks a running JobManager to stop, which it does not do before `end`. */
export type DrainTarget = EcsTarget & {
  readonly drain: () => Promise<{ readonly taskArn: string; readonly end: () => Promise<unknown> }>;
};

/** These end a JobManager. */
export const drainCases: readonly Case<DrainTarget>[] = [
  {
    name: 'a task that was asked to stop is listed while its container runs, and after its end (F126)',
    run: async ({ ecs, cluster, drain }) => {
      const { taskArn, end } = await drain();
      const look = async () => {
        const { tasks, missing } = await ecs.look(cluster, [taskArn], soon());
        assert.deepEqual(missing, []);
        return tasks.find((task) => task.taskArn === taskArn) ?? assert.fail('not listed');
      };
      const asked = await waitFor('the wish', look, ({ desiredStatus }) => desiredStatus === 'STOPPED');
      assert.notEqual(asked.lastStatus, 'STOPPED');
      await end();
      const { stop } = await waitFor('its end', look, ({ lastStatus }) => lastStatus === 'STOPPED');
      assert.match(stop?.code ?? '', /^(UserInitiated|ServiceSchedulerInitiated)$/);
      assert((stop?.reason ?? '') !== '');
      assert(stop?.atMs !== undefined);
      assert((stop.createdMs ?? Number.POSITIVE_INFINITY) <= stop.atMs);
      assert.equal(stop.exits.length, 1);
      assert.equal(typeof stop.exits[0]?.exitCode, 'number');
    },
  },
];
