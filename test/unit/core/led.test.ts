import { describe, expect, it, test } from 'vitest';
import { decide } from '../../../lib/core/decide.ts';
import { defaults } from '../../../lib/core/defaults.ts';
import type { Observation } from '../../../lib/core/model.ts';
import { blindTo } from '../../../lib/core/over.ts';
import { readiness } from '../../../lib/core/readiness.ts';
import {
  aCluster,
  aFlinkJob,
  aJob,
  aTask,
  aView,
  draining,
  idOf,
  jm,
  known,
  look,
  memoryOf,
  ranOn,
  startedBy,
  t0,
  unknown,
} from '../../support/builders.ts';
import { leading, led, ledView, observedLed } from '../../support/led.ts';

const rungOf = (observation: Observation): string => {
  const state = readiness(aCluster(undefined, led), observation);
  return state.ready ? `ready: ${state.view.incarnation.address}` : `${state.rung}: ${state.text}`;
};

const problemsOf = (observation: Observation) => {
  const cluster = aCluster(undefined, led);
  const situation = { cluster, memories: {}, observation, nowMs: t0, dice: {} };
  const { readiness: state, decisions, problems } = decide(situation);
  return { problems, isBlindTo: blindTo(state, decisions) };
};

describe('a cluster with high availability', () => {
  it.each<[string, Observation, string]>([
    ['the first leads', observedLed(), 'ready: 10.0.0.1'],
    ['the second leads (F15)', observedLed({ leader: 2 }), 'ready: 10.0.0.2'],
    ['ZooKeeper cannot be asked (F11)', observedLed({ zookeeper: unknown('no answer') }), 'leader: no answer'],
    [
      'nobody leads (F12)',
      observedLed({ zookeeper: { known: true, value: { jobs: [] } } }),
      'leader: no JobManager leads now',
    ],
    [
      'nobody leads, perhaps since a job cannot be recovered (F117)',
      observedLed({
        zookeeper: { known: true, value: { jobs: [idOf(1), idOf(2), idOf(3), idOf(4), idOf(5), idOf(6)] } },
      }),
      `leader: no JobManager leads now; there is to recover: ${[1, 2, 3, 4, 5].map((n) => `orders (${idOf(n)})`).join(', ')} and 1 more`,
    ],
    [
      'nobody leads and nobody answers (F12)',
      observedLed({ zookeeper: { known: true, value: { jobs: [] } }, views: [], unseen: [jm(1), jm(2)] }),
      'leader: no JobManager leads now',
    ],
    [
      'nobody leads, and each JobManager ends at its start (F117)',
      observedLed({
        zookeeper: { known: true, value: { jobs: ['f'.repeat(32)] } },
        views: [],
        tasks: [aTask(jm(1), { lastStatus: 'PENDING' })],
      }),
      `leader: the JobManager task is PENDING; no JobManager leads now; there is to recover: a job of others (${'f'.repeat(32)})`,
    ],
    [
      'nobody leads, and the JobManagers are about to start for the first time',
      observedLed({
        zookeeper: { known: true, value: { jobs: [] } },
        views: [],
        tasks: [aTask(jm(1), { lastStatus: 'PENDING' })],
      }),
      'task: the JobManager task is PENDING',
    ],
    [
      'who leads does not answer (F13)',
      observedLed({ views: [ledView(2)], unseen: [jm(1)], recovers: [idOf()] }),
      `leader: the leader ip-10-0-0-1:6123 is none of those that are wanted and answer; ${jm(1).taskArn}: no answer; there is to recover: orders (${idOf()})`,
    ],
    [
      'who leads is on its way out',
      observedLed({ tasks: [draining(jm(1)), aTask(jm(2))] }),
      'leader: the leader ip-10-0-0-1:6123 is none of those that are wanted and answer',
    ],
    [
      'two have the leader’s name',
      observedLed({ views: [ledView(1), { ...ledView(1), incarnation: jm(2) }] }),
      'leader: 2 JobManagers call themselves ip-10-0-0-1:6123: each needs a jobmanager.rpc.address of its own',
    ],
    ['no JobManager answers', observedLed({ views: [], unseen: [jm(1), jm(2)] }), 'rest: no answer'],
    [
      'one has no high availability (F128)',
      observedLed({ views: [ledView(1), aView(jm(2))] }),
      "ha: the manifest has a `leader`, and the cluster's high-availability.type is none",
    ],
    [
      'it stands elsewhere in ZooKeeper (F128)',
      observedLed({
        views: [ledView(1, { identity: { zookeeper: { quorum: 'zk:2181', path: '/flink/other', rpc: 'x:1' } } })],
      }),
      "ha: the manifest's `leader` is at /flink/led, the cluster's at /flink/other",
    ],
  ])('of which %s', (_, observation, rung) => {
    expect(rungOf(observation)).toBe(rung);
  });

  test('is not known to lead where nobody asked', () => {
    const { leader: _, ...observation } = observedLed();
    expect(rungOf({ ...observation, flink: observedLed({ zookeeper: unknown() }).flink })).toBe(
      'leader: ZooKeeper was not asked yet',
    );
  });

  test('gets a job through its leader, with what it leads by (F15)', () => {
    const { decision } = look({ cluster: led, observation: observedLed({ leader: 2 }) });
    expect(startedBy(decision)?.posts[0]?.to).toEqual(leading(2));
  });

  test.each([
    ['was made as the leader was', aTask(jm(2)), 'act'],
    ['was made otherwise, and may be without high availability', aTask(jm(2), { taskDefinitionArn: 'other' }), 'wait'],
  ])('whose standby is silent and %s', (_, task, verdict) => {
    const observation = observedLed({ views: [ledView(1)], unseen: [jm(2)], tasks: [aTask(jm(1)), task] });
    expect(look({ cluster: led, observation }).decision.verdict).toBe(verdict);
  });

  test.each<[string, string, Parameters<typeof ledView>[1]]>([
    ['nothing', 'act', {}],
    ['a job that has ended', 'act', { jobs: [aFlinkJob('f'.repeat(32), 'CANCELED')] }],
    ['a job that the leader brings back', 'act', { jobs: [aFlinkJob(idOf(9, 'other'))] }],
    [
      'a job that the leader does not know: another one may lead it (F15)',
      'wait',
      { jobs: [aFlinkJob('f'.repeat(32), 'RUNNING', { name: 'mine' })] },
    ],
    [
      'nothing, of other servers of ZooKeeper',
      'wait',
      { identity: { zookeeper: { quorum: 'old:2181', path: '/flink/led', rpc: 'ip-10-0-0-2:6123' } } },
    ],
  ])('whose standby lists %s', (_, verdict, standby) => {
    const recovers = standby?.jobs === undefined ? [] : [idOf(9, 'other')];
    const views = [ledView(1, { jobs: [aFlinkJob(idOf(9, 'other'))] }), ledView(2, standby)];
    const decision = look({
      cluster: led,
      job: aJob({ flinkName: 'mine' }),
      observation: observedLed({ views, recovers }),
    });
    expect(decision.decision.verdict).toBe(verdict);
  });

  test('waits for the leader when it is unknown, and tells after its session may have ended (F11)', () => {
    const { decision } = look({ cluster: led, observation: observedLed({ zookeeper: unknown() }) });
    expect(decision).toMatchObject({ verdict: 'wait', blind: true, waitFor: { kind: 'leader' } });
    const { problems, isBlindTo } = problemsOf(observedLed({ zookeeper: unknown() }));
    expect(problems).toMatchObject([{ code: 'LEADER_UNKNOWN', graceMs: defaults.leaderWithinMs }]);
    const codes = ['LEADER_UNKNOWN', 'HA_UNSUPPORTED', 'CLUSTER_UNSEEN', 'CLUSTER_NOT_READY', 'ECS_UNSEEN'];
    expect(codes.filter((code) => isBlindTo({ code }))).toEqual(['LEADER_UNKNOWN', 'HA_UNSUPPORTED']);
    for (const jobs of [[], [idOf()]]) {
      const unled = { zookeeper: known({ jobs }), views: [], unseen: [jm(1), jm(2)] };
      const hidden = codes.filter((code) => problemsOf(observedLed(unled)).isBlindTo({ code }));
      expect(hidden, 'no JobManager answers, so the end of their silence is not known').toEqual(codes.slice(0, 4));
    }
  });

  test('waits for one that drains and speaks of another place in ZooKeeper', () => {
    const other = ledView(3, { identity: { zookeeper: { quorum: 'zk:2181', path: '/flink/other', rpc: 'x:1' } } });
    const tasks = [aTask(jm(1)), aTask(jm(2)), draining(jm(3))];
    const observation = observedLed({ views: [ledView(1), ledView(2), other], tasks });
    expect(look({ cluster: led, observation }).decision).toMatchObject({
      verdict: 'wait',
      problem: { code: 'ABSENCE_UNPROVEN' },
    });
  });

  test('is a view that is lost where none answers and its job ran, in whatever order ECS names them', () => {
    const memories = { orders: memoryOf(ranOn(leading(1))) };
    for (const tasks of [
      [aTask(jm(1)), aTask(jm(2))],
      [aTask(jm(2)), aTask(jm(1))],
      [aTask(jm(2)), aTask(jm(3))],
    ]) {
      const observation = observedLed({ views: [], unseen: [jm(1), jm(2), jm(3)], tasks });
      const situation = { cluster: aCluster(undefined, led), memories, observation, nowMs: t0, dice: {} };
      expect(decide(situation).problems).toMatchObject([{ code: 'CLUSTER_UNSEEN' }]);
    }
  });

  test.each(['LEADER_DENIED', 'LEADER_UNPARSABLE'])('is not waited for where only a person helps: %s', (code) => {
    const { decision } = look({ cluster: led, observation: observedLed({ zookeeper: unknown('x', code) }) });
    expect(decision.waitFor).toBeUndefined();
  });
});
