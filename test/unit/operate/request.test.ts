import { describe, expect, it } from 'vitest';
import { aCluster, aJob } from '../../support/builders.ts';
import { createWorld } from '../pass/fake-ports.ts';
import { refused } from './ask.ts';

const clusters = [
  aCluster([aJob(), aJob({ name: 'audit' })]),
  aCluster([aJob({ name: 'only-here' })], { name: 'batch' }),
];
const order = { op: 'order', kind: 'release', cluster: 'realtime', job: 'orders', who: 'ann', why: 'w' };
const { job: _, ...ofNoJob } = order;
const hex = '0'.repeat(32);

describe('a request that is wrong is answered with', () => {
  it.each<[string, unknown, readonly string[]]>([
    ['nothing', undefined, ['missing; expected a mapping with op, one of status, plan, history, orders, order']],
    ['a text', 'status', ['found "status"; expected a mapping with op, one of status, plan, history, orders, order']],
    [
      'an unknown op',
      { op: 'stop' },
      ['op: found "stop"; expected a mapping with op, one of status, plan, history, orders, order'],
    ],
    ['a misspelt key', { op: 'status', clutser: 'realtime' }, ['clutser: unknown name; did you mean cluster?']],
    [
      'an unknown cluster',
      { op: 'status', cluster: 'realtme' },
      ['there is no cluster "realtme" in the deployed manifest; did you mean realtime?'],
    ],
    [
      'an unknown cluster that is like none',
      { op: 'plan', cluster: '注文パイプライン' },
      ['there is no cluster "注文パイプライン" in the deployed manifest; there is realtime, batch'],
    ],
    [
      'a job in place of its cluster',
      { op: 'status', cluster: 'only-here' },
      ['there is no cluster "only-here" in the deployed manifest; did you mean batch/only-here?'],
    ],
    [
      'an unknown job',
      { op: 'history', cluster: 'realtime', job: 'odrers' },
      ['there is no job "odrers" on realtime in the deployed manifest; did you mean orders?'],
    ],
    ['a job without cluster', { op: 'orders', job: 'orders' }, ['cluster: missing; a job needs its cluster']],
    [
      'a limit and a time that are none',
      { op: 'history', limit: 0, beforeMs: 'yesterday' },
      [
        'limit: found 0; expected a whole number from 1 to 1000',
        'beforeMs: found "yesterday"; expected a time in milliseconds since 1970',
      ],
    ],
    [
      'a limit above the limit',
      { op: 'history', limit: 1001 },
      ['limit: found 1001; expected a whole number from 1 to 1000'],
    ],
    [
      'an order in which everything is wrong',
      { op: 'order', kind: 'destroy', cluster: 1, jobId: 'abc', who: '', why: 'x'.repeat(501), forMs: -1 },
      [
        'kind: found "destroy"; expected one of release, pause, resume, restart, apply, savepoint, start-empty, restore-from, adopt, ignore',
        'cluster: found 1; expected the name of a cluster of the manifest',
        'jobId: found "abc"; expected a Flink job id: 32 digits of 0-9, a-f',
        'who: found ""; expected who gives the order, in 1 to 200 characters',
        `why: found "${'x'.repeat(58)}…; expected why, in 1 to 500 characters`,
        'forMs: found -1; expected milliseconds, at most 90 days',
      ],
    ],
    ['an order without reason', { ...order, why: undefined }, ['why: missing; expected why, in 1 to 500 characters']],
    ['an order for no job', ofNoJob, ['job: missing; release is for one job']],
    [
      'an adoption of nothing',
      { ...order, kind: 'adopt' },
      ['jobId: missing; adopt needs the Flink job id of the live job'],
    ],
    [
      'a restart with what belongs to others',
      { ...order, kind: 'restart', jobId: hex, forMs: 5 },
      ['jobId: restart takes none', 'forMs: restart takes none, only pause does'],
    ],
    [
      'an order for an unknown job, on top',
      { ...order, job: 'order', forMs: 5 },
      [
        'forMs: release takes none, only pause does',
        'there is no job "order" on realtime in the deployed manifest; did you mean orders?',
      ],
    ],
    [
      'a name of every object',
      { ...order, job: 'constructor' },
      ['there is no job "constructor" on realtime in the deployed manifest; there is orders, audit'],
    ],
  ])('all its problems: %s', async (_, input, problems) => {
    const world = createWorld();
    expect(await refused(world, input, { clusters })).toEqual({ ok: false, why: 'invalid', problems });
    expect(world.storeCalls).toEqual([]);
  });
});
