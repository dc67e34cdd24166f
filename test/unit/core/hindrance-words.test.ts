import { describe, expect, it } from 'vitest';
import { decide } from '../../../lib/core/decide.ts';
import { aCluster, aJob, idOf, jm, look, memoryOf, ranOn, t0, unknown } from '../../support/builders.ts';
import { beside, led, ledView, observedLed, observedOverRest, overRest } from '../../support/led.ts';

describe('what hinders a start says why, and what it waits for', () => {
  it('where nobody knows who leads: how long no JobManager has listed it', () => {
    const absent = [idOf()];
    const observation = observedOverRest({ views: [ledView(1, { absent }), ledView(2, { absent })] });
    const text = 'absent from the list of every JobManager for 0 of 120 s';
    for (const memory of [memoryOf(), memoryOf(ranOn(beside(1, 2)))]) {
      const { decision } = look({ cluster: overRest, memory, observation });
      expect(decision).toMatchObject({ verdict: 'wait', because: text, waitFor: { kind: 'ecs' } });
      expect(decision.problem).toMatchObject({ code: 'ABSENCE_UNPROVEN', what: text });
      expect(decision.blind).toBeUndefined();
    }
  });

  it('where another JobManager answers for another ZooKeeper: which one that is', () => {
    const elsewhere = { zookeeper: { quorum: 'old:2181', path: '/flink/led', rpc: 'x:6123' } };
    const observation = observedLed({ views: [ledView(1), ledView(2, { identity: elsewhere })] });
    expect(look({ cluster: led, observation }).decision).toMatchObject({
      because: `another JobManager lists a live job that the leader does not know, or is elsewhere in ZooKeeper: ${jm(2).taskArn}`,
      waitFor: { kind: 'ecs' },
    });
  });

  it('where nobody leads: the command names this cluster', () => {
    const observation = observedLed({ zookeeper: unknown('no answer') });
    const cluster = aCluster([aJob()], led);
    const { problems } = decide({ cluster, memories: {}, observation, nowMs: t0, dice: {} });
    expect(problems.map(({ code, fix }) => [code, fix.includes('`npx flink-autopilot release realtime/JOB`')])).toEqual(
      [['LEADER_UNKNOWN', true]],
    );
  });
});
