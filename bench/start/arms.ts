import type { Cluster, JobManager } from './cluster.ts';
import { isReady, runJar, runningJob, wasReady } from './flink.ts';
import type { BenchJob } from './job.ts';
import { firstAnswer } from './poll.ts';
import type { Product } from './product.ts';
import type { AutopilotSample, Sample } from './report.ts';
import { shellMethod, shellSteps } from './shell.ts';
import { hold } from './stretch.ts';

/** The three ways to start the job; each takes one sample on a cluster that was asleep, and leaves it asleep. */
export const createArms = (parts: ArmParts): Arms => ({
  floor: () => floor(parts),
  autopilot: () => autopilot(parts),
  shell: () => shell(parts),
});

/** `bootMs`: so long each JobManager is held after its start. */
export type ArmParts = {
  readonly cluster: Cluster;
  readonly product: Product;
  readonly job: BenchJob;
  readonly bootMs: number;
};

export type Arms = { floor(): Promise<Sample>; autopilot(): Promise<AutopilotSample>; shell(): Promise<Sample> };

/** A bare loop beside the JobManager, which knows its address and finds the jar in place. */
const floor = async (parts: ArmParts): Promise<Sample> => {
  const { cluster, job } = parts;
  const jar = cluster.bakeJar();
  const { jobManager, seen } = await takeSample(parts, async ({ address }, signal) => {
    await firstAnswer(() => isReady(address, job.slots), signal);
    await runJar(address, jar, job);
  });
  return sampleOf(cluster, jobManager, seen);
};

/** The deployed product: ECS's event, EventBridge, a cold function, the jar from S3. */
const autopilot = async (parts: ArmParts): Promise<AutopilotSample> => {
  const { cluster, product } = parts;
  await product.makeCold();
  await product.listen();
  // Deaf again before the cluster stops: an event of that end would be an invocation beside the next sample.
  const { jobManager, seen } = await takeSample(parts, undefined, product.turnOff);
  const { startedAtMs } = jobManager;
  const { eventMs, passMs, committedMs } = await product.steps(seen.jobId, startedAtMs);
  return {
    ...sampleOf(cluster, jobManager, seen),
    eventMs: eventMs - startedAtMs,
    passMs: passMs - startedAtMs,
    committedMs: committedMs - startedAtMs,
    uploadMs: theOnly('upload', cluster.arrivals(startedAtMs).uploads) - startedAtMs,
  };
};

/** What people write today, started with the JobManager. */
const shell = async (parts: ArmParts): Promise<Sample> => {
  const { cluster, job } = parts;
  const { jobManager, seen } = await takeSample(parts, ({ address }, signal) =>
    shellMethod(shellSteps(address, job, signal)),
  );
  return sampleOf(cluster, jobManager, seen);
};

type Seen = { readonly readyMs: number; readonly runningMs: number; readonly jobId: string };

const takeSample = async (
  { cluster, job, bootMs }: ArmParts,
  submit: ((jobManager: JobManager, signal: AbortSignal) => Promise<void>) | undefined,
  beforeStop: () => Promise<void> = async () => {},
): Promise<{ jobManager: JobManager; seen: Seen }> => {
  const jobManager = await cluster.start();
  const signal = AbortSignal.timeout(SAMPLE_MAX_MS);
  const held = hold(jobManager, bootMs);
  try {
    const [seen] = await Promise.all([watch(jobManager, job, signal), submit?.(jobManager, signal), held.over]);
    return { jobManager, seen };
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new Error(`no sample within ${SAMPLE_MAX_MS / 1_000} s on ${jobManager.address}`, { cause: error });
  } finally {
    held.end();
    await beforeStop();
    await cluster.stop();
  }
};

/** The shell method alone sleeps a minute and asks for another. */
const SAMPLE_MAX_MS = 180_000;

/** The one watcher of all arms, outside of each. */
const watch = async ({ address }: JobManager, { slots }: BenchJob, signal: AbortSignal): Promise<Seen> => {
  const ready = await firstAnswer(() => wasReady(address, slots), signal);
  const running = await firstAnswer(() => runningJob(address), signal);
  return { readyMs: ready.atMs, runningMs: running.atMs, jobId: running.value };
};

const sampleOf = (cluster: Cluster, { startedAtMs }: JobManager, seen: Seen): Sample => ({
  jobId: seen.jobId,
  readyMs: seen.readyMs - startedAtMs,
  postMs: theOnly('submission', cluster.arrivals(startedAtMs).runs) - startedAtMs,
  runningMs: seen.runningMs - startedAtMs,
});

/** Two would mean that the sample shows something else than one start. */
const theOnly = (what: string, times: readonly number[]): number => {
  const [atMs] = times;
  if (atMs === undefined || times.length > 1)
    throw new Error(`${times.length} requests for ${what} reached Flink, not one`);
  return atMs;
};
