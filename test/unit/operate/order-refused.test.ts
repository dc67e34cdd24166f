import { describe, expect, it } from 'vitest';
import { Fault } from '../../../lib/core/errors.ts';
import type { Cluster } from '../../../lib/core/model.ts';
import { aCluster, aJob, t0 } from '../../support/builders.ts';
import { type Broken, createWorld, type FakeWorld, jobManagerAt } from '../pass/fake-ports.ts';
import { answered, refused } from './ask.ts';
import { failed, order, ordersIn, paused, running, withTheirs } from './given.ts';

const changed = aCluster([aJob({ revision: 'rev-2', args: ['--new'] })]);
const blind: Broken = { flink: { jobs: () => Promise.reject(new Fault('transient', 'UNREACHABLE', 'refused')) } };
const twice = async (): Promise<FakeWorld> => {
  const world = await running();
  const [job] = jobManagerAt(world).jobs.values();
  if (job === undefined) throw new Error('no job');
  const jobId = `${job.jobId.slice(0, 16)}00000002${'0'.repeat(8)}`;
  jobManagerAt(world).jobs.set(jobId, { ...job, jobId });
  return world;
};
const made = async (): Promise<FakeWorld> => createWorld();

describe('an order that cannot be carried out is refused with the reason, and not written', () => {
  it.each<[string, () => Promise<FakeWorld>, object, RegExp, Cluster?]>([
    ['restart of what is disabled', running, order('restart'), /enabled: false/, aCluster([aJob({ enabled: false })])],
    ['restart in watch', running, order('restart'), /`mode: watch`/, aCluster([aJob()], { mode: 'watch' })],
    [
      'restart of what is not live, in a dry run',
      made,
      order('restart'),
      /it is not live/,
      aCluster([aJob()], { mode: 'dry-run' }),
    ],
    [
      'restart in watch of the job',
      running,
      order('restart'),
      /`mode: watch`/,
      aCluster([aJob({ mode: 'watch' })], { mode: 'dry-run' }),
    ],
    ['resuming what is not paused', running, order('resume'), /it is not paused/],
    ['release of what was never submitted', made, order('release'), /it was never submitted/],
    ['restart of what is not live', made, order('restart'), /it is not live; `release` ends a hold/],
    ['restart of two live copies', twice, order('restart'), /more than one copy of it is live/],
    ['apply without drift', running, order('apply'), /it runs what the manifest says; `restart` starts that again/],
    [
      'adoption of what is not there',
      made,
      order('adopt'),
      /no job f{32} is live on realtime; no foreign job is live there/,
    ],
    [
      'ignoring what is not there, beside another',
      async () => withTheirs(),
      order('ignore', { jobId: 'e'.repeat(32) }),
      /no job e{32} is live on realtime; live and foreign: f{32} "Theirs"/,
    ],
  ])('%s', async (_, create, request, reason, cluster = aCluster()) => {
    const world = await create();
    const answer = await refused(world, { op: 'order', ...request }, { clusters: [cluster] });
    expect(answer).toEqual({ ok: false, why: 'refused', problems: [expect.stringMatching(reason)] });
    expect(ordersIn(world)).toEqual([]);
  });

  it('adoption of our own attempt', async () => {
    const world = await running();
    const [own] = jobManagerAt(world).jobs.keys();
    const answer = await refused(world, { op: 'order', ...order('ignore', { jobId: own }) });
    expect(answer).toMatchObject({
      why: 'refused',
      problems: [`${own} is an attempt of the autopilot itself, or adopted: there is nothing to ignore`],
    });
  });
});

describe('an order that may be carried out is written', () => {
  it.each<[string, () => Promise<FakeWorld>, object, Cluster?, Broken?]>([
    ['restart of a running job', running, order('restart')],
    ['apply of a changed entry', running, order('apply'), changed],
    ['restart of what cannot be seen now', running, order('restart'), aCluster(), blind],
    ['adoption of a live foreign job', async () => withTheirs(), order('adopt')],
    ['ignoring one', async () => withTheirs(), order('ignore')],
    ['adoption where nothing can be seen now', made, order('adopt'), aCluster(), blind],
    ['release of a held job', failed, order('release')],
    ['pause of a job', made, order('pause', { job: 'orders' })],
    ['resume', paused, order('resume')],
  ])('%s', async (_, create, request, cluster = aCluster(), broken = {}) => {
    const world = await create();
    world.nowMs += 1;
    await world.store.acquire('realtime', { owner: 'another', nowMs: world.nowMs, untilMs: world.nowMs + 9_000 }, t0);
    await answered('order', world, request, { clusters: [cluster], broken });
    expect(ordersIn(world)).toMatchObject([{ atMs: world.nowMs }]);
  });
});
