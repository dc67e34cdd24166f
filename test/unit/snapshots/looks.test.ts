import { describe, expect, it } from 'vitest';
import { defaults } from '../../../lib/core/defaults.ts';
import { Fault } from '../../../lib/core/errors.ts';
import type { Attempt } from '../../../lib/core/model.ts';
import { look } from '../../../lib/look.ts';
import { observe } from '../../../lib/observe.ts';
import { lookAtSnapshots } from '../../../lib/snapshots/look-at-snapshots.ts';
import {
  aCheckpoint,
  aCluster,
  aFlinkJob,
  aJob,
  aStatefulJob,
  aStorage,
  idOf,
  jm,
  memoryOf,
  ranOn,
  t0,
} from '../../support/builders.ts';
import { CHECKPOINT_CONFIG, createJobManager } from '../pass/fake-jobmanager.ts';
import { type Broken, createWorld, jobManagerAt, portsOf } from '../pass/fake-ports.ts';

/** What a JobManager that lists the job is asked of this attempt. */
const asked = async (attempt: Attempt, state = 'RUNNING', laterMs = 0) => {
  const world = createWorld();
  world.nowMs = t0 + laterMs;
  jobManagerAt(world).jobs.set(idOf(), aFlinkJob(idOf(), state));
  const at = { url: `http://${jm().address}:8081` };
  const jobs = [...jobManagerAt(world).jobs.values()];
  const seen = await lookAtSnapshots(portsOf(world), at, [attempt], jobs, [], t0 + 1_000);
  return Object.entries(seen).flatMap(([what, answers]) => (Object.keys(answers).length > 0 ? [what] : []));
};

describe('a JobManager is asked for the snapshots of a job', () => {
  const { attempt: _, ...first } = aCheckpoint(1, 1, { atMs: t0 });
  const known: Partial<Attempt> = { checkpointing: CHECKPOINT_CONFIG, snapshots: [first] };
  const { intervalMs: _interval, ...off } = CHECKPOINT_CONFIG;
  const stop = { how: 'savepoint', order: 'restart', because: 'x', triggerId: 'f'.repeat(32), sentMs: t0 } as const;
  const ended = { state: 'FINISHED', atMs: t0 } as const;

  it.each<[string, Partial<Attempt>, string, number, readonly string[]]>([
    ['at first, and how it takes them', {}, 'RUNNING', 0, ['checkpoints', 'checkpointConfigs']],
    ['until its first one', { checkpointing: CHECKPOINT_CONFIG }, 'RUNNING', 0, ['checkpoints']],
    ['not then: each job costs a call', known, 'RUNNING', defaults.ledgerEveryMs - 1, []],
    ['now and then', known, 'RUNNING', defaults.ledgerEveryMs, ['checkpoints']],
    ['until it says what it began from', { ...known, source: aCheckpoint(9) }, 'RUNNING', 0, ['checkpoints']],
    ['never, where it takes none', { checkpointing: off }, 'RUNNING', 0, []],
    ['while it is to end', { ...known, stop }, 'RUNNING', 0, ['checkpoints', 'savepoints']],
    ['when it has ended', known, 'FINISHED', 0, ['checkpoints']],
    ['for a while after its end', { ...known, end: ended }, 'FINISHED', defaults.ledgerEveryMs - 1, ['checkpoints']],
    ['not for ever', { ...known, end: ended }, 'FINISHED', defaults.ledgerEveryMs, []],
  ])('%s', async (_name, changes, state, laterMs, what) => {
    expect(await asked(ranOn(jm(), 1, changes), state, laterMs)).toEqual(what);
  });
});

it('a look asks for what a savepoint came to also where an attempt after it has ended', async () => {
  const world = createWorld();
  jobManagerAt(world).jobs.set(idOf(), aFlinkJob(idOf()));
  const savepoint = {
    directory: 's3://s',
    because: 'x',
    expiresMs: t0,
    triggerId: 'f'.repeat(32),
    sentMs: t0,
    to: jm(),
  };
  const adopted = ranOn(jm(), 2, { end: { state: 'FAILED', atMs: t0 } });
  const memory = memoryOf(ranOn(jm(), 1, { savepoint }), adopted);
  const known = { jobs: { orders: memory }, incidents: [], orders: [] };
  const { flink } = await observe(portsOf(world), aCluster([aStatefulJob()]), known, t0 + 60_000);
  expect(flink).toMatchObject({
    [jm().taskArn]: { value: { savepoints: { [savepoint.triggerId]: { known: true } } } },
  });
});

describe('a look at a cluster', () => {
  const given = async (job = aStatefulJob(), broken: Broken = {}) => {
    const world = createWorld();
    world.jobManagers.set(jm().address, createJobManager(jm().process, { storage: aStorage() }));
    world.snapshots.snapshot(aCheckpoint(42).path, 42);
    const input = { cluster: aCluster([job]), outcomes: [], untilMs: t0 + 60_000 };
    const { observation, decisions } = await look(portsOf(world, broken), input);
    return { snapshots: observation.snapshots, decision: decisions[0] };
  };

  it('searches for the snapshots of a job that is about to start', async () => {
    const { snapshots, decision } = await given();
    expect(snapshots).toMatchObject({ orders: { known: true, value: { found: [aCheckpoint(42, 1, { atMs: t0 })] } } });
    expect(decision?.effect).toMatchObject({ attempt: { n: 2, source: { path: aCheckpoint(42).path } } });
  });

  it.each<[string, ReturnType<typeof aJob>]>([
    ['has no state to restore', aJob()],
    ['is only watched', aStatefulJob({ mode: 'watch' })],
    ['waits for its jar', aStatefulJob({ jar: 's3://jars/missing.jar' })],
  ])('searches for none of a job that %s: it costs some requests', async (_, job) => {
    expect((await given(job)).snapshots).toBeUndefined();
  });

  it('that cannot search starts nothing, and says why (F51, I6)', async () => {
    const metadata = async (): Promise<never> => {
      throw new Fault('rejected', 'SNAPSHOTS_DENIED', 'not allowed to read');
    };
    const { decision } = await given(aStatefulJob(), { snapshots: { metadata } });
    expect(decision).toMatchObject({
      verdict: 'wait',
      problem: { code: 'SNAPSHOTS_UNREADABLE', what: 'not allowed to read' },
    });
    expect(decision?.effect).toBeUndefined();
  });
});
