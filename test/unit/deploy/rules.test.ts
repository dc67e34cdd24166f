import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PATTERN_CHARS_MAX, type Pattern, taskStartedEvents, taskStartedPatterns } from '../../../serverless/rules.ts';
import { clusterOf } from './clusters.ts';

/** The part of EventBridge's matching that these patterns use: literal values, `suffix`, and `$or`. */
const matches = (pattern: unknown, event: unknown): boolean =>
  Object.entries(Object(pattern)).every(([key, wanted]) => {
    if (key === '$or') return Array.isArray(wanted) && wanted.some((member) => matches(member, event));
    const value: unknown = Object(event)[key];
    if (!Array.isArray(wanted)) return matches(wanted, value);
    return wanted.some((one) => (typeof one === 'string' ? one === value : String(value).endsWith(one.suffix)));
  });

const change = (ecsCluster: string, group: string, lastStatus = 'RUNNING') => ({
  source: 'aws.ecs',
  'detail-type': 'ECS Task State Change',
  detail: { clusterArn: `arn:aws:ecs:eu-west-1:000000000000:cluster/${ecsCluster}`, group, lastStatus },
});
const ringing = (patterns: readonly Pattern[], event: unknown): number =>
  patterns.filter((pattern) => matches(pattern, event)).length;

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
