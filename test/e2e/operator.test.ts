import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CLUSTER } from '../../local/deploy/deployments.ts';
import { installEmulator } from '../../local/install/emulator.ts';
import { waitFor } from '../../local/wait-for.ts';
import { startForeignJobs } from './support/jobs.ts';
import { overlapJobManagers, redefineJobManagers, redeployJobManagers } from './support/rolling.ts';
import { jobManagers, openStage, type Stage } from './support/stage.ts';

/** From the first request to a service that is stable again. */
const OPERATOR_MAX_MS = 120_000;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage('operator');
  await startForeignJobs(stage, ['by-hand']);
});
afterAll(() => stage?.close());

test('what the AWS CLI asks of ECS is answered as by ECS, and done', async () => {
  const { python } = await installEmulator(() => {});
  const [old] = jobManagers(stage.world);
  const script = join(import.meta.dirname, 'support/ecs_operator.py');
  const { stdout } = await promisify(execFile)(python, [script, CLUSTER], {
    env: stage.world.env,
    timeout: OPERATOR_MAX_MS,
  });
  expect(JSON.parse(stdout)).toEqual({
    'describe-tasks': { address: old?.address, started: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) },
    'list-services': ['jobmanager', 'taskmanager'],
    'run-task': { group: 'family:flink-on-ecs-jobmanager', listed: true },
    'stop-task': ['STOPPED', 'UserInitiated', 'enough'],
    'update-service': ['PRIMARY', 'ACTIVE'],
    replaced: true,
    'describe-services': { status: 'ACTIVE', desiredCount: 1, runningCount: 1, pendingCount: 0 },
    refused: [
      'An error occurred (ClusterNotFoundException) when calling the ListTasks operation: Cluster not found.',
      'An error occurred (ServiceNotFoundException) when calling the UpdateService operation: Service not found.',
      'An error occurred (ClientException) when calling the UpdateService operation: TaskDefinition not found.',
      'An error occurred (InvalidParameterException) when calling the StopTask operation: The referenced task was not found.',
      'An error occurred (InvalidParameterException) when calling the ListTasks operation: Invalid token.',
    ],
    missing: ['MISSING'],
  });
});

test('with 100/200 two JobManagers overlap, and the old one drains', async () => {
  await overlapJobManagers(stage);
  const old = jobManagers(stage.world).at(-1);
  const { taskArn } = await redeployJobManagers(stage);
  const both = () => jobManagers(stage.world).filter(({ alive }) => alive);
  await waitFor('both to run', OPERATOR_MAX_MS, async () => both().length === 2, 5);
  await waitFor('the old one to end', OPERATOR_MAX_MS, async () => {
    const told = jobManagers(stage.world).find((task) => task.taskArn === old?.taskArn);
    return told?.lastStatus === 'STOPPED' && told.exitCode === 143;
  });
  expect(both().map((task) => task.taskArn)).toEqual([taskArn]);
});

test('a new revision of the task definition is rolled out; its restart policy starts a crashed JobManager in its task', async () => {
  const restartPolicy = { enabled: true, restartAttemptPeriod: 0 };
  const { taskArn, address } = await redefineJobManagers(stage, { restartPolicy });
  const now = () => jobManagers(stage.world).find((task) => task.taskArn === taskArn);
  const { pid } = await waitFor('the new one', OPERATOR_MAX_MS, async () => (now()?.alive ? now() : undefined));
  const statuses = new Set<string>();
  stage.world.agent.onTask((task) => task.taskArn === taskArn && statuses.add(task.lastStatus));
  process.kill(pid, 'SIGKILL');
  await waitFor('another process', OPERATOR_MAX_MS, async () => now()?.alive && now()?.pid !== pid, 5);
  expect(now()).toMatchObject({ taskArn, address, lastStatus: 'RUNNING', desiredStatus: 'RUNNING' });
  expect([...statuses]).toEqual(['RUNNING']);
});
