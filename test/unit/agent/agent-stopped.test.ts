import { DescribeTasksCommand, ECSClient } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { shell, startFixture } from './fixture.ts';

test.each([
  ['after its time', 50],
  ['when it is to be forgotten', undefined],
])('a stopped task vanishes from ECS’s answers %s, not from the agent’s own list', async (_, stoppedKeptMs) => {
  const world = await startFixture(stoppedKeptMs === undefined ? {} : { stoppedKeptMs });
  try {
    world.emulator.services.set('app', { containers: [shell('exec sleep 60')] });
    world.agent.startTasks();
    const task = await world.until('a task', () =>
      world.agent.tasks().find(({ lastStatus }) => lastStatus === 'RUNNING'),
    );
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const ecs = new ECSClient({ region: 'eu-west-1', endpoint: world.agent.url, credentials });
    const look = () => ecs.send(new DescribeTasksCommand({ cluster: 'flink', tasks: [task.taskArn] }));
    expect((await look()).tasks).toHaveLength(1);
    world.agent.forgetStopped();
    expect((await look()).tasks).toHaveLength(1);
    await world.agent.stopTask(task.taskArn, 'test');
    if (stoppedKeptMs === undefined) {
      await world.until('STOPPED', async () => (await look()).tasks?.[0]?.lastStatus === 'STOPPED');
      world.agent.forgetStopped();
    }
    await world.until('MISSING', async () => (await look()).failures?.[0]?.reason === 'MISSING');
    expect(world.agent.tasks()[0]).toMatchObject({ taskArn: task.taskArn, lastStatus: 'STOPPED', alive: false });
    ecs.destroy();
  } finally {
    await world.close();
  }
});
