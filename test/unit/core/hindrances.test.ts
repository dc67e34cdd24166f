import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../lib/core/decision.ts';
import { defaults } from '../../../lib/core/defaults.ts';
import type { Observation } from '../../../lib/core/model.ts';
import { stateCodes } from '../../../lib/core/state/restore.ts';
import {
  aFlinkJob,
  aJob,
  aStatefulJob,
  aTask,
  aView,
  draining,
  jm,
  known,
  look,
  memoryOf,
  observed,
  ranOn,
  t0,
  unknown,
} from '../../support/builders.ts';

const hidden = observed({ tasks: [aTask(), draining(jm(2))] });
const withJars = (jars: Observation['jars']): Observation => ({ ...observed(), jars });
const uri = 's3://jars/orders.jar';
const withSlots = (free: Parameters<typeof aView>[1] & {}): Observation => observed({ views: [aView(jm(), free)] });
const lost = memoryOf(ranOn(jm(9), 1, { end: { state: 'LOST', atMs: t0 } }));
const ecs = { kind: 'ecs' } as const;

type Row = [
  because: string,
  waitFor: Decision['waitFor'],
  unjudged: Decision['unjudged'],
  given: Parameters<typeof look>[0],
];

describe('what stands in the way of a submission', () => {
  it.each<Row>([
    [
      `another JobManager task is RUNNING and does not show its jobs: ${jm(2).taskArn}`,
      ecs,
      ['UNMATCHED_JOB', ...stateCodes, 'JAR_MISSING', 'JAR_UNREADABLE', 'SLOTS_MISSING', 'AFTER_NOT_RUNNING'],
      { observation: hidden },
    ],
    ['its snapshots are looked for', undefined, undefined, { job: aStatefulJob(), memory: lost }],
    [
      'submitAfterSeconds: the JobManager is seen for 29 of 30 s',
      ecs,
      undefined,
      {
        cluster: { submitAfterSeconds: 30 },
        memory: { ...memoryOf(), ready: { process: jm().process, sinceMs: t0 - 29_999 } },
      },
    ],
    ['after: a is not a job of this cluster', ecs, undefined, { job: aJob({ after: ['a'] }) }],
    [`${uri} was not looked at`, undefined, ['JAR_MISSING', 'SLOTS_MISSING'], { observation: withJars({}) }],
    ['denied', undefined, ['JAR_MISSING', 'SLOTS_MISSING'], { observation: withJars({ [uri]: unknown('denied') }) }],
    [`there is no ${uri}`, undefined, undefined, { observation: withJars({ [uri]: known({ present: false }) }) }],
    [
      'slots: 0 of 1 slots',
      { kind: 'slots', address: jm().address, free: 0 },
      undefined,
      { observation: withSlots({ free: 0 }) },
    ],
    [
      'slots: its free slots are not known',
      { kind: 'slots', address: jm().address, free: -1 },
      undefined,
      { observation: withSlots({ free: unknown() }) },
    ],
    [
      'slots: its free slots are not known',
      undefined,
      undefined,
      { observation: withSlots({ free: unknown('HTTP 403', 'FLINK_DENIED') }) },
    ],
  ])('%s', (because, waitFor, unjudged, given) => {
    const { decision } = look(given);
    expect(decision.saw).toBe('absent');
    expect(decision.because).toBe(because);
    expect(decision.waitFor).toEqual(waitFor);
    expect(decision.unjudged).toEqual(unjudged);
    expect(decision.effect).toBeUndefined();
  });

  it('says nothing of a wait where nothing is worth waiting for', () => {
    expect(look({ observation: withJars({}) }).decision).not.toHaveProperty('waitFor');
  });

  it('leaves what is told of its state as it is: that is judged last', () => {
    const observation = observed({ views: [aView(jm(), { free: 0 })] });
    expect(look({ job: aStatefulJob(), memory: lost, observation }).decision.unjudged).toEqual(stateCodes);
  });
});

describe('foreign jobs that may be it', () => {
  const foreign = (count: number) =>
    observed({
      views: [
        aView(jm(), {
          jobs: Array.from({ length: count }, (_, n) =>
            aFlinkJob(n.toString(16).padStart(32, '0'), 'RUNNING', { name: `x${n}` }),
          ),
        }),
      ],
    });

  it.each([
    [defaults.suspectsMax - 1, /"x18" \(0+12\)$/],
    [defaults.suspectsMax, /"x19" \(0+13\)$/],
    [defaults.suspectsMax + 1, /"x19" \(0+13\) and 1 more$/],
  ])('of %i of them so many are named', (count, end) => {
    expect(look({ observation: foreign(count) }).decision.because).toMatch(end);
  });

  it('are named with both commands for each', () => {
    const { because, problem } = look({ observation: foreign(2) }).decision;
    const [a, b] = ['0'.repeat(32), `${'0'.repeat(31)}1`];
    expect(because).toBe(`live on the cluster and not a job of the manifest: "x0" (${a}), "x1" (${b})`);
    const commands = [a, b].flatMap((id) =>
      ['adopt', 'ignore'].map((word) => `\`npx flink-autopilot ${word} realtime/orders --flink-job ${id}\``),
    );
    expect(problem?.fix.split(' Here: ')[1]).toBe(commands.join(', '));
    expect(problem?.fix).toMatch(/^For each live job: /);
  });
});

it('the age of a JobManager counts from the first look that finds it ready', () => {
  const cluster = { submitAfterSeconds: 60 };
  const away = look({ cluster, observation: observed({ views: [], unseen: [jm()] }) });
  expect(away.memory.ready).toBeUndefined();
  const { memory } = look({ cluster, memory: away.memory, nowMs: t0 + 5_000 });
  expect(memory.ready).toEqual({ process: jm().process, sinceMs: t0 + 5_000 });
});
