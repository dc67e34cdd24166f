import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { Fault } from '../../../lib/core/errors.ts';
import { jobIdOf } from '../../../lib/core/identity.ts';
import type { LeaderLook } from '../../../lib/core/model.ts';
import { pass } from '../../../lib/pass.ts';
import { waitForChange } from '../../../lib/wait.ts';
import { aCluster, aTask, jm, lineageOf, t0 } from '../../support/builders.ts';
import { leading, led, observedLed } from '../../support/led.ts';
import { createJobManager } from './fake-jobmanager.ts';
import { type Broken, createWorld, type FakeWorld, portsOf } from './fake-ports.ts';
import { attemptsOf, hour, leased } from './passes.ts';

const cluster = aCluster(undefined, led);

/** Two JobManagers, each of which would run what it is given; ZooKeeper answers with these looks, the last one again and again. */
const ledWorld = (...answers: readonly (LeaderLook | Fault)[]) => {
  const world = createWorld();
  world.tasks = [aTask(jm(1)), aTask(jm(2))];
  for (const number of [1, 2]) {
    const zookeeper = { quorum: 'zk:2181', path: '/flink/led', rpc: `ip-10-0-0-${number}:6123` };
    const { address, process } = jm(number);
    world.jobManagers.set(address, createJobManager(process, { ha: 'zookeeper', zookeeper }));
  }
  let asked = 0;
  const look = async () => {
    const answer = answers[Math.min(asked, answers.length - 1)] ?? { jobs: [] };
    asked += 1;
    if (answer instanceof Fault) throw answer;
    return answer;
  };
  return { world, ports: portsOf(world, { leaders: { look } } satisfies Broken) };
};

const leads = (number: number, jobs: readonly string[] = []): LeaderLook => ({
  leader: { rpc: `ip-10-0-0-${number}:6123`, session: `session-${number}`, memory: 'memory-1' },
  jobs,
});
const away = new Fault('transient', 'LEADER_UNREACHABLE', 'ZooKeeper zk:2181: no answer in time');

/** The id of the first attempt in a world whose chance has drawn once. */
const STARTED = jobIdOf(lineageOf('orders'), 1, '00000001');

const jobsOn = (world: FakeWorld, number: number) => [
  ...(world.jobManagers.get(jm(number).address)?.jobs.keys() ?? []),
];

const first = async ({ world, ports }: ReturnType<typeof ledWorld>) =>
  pass(ports, { cluster, lease: await leased(world), outcomes: [], untilMs: world.nowMs + hour });

describe('a pass over a cluster with high availability', () => {
  it('submits to the leader, and says of the standby that there is nothing to do', async () => {
    const staged = ledWorld(leads(2), leads(2), leads(2, [STARTED]));
    const { outcomes, ...rest } = await first(staged);
    const { world, ports } = staged;
    expect(outcomes).toMatchObject([{ answer: 'accepted' }]);
    expect([jobsOn(world, 1), jobsOn(world, 2)]).toEqual([[], [STARTED]]);
    await pass(ports, { cluster, ...rest, outcomes, untilMs: world.nowMs + hour });
    expect(attemptsOf(world)).toMatchObject([{ n: 1, sightedOn: leading(2, 'session-2') }]);
    expect(world.lines.filter(({ message }) => message === 'standby').map(({ fields }) => fields)).toEqual([
      { cluster: 'realtime', taskArn: jm(1).taskArn, because: 'standby; leader is 10.0.0.2; nothing to do' },
    ]);
  });

  it.each<[string, LeaderLook | Fault, string]>([
    ['another one leads', leads(1), 'LEADER_CHANGED'],
    [
      'the same one leads anew',
      { ...leads(2), leader: { rpc: 'ip-10-0-0-2:6123', session: 'x', memory: 'memory-1' } },
      'LEADER_CHANGED',
    ],
    ['nobody leads', { jobs: [] }, 'LEADER_CHANGED'],
    ['ZooKeeper is away', away, 'LEADER_UNREACHABLE'],
  ])('sends nothing when by then %s, and leaves no jar (F14, F118)', async (_, then, code) => {
    const staged = ledWorld(leads(2), then);
    const { outcomes } = await first(staged);
    expect(outcomes).toMatchObject([{ answer: 'not-sent', refusal: { code } }]);
    expect([jobsOn(staged.world, 1), jobsOn(staged.world, 2)]).toEqual([[], []]);
    expect(staged.world.jobManagers.get(jm(2).address)?.jars.size).toBe(0);
  });

  it('does nothing while ZooKeeper is away (F11, I6)', async () => {
    const staged = ledWorld(away);
    const { outcomes, decisions } = await first(staged);
    expect(outcomes).toEqual([]);
    expect(decisions).toMatchObject([{ verdict: 'wait', because: `leader: ${away.message}` }]);
  });
});

describe('waiting for a leader', () => {
  const lasts = async (...answers: readonly (LeaderLook | Fault)[]) => {
    const { world, ports } = ledWorld(...answers);
    const seen = observedLed({ zookeeper: { known: true, value: { jobs: [] } } });
    const patience = { sinceMs: t0, untilMs: t0 + defaults.fullPassEveryMs };
    await waitForChange(ports, cluster, [{ kind: 'leader' }], seen, patience);
    return world.nowMs - t0;
  };

  it('ends when ZooKeeper names one, and not while it names nobody or is away (F12)', async () => {
    expect(await lasts({ jobs: [] }, away, leads(1))).toBe(3 * defaults.pollLeaderMs);
    expect(await lasts({ jobs: [] })).toBe(defaults.fullPassEveryMs);
  });

  it('ends when only a person helps any more', async () => {
    const denied = new Fault('rejected', 'LEADER_DENIED', 'ZooKeeper does not let us read');
    expect(await lasts({ jobs: [] }, denied)).toBe(2 * defaults.pollLeaderMs);
  });
});
