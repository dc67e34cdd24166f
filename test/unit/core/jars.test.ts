import { describe, expect, it } from 'vitest';
import { jarOf, jarsWanted, taskDefinitionOf } from '../../../lib/core/jars.ts';
import type { Attempt, ClusterMemory, JobMemory } from '../../../lib/core/model.ts';
import { specOf } from '../../../lib/core/remember.ts';
import {
  aCluster,
  aJob,
  anAttempt,
  aTask,
  aView,
  jar,
  jm,
  known,
  memoryOf,
  observed,
  unknown,
} from '../../support/builders.ts';

const remembered = (jobs: Readonly<Record<string, JobMemory>>): ClusterMemory => ({ jobs, incidents: [], orders: [] });
const madeFrom = (n: number, uri: string): Attempt => anAttempt(n, { spec: specOf(aJob({ jar: uri })) });

describe('the jars to look for', () => {
  it.each<[string, Parameters<typeof aCluster>[0], ClusterMemory, readonly string[]]>([
    [
      'the manifest’s',
      [aJob({ jar: 's3://a.jar' }), aJob({ name: 'b', jar: 's3://b.jar' })],
      remembered({}),
      ['s3://a.jar', 's3://b.jar'],
    ],
    [
      'each once',
      [aJob({ jar: 's3://a.jar' }), aJob({ name: 'b', jar: 's3://a.jar' })],
      remembered({}),
      ['s3://a.jar'],
    ],
    [
      'the newest record’s, too, and no older one’s',
      [aJob({ jar: 's3://a.jar' })],
      remembered({ orders: memoryOf(madeFrom(1, 's3://1.jar'), madeFrom(2, 's3://2.jar'), madeFrom(3, 's3://3.jar')) }),
      ['s3://a.jar', 's3://3.jar'],
    ],
    [
      'none of a job that is off',
      [aJob({ enabled: false })],
      remembered({ orders: memoryOf(madeFrom(1, 's3://1.jar')) }),
      [],
    ],
    [
      'none that is in the image',
      [aJob({ jar: 'image:a.jar' })],
      remembered({ orders: memoryOf(madeFrom(1, 'image:b.jar')) }),
      [],
    ],
    ['none of a job that left the manifest', [], remembered({ orders: memoryOf(madeFrom(1, 's3://1.jar')) }), []],
  ])('%s', (_, jobs, memory, uris) => {
    expect(jarsWanted(aCluster(jobs), memory)).toEqual(uris);
  });
});

describe('the jar of a job', () => {
  const observation = observed({
    tasks: [aTask(jm(2), { taskDefinitionArn: 'td:9' }), aTask(jm(1), { taskDefinitionArn: 'td:7' })],
  });

  it('is what was seen of it', () => {
    expect(jarOf(aJob(), aView(), { observation })).toEqual(jar()['s3://jars/orders.jar']);
    expect(jarOf(aJob({ jar: 's3://other.jar' }), aView(), { observation })).toBeUndefined();
  });

  it('is always there in the image, another one with each task definition', () => {
    expect(jarOf(aJob({ jar: 'image:a.jar' }), aView(), { observation })).toEqual(
      known({ present: true, version: 'image td:7', sizeBytes: 0 }),
    );
  });

  it.each([
    ['of its JobManager’s own task', jm(2), observation, 'td:9'],
    ['unknown without its task', jm(3), observation, 'unknown'],
    ['unknown without ECS', jm(1), { ...observation, ecs: unknown() }, 'unknown'],
  ])('has a task definition %s', (_, on, seen, arn) => {
    expect(taskDefinitionOf(aView(on), seen)).toBe(arn);
  });
});
