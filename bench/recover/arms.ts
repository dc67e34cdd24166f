import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { World } from '../../local/world.ts';
import type { Cluster, JobManager } from '../start/cluster.ts';
import { isReady, runJar, runningJob, SAMPLE_JAR, uploadJar, wasReady } from '../start/flink.ts';
import type { BenchJob } from '../start/job.ts';
import { firstAnswer } from '../start/poll.ts';
import type { Product } from '../start/product.ts';
import type { AutopilotSample, Sample } from './report.ts';
import { countedAndKept, goesOn, newestOf } from './state.ts';

/** Both ways to bring a job back with its state; each takes one sample on a cluster that was asleep, and leaves it asleep. */
export const createArms = (parts: ArmParts): Arms => ({
  script: () => script(parts),
  autopilot: () => autopilot(parts),
});

export type ArmParts = {
  readonly world: World;
  readonly cluster: Cluster;
  readonly product: Product;
  readonly job: BenchJob;
};

export type Arms = { script(): Promise<Sample>; autopilot(): Promise<AutopilotSample> };

/** A bare loop, which is told the address and the path of the snapshot before it has to ask for anything. */
const script = async (parts: ArmParts): Promise<Sample> => {
  const { job } = parts;
  const jar = await readFile(SAMPLE_JAR);
  const submit = async ({ address }: JobManager, signal: AbortSignal, path?: string) => {
    await firstAnswer(() => isReady(address, job.slots), signal);
    await runJar(address, await uploadJar(address, basename(SAMPLE_JAR), jar), job, path);
  };
  return (await takeSample(parts, { submit })).sample;
};

/** The deployed product: it learns of the end and of the start by ECS's events, in a cold function, and finds the snapshot by itself. */
const autopilot = async (parts: ArmParts): Promise<AutopilotSample> => {
  const { product } = parts;
  await product.listen();
  const { sample, killedMs } = await takeSample(parts, { beforeKill: product.makeCold, beforeStop: product.turnOff });
  const { eventMs, passMs, committedMs } = await product.steps(sample.jobId, killedMs);
  return {
    ...sample,
    eventMs: eventMs - killedMs,
    passMs: passMs - killedMs,
    committedMs: committedMs - killedMs,
  };
};

type Way = {
  /** How the job is started; absent: somebody else does. */
  submit?(jobManager: JobManager, signal: AbortSignal, path?: string): Promise<void>;
  beforeKill?(): Promise<void>;
  beforeStop?(): Promise<void>;
};

const takeSample = async (
  { world, cluster, job }: ArmParts,
  way: Way,
): Promise<{ sample: Sample; killedMs: number }> => {
  const signal = AbortSignal.timeout(SAMPLE_MAX_MS);
  const first = await cluster.start();
  try {
    const [{ value: jobId }] = await Promise.all([running(first, signal), way.submit?.(first, signal)]);
    const before = await countedAndKept(first.address, jobId);
    await way.beforeKill?.();
    const { atMs, next } = await cluster.kill();
    const path = await newestOf(world, jobId);
    const [ready, seen] = await Promise.all([
      firstAnswer(() => wasReady(next.address, job.slots), signal),
      running(next, signal),
      way.submit?.(next, signal, path),
    ]);
    await goesOn(next.address, seen.value, path, before);
    const [postMs, ...more] = cluster.arrivals(atMs).runs;
    if (postMs === undefined || more.length > 0)
      throw new Error(`${1 + more.length} submissions reached Flink, not one`);
    const since = { startedMs: next.startedAtMs, readyMs: ready.atMs, postMs, runningMs: seen.atMs };
    return { killedMs: atMs, sample: { jobId: seen.value, ...sinceKill(since, atMs) } };
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new Error(`no sample within ${SAMPLE_MAX_MS / 1_000} s`, { cause: error });
  } finally {
    await way.beforeStop?.();
    await cluster.stop();
  }
};

/** Two boots, a checkpoint and the counter. */
const SAMPLE_MAX_MS = 180_000;

/** The one watcher of both, outside of each. */
const running = ({ address }: JobManager, signal: AbortSignal) => firstAnswer(() => runningJob(address), signal);

type Moments = Pick<Sample, 'startedMs' | 'readyMs' | 'postMs' | 'runningMs'>;

const sinceKill = ({ startedMs, readyMs, postMs, runningMs }: Moments, killedMs: number): Moments => ({
  startedMs: startedMs - killedMs,
  readyMs: readyMs - killedMs,
  postMs: postMs - killedMs,
  runningMs: runningMs - killedMs,
});
