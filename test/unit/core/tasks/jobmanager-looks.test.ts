import { describe, expect, it } from 'vitest';
import type { JobManagerTask } from '../../../../lib/core/model.ts';
import { type Readiness, type Rung, readiness } from '../../../../lib/core/readiness.ts';
import { jobManagerCrashes } from '../../../../lib/core/tasks/jobmanagers.ts';
import { aCluster, aTask, jm, known, observed, t0 } from '../../../support/builders.ts';
import { crashed } from './ends.ts';

describe('what one look says of JobManagers', () => {
  const once = observed({ tasks: crashed(1), views: [] });
  const at = (rung: Rung, observation = once) =>
    jobManagerCrashes(aCluster(), observation, { ready: false, rung, text: 'x' } as Readiness, t0).is;

  it.each<[Rung, string]>([
    ['task', 'ill'],
    ['address', 'ill'],
    ['rest', 'ill'],
    ['jobs', 'ill'],
    ['one-jobmanager', 'unclear'],
    ['submission', 'unclear'],
    ['version', 'unclear'],
    ['ha', 'unclear'],
    ['leader', 'unseen'],
  ])('of which one ended lately, where the cluster waits for “%s”: %s', (rung, is) => {
    expect(at(rung)).toBe(is);
  });

  it('of which none ended, while the cluster is not ready: nothing that would be told as a crash', () => {
    expect(at('rest', observed())).toBe('well');
    expect(at('task', observed({ tasks: [] }))).toBe('unclear');
  });

  it.each<[string, readonly Partial<JobManagerTask>[], string]>([
    ['as many run of each service as are wanted', [{}, { service: 'b' }], 'well'],
    ['one service has none', [{}, {}], 'unclear'],
    ['the other one has none', [{ service: 'b' }, { service: 'b' }], 'unclear'],
    ['one is asked to stop', [{}, { service: 'b', desiredStatus: 'STOPPED' }], 'unclear'],
    ['one does not run yet', [{}, { service: 'b', lastStatus: 'PENDING' }], 'unclear'],
  ])('of two services, where %s', (_, tasks, is) => {
    const services = ['jobmanager', 'b'].map((name) => ({ name, desiredCount: 1 }));
    const ecs = known({ services, tasks: tasks.map((each, n) => aTask(jm(n + 1), each)), missing: [] });
    const observation = { ...observed(), ecs };
    const ready = readiness(aCluster(), observed());
    expect(jobManagerCrashes(aCluster(), observation, ready, t0)).toEqual({ is });
  });
});
