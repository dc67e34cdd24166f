import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { jarFile } from '../../../examples/realtime-data-pipeline/build.ts';
import { BUCKET } from '../../../local/deploy/deployments.ts';
import { type FlinkJob, isRunning, listJobs } from '../../../local/show/list-jobs.ts';
import { waitFor } from '../../../local/wait-for.ts';
import { jobManagers, type Stage } from './stage.ts';

export const SAMPLE_JAR = 'jars/realtime-data-pipeline.jar';

/** An entry of the manifest for the sample job, under the same name here and on Flink. */
export const sampleJob = (name: string, { args = [], jar = SAMPLE_JAR, rate = '100' }: SampleOptions = {}) => ({
  name,
  jar: `s3://${BUCKET}/${jar}`,
  mainClass: 'com.realtime.pipeline.FlinkCDC3App',
  args: ['--rate', rate, '--name', name, ...args],
  parallelism: 1,
  flinkConfiguration: { 'execution.checkpointing.interval': '10 s' },
  state: 'none',
});

/** The same, whose state matters: it counts on after a restore, and writes what it counted below `out` of the bucket. */
export const statefulJob = (name: string, out: string, interval: string) => {
  const { state: _, ...job } = sampleJob(name, { args: ['--out', `s3://${BUCKET}/${out}`] });
  return { ...job, flinkConfiguration: { 'execution.checkpointing.interval': interval } };
};

type SampleOptions = {
  readonly args?: readonly string[];
  readonly jar?: string;
  /** Records a second. */
  readonly rate?: string;
};

/** From the end of a fault to the running job, at most (invariant I10). */
export const RUNNING_MAX_MS = 180_000;

/** Waits until the newest JobManager lists the job with all tasks running. */
export const running = async ({ world }: Stage, name: string): Promise<FlinkJob & { taskArn: string }> =>
  waitFor(`${name} to run`, RUNNING_MAX_MS, async () => {
    const task = jobManagers(world).at(-1);
    if (task?.alive !== true || task.desiredStatus !== 'RUNNING') return undefined;
    const jobs = await listJobs(task.address).catch(() => []);
    const job = jobs.find((one) => one.name === name && isRunning(one));
    return job === undefined ? undefined : { ...job, taskArn: task.taskArn };
  });

/** Ends the JobManager's process as a crash does; gives its task. */
export const killJobManager = async ({ world }: Stage): Promise<string> => {
  const [taskArn, ...others] = await world.agent.kill({ role: 'jobmanager' }, 'SIGKILL');
  if (taskArn === undefined || others.length > 0) throw new Error('one living JobManager was expected');
  return taskArn;
};

/**
 * Starts a copy of the sample job as a person would who knows nothing of the autopilot: the same jar, an id of Flink's;
 * `more` is added to what Flink is told. Gives the id.
 */
export const submitByHand = async (
  { world }: Stage,
  taskArn: string,
  name: string,
  { args = [], ...more }: RunByHand = {},
): Promise<string> => {
  const address = jobManagers(world).find((task) => task.taskArn === taskArn)?.address;
  const form = new FormData();
  form.append('jarfile', new Blob([readFileSync(jarFile)]), 'by-hand.jar');
  const { filename } = await post<{ filename: string }>(`http://${address}:8081/jars/upload`, form);
  const programArgsList = ['--rate', '100', '--name', name, ...args];
  const body = JSON.stringify({ programArgsList, parallelism: 1, ...more });
  return (await post<{ jobid: string }>(`http://${address}:8081/jars/${basename(filename)}/run`, body)).jobid;
};

type RunByHand = {
  readonly args?: readonly string[];
  readonly savepointPath?: string;
  readonly flinkConfiguration?: Readonly<Record<string, string>>;
};

/**
 * Starts the tasks of a stage that has no product yet and jobs of these names on its JobManager, by hand; gives the ids of
 * the jobs once all of their tasks run.
 */
export const startForeignJobs = async (stage: Stage, names: readonly string[]): Promise<readonly string[]> => {
  stage.world.agent.startTasks();
  await readyAfter(stage, 'none', names.length);
  const taskArn = jobManagers(stage.world).at(-1)?.taskArn ?? '';
  for (const name of names) await submitByHand(stage, taskArn, name);
  const jobs = await Promise.all(names.map((name) => running(stage, name)));
  return jobs.map(({ jobId }) => jobId);
};

/**
 * Triggers a savepoint that nobody asks about: Flink then waits for that when it ends, up to 5 s, so its JobManager drains
 * until somebody calls what this returns.
 */
export const delayEnd = async ({ world }: Stage, taskArn: string, jobId: string): Promise<() => Promise<void>> => {
  const address = jobManagers(world).find((task) => task.taskArn === taskArn)?.address;
  const savepoints = `http://${address}:8081/jobs/${jobId}/savepoints`;
  const trigger = await post<{ 'request-id': string }>(savepoints, JSON.stringify({ 'cancel-job': false }));
  return async () => {
    await waitFor('the savepoint to end', RUNNING_MAX_MS, async () => {
      const answer = await fetch(`${savepoints}/${trigger['request-id']}`, { signal: AbortSignal.timeout(2_000) });
      return ((await answer.json()) as { status: { id: string } }).status.id === 'COMPLETED';
    });
  };
};

/** What `flink stop` does: ends the job with a savepoint; gives its path. */
export const stopByHand = async ({ world }: Stage, jobId: string, targetDirectory: string): Promise<string> => {
  const job = `http://${jobManagers(world).at(-1)?.address}:8081/jobs/${jobId}`;
  const body = JSON.stringify({ targetDirectory, drain: false });
  const trigger = await post<{ 'request-id': string }>(`${job}/stop`, body);
  return waitFor('the savepoint', RUNNING_MAX_MS, async () => {
    const answer = await fetch(`${job}/savepoints/${trigger['request-id']}`, { signal: AbortSignal.timeout(2_000) });
    return ((await answer.json()) as { operation: { location?: string } | null }).operation?.location;
  });
};

const post = async <T>(url: string, body: string | FormData): Promise<T> => {
  const answer = await fetch(url, { method: 'POST', body, signal: AbortSignal.timeout(20_000) });
  if (!answer.ok) throw new Error(`${url}: ${await answer.text()}`);
  return (await answer.json()) as T;
};

/** Waits until a JobManager after `task` can take a job of so many slots, as seen from outside; gives that moment (epoch ms). */
export const readyAfter = async ({ world }: Stage, task: string, slots: number): Promise<number> =>
  waitFor(
    'the next JobManager to be ready',
    RUNNING_MAX_MS,
    async () => {
      const next = jobManagers(world).at(-1);
      if (next === undefined || next.taskArn === task || !next.alive) return undefined;
      return (await freeSlots(next.address)) >= slots ? Date.now() : undefined;
    },
    20,
  );

/** -1 while it does not answer. */
const freeSlots = async (address: string): Promise<number> => {
  try {
    const answer = await fetch(`http://${address}:8081/overview`, { signal: AbortSignal.timeout(2_000) });
    return answer.ok ? ((await answer.json()) as { 'slots-available': number })['slots-available'] : -1;
  } catch {
    return -1;
  }
};
