import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PATTERN_CHARS_MAX, type Pattern, taskStartedEvents, taskStartedPatterns } from '../../../serverless/rules.ts';
import { matchesPattern } from '../../support/event-pattern.ts';
import { clusterOf } from './clusters.ts';

const change = (ecsCluster: string, group: string, lastStatus = 'RUNNING') => ({
  source: 'aws.ecs',
  'detail-type': 'ECS Task State Change',
  detail: { clusterArn: `arn:aws:ecs:eu-west-1:000000000000:cluster/${ecsCluster}`, group, lastStatus },
});
const ringing = (patterns: readonly Pattern[], event: unknown): number =>
  patterns.filter((pattern) => matchesPattern(pattern, event)).length;

describe('the rules of task-started', () => {
  const patterns = taskStartedPatterns([
    clusterOf({ ecsCluster: 'one', jobManagers: ['jobmanager'], taskManagers: ['taskmanager'] }),
    clusterOf({ ecsCluster: 'two', jobManagers: ['jm-a', 'jm-b'] }),
  ]);

  it.each([
    ['a JobManager that started', change('one', 'service:jobmanager'), 1],
    ['a JobManager that stopped', change('one', 'service:jobmanager', 'STOPPED'), 1],
    ['a JobManager that is being made', change('one', 'service:jobmanager', 'PENDING'), 0],
    ['the second of two services', change('two', 'service:jm-b'), 1],
    ['a TaskManager', change('one', 'service:taskmanager'), 0],
    ['another cluster’s service of the same name', change('two', 'service:jobmanager'), 0],
    ['a cluster whose name ends alike', change('xone', 'service:jobmanager'), 0],
    ['a task that was run by hand', change('one', 'family:jobmanager'), 0],
    ['another kind of event', { ...change('one', 'service:jobmanager'), 'detail-type': 'ECS Service Action' }, 0],
    ['another source', { ...change('one', 'service:jobmanager'), source: 'mine' }, 0],
  ])('%s', (_, event, times) => {
    expect(ringing(patterns, event)).toBe(times);
  });

  it('are none for a cluster by URL, which sends no events', () => {
    expect(
      taskStartedPatterns([clusterOf({ ecsCluster: '', jobManagers: [], url: 'https://flink.example.com' })]),
    ).toEqual([]);
  });

  it('use $or only where there are two places: EventBridge refuses it otherwise', () => {
    expect(JSON.stringify(taskStartedPatterns([clusterOf()]))).not.toContain('$or');
    expect(JSON.stringify(patterns)).toContain('$or');
  });

  it('are as few as the limit of a pattern allows', () => {
    expect(patterns).toHaveLength(1);
    expect(
      taskStartedPatterns(Array.from({ length: 50 }, (_, i) => clusterOf({ ecsCluster: `cluster-${i}` }))),
    ).toHaveLength(3);
  });

  it('hold each JobManager service exactly once, and none is over the limit', () => {
    const name = fc.string({ minLength: 1, maxLength: 255, unit: fc.constantFrom(...'abcXYZ019_-') });
    const cluster = fc.record({ ecsCluster: name, jobManagers: fc.uniqueArray(name, { minLength: 1, maxLength: 20 }) });
    const clusters = fc.uniqueArray(cluster, { selector: ({ ecsCluster }) => ecsCluster, minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(clusters, (all) => {
        const made = taskStartedPatterns(all.map(clusterOf));
        const lengths = made.map((pattern) => JSON.stringify(pattern).length);
        expect(Math.max(...lengths)).toBeLessThanOrEqual(PATTERN_CHARS_MAX);
        for (const { ecsCluster, jobManagers } of all) {
          for (const service of jobManagers) expect(ringing(made, change(ecsCluster, `service:${service}`))).toBe(1);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('each have a dead-letter queue', () => {
    const events = taskStartedEvents([clusterOf()]);
    expect(events).toEqual([
      { eventBridge: expect.objectContaining({ deadLetterQueueArn: { 'Fn::GetAtt': ['UndeliveredEvents', 'Arn'] } }) },
    ]);
  });
});

const EVENTS = join(import.meta.dirname, '../../fixtures/ecs-events');
const RINGING = [
  'ec2-running.json',
  'fargate-running.json',
  'fargate-short-arn.json', // the format of task ARNs before they held their cluster
  'fargate-spot-interruption.json', // still RUNNING, on its way out
  'fargate-stopped.json',
];

describe('of the events in the form of the ECS developer guide', () => {
  const byOne = taskStartedPatterns([clusterOf({ ecsCluster: 'flink-on-ecs', taskManagers: ['taskmanager'] })]);
  const byMany = taskStartedPatterns([
    clusterOf({ ecsCluster: 'another', jobManagers: ['jobmanager-2'] }),
    clusterOf({ ecsCluster: 'flink-on-ecs', jobManagers: ['jm-b', 'jobmanager'] }),
  ]);

  it.each(readdirSync(EVENTS))('%s rings if a watched JobManager came or went, and not otherwise', (file) => {
    const event = JSON.parse(readFileSync(join(EVENTS, file), 'utf8'));
    const times = RINGING.includes(file) ? 1 : 0;
    expect([ringing(byOne, event), ringing(byMany, event)]).toEqual([times, times]);
  });

  it('there is each that should ring', () => {
    expect(readdirSync(EVENTS)).toEqual(expect.arrayContaining(RINGING));
  });
});

describe('the matcher of this test', () => {
  it.each([
    ['a list in the event', { a: ['x'] }, { a: ['y', 'x'] }, true],
    ['a key that is missing', { a: ['x'] }, {}, false],
    ['a nested key of something flat', { a: { b: ['x'] } }, { a: 'x' }, false],
    ['an ending', { a: [{ suffix: 'yz' }] }, { a: 'xyz' }, true],
    ['one of two', { $or: [{ a: ['x'] }, { b: ['x'] }] }, { b: 'x' }, true],
  ])('knows %s', (_, pattern, event, expected) => {
    expect(matchesPattern(pattern, event)).toBe(expected);
  });

  it.each([
    ['an operator that it does not know', { a: [{ prefix: 'x' }] }, 'unknown operator'],
    ['an empty list', { a: [] }, 'refuses an empty list'],
    ['$or with one member', { $or: [{ a: ['x'] }] }, 'two or more'],
    ['a value outside a list', { a: 'x' }, 'a pattern is a map'],
  ])('refuses %s', (_, pattern, text) => {
    expect(() => matchesPattern(pattern, { a: 'x' })).toThrow(text);
  });
});
