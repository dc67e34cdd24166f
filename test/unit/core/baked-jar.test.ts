import { describe, expect, it } from 'vitest';
import { jarsWanted } from '../../../lib/core/jars.ts';
import { specOf } from '../../../lib/core/remember.ts';
import {
  aCluster,
  aFlinkJob,
  aJob,
  anAttempt,
  aView,
  idOf,
  jm,
  look,
  memoryOf,
  observed,
  ranOn,
  t0,
} from '../../support/builders.ts';

describe('a jar that is baked into the image', () => {
  const job = aJob({ jar: 'image:orders.jar' });
  const spec = specOf(job);
  it('is always there, in the version of the task definition', () => {
    const { decision } = look({ job, observation: observed({ jars: {} }) });
    expect(decision.effect).toMatchObject({
      kind: 'run',
      attempt: { jarVersion: 'image arn:aws:ecs:eu-west-1:000000000000:task-definition/jobmanager:7', jarSizeBytes: 0 },
    });
  });

  it('is not looked for; the manifest’s are, and the one of the newest record', () => {
    const old = anAttempt(1, { spec: { ...spec, jar: 's3://jars/old.jar' } });
    const jobs = [job, aJob({ name: 'b' }), aJob({ name: 'off', jar: 's3://jars/off.jar', enabled: false })];
    const memory = { jobs: { b: memoryOf(anAttempt(1, { spec }), old) }, incidents: [], orders: [] };
    expect(jarsWanted(aCluster(jobs), memory)).toEqual(['s3://jars/orders.jar', 's3://jars/old.jar']);
  });

  it('of another task definition is another jar: a refusal of the old one holds no more', () => {
    const refused = (jarVersion: string) =>
      look({
        job,
        memory: memoryOf(
          anAttempt(1, {
            jarVersion,
            spec,
            posts: [{ id: 1, to: jm(), sentMs: t0, settledByMs: t0, answer: 'refused', processEnded: false }],
          }),
        ),
      }).decision.verdict;
    expect(refused('image arn:aws:ecs:eu-west-1:000000000000:task-definition/jobmanager:7')).toBe('hold');
    expect(refused('image arn:aws:ecs:eu-west-1:000000000000:task-definition/jobmanager:6')).toBe('act');
  });

  it('is never removed', () => {
    const post = { id: 1, to: jm(), sentMs: t0, settledByMs: t0, answer: 'unanswered', processEnded: false } as const;
    const memory = memoryOf(ranOn(jm(), 1, { spec, posts: [{ ...post, jarId: 'orders.jar' }] }));
    const observation = observed({ views: [aView(jm(), { jobs: [aFlinkJob(idOf())] })] });
    expect(look({ job, memory, observation }).decision).toMatchObject({ verdict: 'steady' });
  });
});
