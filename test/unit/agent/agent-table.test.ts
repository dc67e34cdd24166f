import { expect, test } from 'vitest';
import { createTask } from '../../../local/agent/task/task.ts';
import type { TaskLife } from '../../../local/agent/task/task-life.ts';
import { createTaskTable } from '../../../local/agent/task/task-table.ts';

const life = (lastStatus: 'RUNNING' | 'STOPPED'): TaskLife => {
  const definition = { taskDefinitionArn: 'd', family: 'd', cpu: '1', memory: '1', containerDefinitions: [] };
  const order = {
    clusterArn: 'arn:aws:ecs:eu-west-1:0:cluster/flink',
    group: 'service:app',
    service: { name: 'app', arn: 'a', deploymentId: 'x' },
    launchType: 'FARGATE',
    definition,
    containerOverrides: [],
  };
  const task = createTask(order, '127.9.9.2', 0);
  const nobody = async () => [];
  const host = { now: () => 0, prepare: nobody } as unknown as TaskLife['host'];
  return {
    task: { ...task, lastStatus },
    names: [],
    host,
    children: new Map(),
    main: undefined,
    prepared: true,
    crashedByHand: false,
    ended: Promise.resolve(),
    end: () => {},
  };
};

test('the history keeps a thousand tasks and never forgets a living one', () => {
  const forgotten: string[] = [];
  const table = createTaskTable({ stoppedKeptMs: 1, now: () => 0, forgotten: (taskArn) => forgotten.push(taskArn) });
  const living = life('RUNNING');
  const oldest = life('STOPPED');
  for (const one of [living, oldest, ...Array.from({ length: 998 }, () => life('STOPPED'))]) table.add(one);
  expect(forgotten).toEqual([]);
  table.add(life('STOPPED'));
  expect(forgotten).toEqual([oldest.task.arn]);
  expect(table.all()).toHaveLength(1_000);
  expect(table.all()[0]).toBe(living);
});
