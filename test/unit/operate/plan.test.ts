import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import type { Cluster } from '../../../lib/core/model.ts';
import type { PlanAnswer } from '../../../lib/operate/answers.ts';
import { pass } from '../../../lib/pass.ts';
import { aCluster, aFlinkJob, aJob, jm, lineageOf } from '../../support/builders.ts';
import { createWorld, type FakeWorld, jobManagerAt, portsOf } from '../pass/fake-ports.ts';
import { leased } from '../pass/passes.ts';
import { answered, lookedAt } from './ask.ts';

const many = Array.from({ length: 60 }, (_, n) => aJob({ name: `job-${n}`, slots: 1 }));

const large = ['a', 'b', 'c'].map((name) => aJob({ name, jar: `s3://jars/${name}.jar`, lineage: lineageOf(name) }));

/** A world, and a cluster in mode `run` whose first pass it is. */
const worlds: readonly [string, () => FakeWorld, Cluster][] = [
  ['a first submission', createWorld, aCluster([aJob({ mainClass: 'Main', args: ['--a'], parallelism: 2 })])],
  ['a job that is disabled', createWorld, aCluster([aJob({ enabled: false })])],
  ['a missing jar', () => Object.assign(createWorld(), { jars: new Map() }), aCluster()],
  [
    'too few slots for the second',
    createWorld,
    aCluster([aJob({ parallelism: 3 }), aJob({ name: 'audit', slots: 2 })]),
  ],
  ['foreign jobs', busy, aCluster([aJob(), aJob({ name: 'audit', flinkName: 'Audit' })])],
  ['no JobManager', () => Object.assign(createWorld(), { tasks: [] }), aCluster()],
  ['more jobs than one transaction holds', roomy, aCluster(many)],
  ['more jars than the uploads of one pass take', heavy, aCluster(large)],
];

function busy(): FakeWorld {
  const world = createWorld();
  for (const n of [1, 2, 3, 4, 5])
    jobManagerAt(world).jobs.set(
      `${n}`.repeat(32),
      aFlinkJob(`${n}`.repeat(32), 'RUNNING', { name: `theirs ${n}`, tasksTotal: 0 }),
    );
  return world;
}

function roomy(): FakeWorld {
  const world = createWorld();
  jobManagerAt(world).slots = 100;
  return world;
}

/** Two of its jars fit into the uploads of one pass, three do not. */
function heavy(): FakeWorld {
  const world = roomy();
  for (const { jar } of large)
    world.jars.set(jar, { present: true, version: 'v1', sizeBytes: defaults.uploadBytesMax / 2 });
  return world;
}

/** Effects of the first pass, in the words of a plan. */
const planned = ({ clusters }: PlanAnswer) =>
  clusters.flatMap(({ jobs }) =>
    jobs.flatMap(({ job, because, would }) =>
      would === undefined || would.nextPass
        ? []
        : [{ job, what: would.kind, attempt: would.attempt, because, spec: would.spec }],
    ),
  );

describe('a plan', () => {
  it.each(worlds)(
    'in dry-run says exactly what the first pass in mode run then does: %s',
    async (_, create, cluster) => {
      const world = create();
      const dry: Cluster = { ...cluster, mode: 'dry-run', modeBecause: 'first week' };
      const plan = await answered('plan', world, {}, { clusters: [dry] });
      expect(plan.clusters[0]?.mode).toEqual({ mode: 'dry-run', because: 'first week' });
      expect(world.storeCalls).toEqual(['load']);
      const foreign = jobManagerAt(world).jobs.size;

      const ports = portsOf(world);
      const first = await pass(ports, {
        cluster,
        lease: await leased(world),
        outcomes: [],
        untilMs: world.nowMs + 600_000,
      });
      const verdicts = plan.clusters[0]?.jobs.map(({ job, verdict, because, seen: saw }) => ({
        job,
        saw,
        verdict,
        because,
      }));
      expect(first.decisions).toMatchObject(verdicts ?? []);
      const memory = world.store.memory('realtime');
      const done = world.store
        .log('realtime')
        .filter(({ what }) => what === 'run')
        .map(({ job, what, attempt, because }) => {
          const spec = memory.jobs[job]?.attempts.find(({ n }) => n === attempt)?.spec;
          return { job, what, attempt, because, spec };
        });
      expect(planned(plan)).toEqual(done);
      expect(jobManagerAt(world).jobs.size).toBe(foreign + done.length);
    },
  );

  it('names where the job would go and with which jar', async () => {
    const plan = await answered('plan', createWorld(), {}, { clusters: [aCluster([aJob({ mode: 'watch' })])] });
    const would = { kind: 'run', attempt: 1, to: jm().address, jarVersion: 'v1' };
    expect(plan.clusters[0]?.jobs).toMatchObject([{ mode: { mode: 'watch' }, verdict: 'act', would }]);
  });

  it('tells apart what comes one pass later', async () => {
    const plan = await answered('plan', roomy(), {}, { clusters: [aCluster(many)] });
    const would = plan.clusters[0]?.jobs.map((job) => job.would?.nextPass ?? false);
    expect(would).toEqual(many.map((_, n) => n >= 49));
  });

  it('marks a jar that is uploaded one pass later, and says why', async () => {
    const plan = await answered('plan', heavy(), {}, { clusters: [aCluster(large)] });
    expect(plan.clusters[0]?.jobs.map(({ verdict, would }) => [verdict, would?.nextPass ?? false])).toEqual([
      ['act', false],
      ['act', false],
      ['wait', true],
    ]);
    expect(plan.clusters[0]?.jobs[2]?.because).toContain('other jars are uploaded first');
  });

  it('of a job that runs is to do nothing', async () => {
    const world = createWorld();
    await lookedAt(world);
    const plan = await answered('plan', world);
    expect(plan.clusters[0]?.jobs).toMatchObject([{ verdict: 'steady' }]);
    expect(plan.clusters[0]?.jobs[0]).not.toHaveProperty('would');
  });
});
