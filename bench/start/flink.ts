import { randomBytes } from 'node:crypto';
import { basename, join } from 'node:path';
import { PROJECT } from '../../local/deploy/deploy.ts';
import { isRunning, listJobs } from '../../local/show/list-jobs.ts';
import type { BenchJob } from './job.ts';

/** Can a job of so many slots be submitted: `/jobs/overview` answers 200 and enough slots are free. */
export const isReady = async (address: string, slots: number): Promise<true | undefined> => {
  const { free } = await look(address);
  return free >= slots ? true : undefined;
};

/** The same for somebody who watches: a job that is there already says so too, and holds the slots. */
export const wasReady = async (address: string, slots: number): Promise<true | undefined> => {
  const { free, jobs } = await look(address);
  return free >= slots || jobs > 0 ? true : undefined;
};

/** The id of a job all of whose tasks run; undefined while there is none. */
export const runningJob = async (address: string): Promise<string | undefined> =>
  (await listJobs(address)).find(isRunning)?.jobId;

/** Does it answer at all, which is what scripts ask. */
export const isUp = async (address: string): Promise<boolean> =>
  (
    await fetch(`http://${address}:${REST_PORT}/overview`, { signal: AbortSignal.timeout(2_000) }).catch(
      () => undefined,
    )
  )?.ok === true;

export const SAMPLE_JAR = join(PROJECT, 'examples/realtime-data-pipeline/realtime-data-pipeline.jar');

/** Gives the name under which Flink keeps the jar. */
export const uploadJar = async (address: string, name: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> => {
  const body = new FormData();
  body.append('jarfile', new Blob([bytes], { type: 'application/java-archive' }), name);
  const answer = await fetch(`http://${address}:${REST_PORT}/jars/upload`, { method: 'POST', body });
  if (!answer.ok) throw new Error(`Flink refused the jar (${answer.status}): ${await answer.text()}`);
  const { filename } = (await answer.json()) as { filename: string };
  return basename(filename);
};

/** Submits the job from a jar that lies in the JobManager's folder, empty or from a snapshot; gives the job's id. */
export const runJar = async (
  address: string,
  jarName: string,
  { spec }: BenchJob,
  savepointPath?: string,
): Promise<string> => {
  const jobId = randomBytes(16).toString('hex');
  const answer = await fetch(`http://${address}:${REST_PORT}/jars/${jarName}/run`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      jobId,
      ...(spec.mainClass === undefined ? {} : { entryClass: spec.mainClass }),
      programArgsList: spec.args,
      ...(spec.parallelism === undefined ? {} : { parallelism: spec.parallelism }),
      flinkConfiguration: spec.flinkConfiguration,
      ...(savepointPath === undefined ? {} : { savepointPath }),
    }),
  });
  if (!answer.ok) throw new Error(`Flink refused the job (${answer.status}): ${await answer.text()}`);
  return jobId;
};

const REST_PORT = 8081;

/** Throws unless both are answered with 200. One after the other: until the first is answered, the second is not worth its time. */
const look = async (address: string): Promise<{ free: number; jobs: number }> => {
  const jobs = await listJobs(address);
  const { 'slots-available': free } = (await get(address, '/overview')) as { 'slots-available': number };
  return { free, jobs: jobs.length };
};

const get = async (address: string, path: string): Promise<unknown> => {
  const answer = await fetch(`http://${address}:${REST_PORT}${path}`, { signal: AbortSignal.timeout(2_000) });
  if (!answer.ok) throw new Error(`${path} answers ${answer.status}`);
  return answer.json();
};
