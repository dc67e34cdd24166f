import { Fault } from '../core/errors.ts';
import type { CheckpointConfig, Checkpoints, SavepointStatus } from '../core/model.ts';
import type { Endpoint, FlinkRest } from '../ports.ts';
import type { FlinkHttp } from './flink-access.ts';
import { repeatable } from './flink-asked.ts';
import {
  NO_CHECKPOINT_CONFIG,
  NO_CHECKPOINTS,
  readCheckpointConfig,
  readCheckpoints,
  readSavepointStatus,
} from './flink-checkpoints.ts';
import { flinkFault, isJobUnknown, savepointFault, shortened } from './flink-errors.ts';
import { readErrors } from './flink-parse.ts';
import { frozen } from './frozen.ts';
import type { Answer } from './http.ts';

/** `FlinkRest.checkpoints`. Why one failed is the text of an exception, which may repeat a secret. */
export const checkpoints = async (
  http: FlinkHttp,
  at: Endpoint,
  jobId: string,
  deadlineMs: number,
): Promise<Checkpoints> => {
  const answer = await ofJob(http, at, { jobId, path: `/jobs/${jobId}/checkpoints` }, deadlineMs);
  const { failing, ...seen } = answer === undefined ? NO_CHECKPOINTS : readCheckpoints(answer);
  if (failing === undefined) return frozen(seen);
  const because = await http.withoutSecrets(at, jobId, failing.because, deadlineMs);
  return frozen({ ...seen, failing: { ...failing, because: shortened(because) } });
};

/** `FlinkRest.checkpointConfig`. */
export const checkpointConfig = async (
  http: FlinkHttp,
  at: Endpoint,
  jobId: string,
  deadlineMs: number,
): Promise<CheckpointConfig> => {
  const answer = await ofJob(http, at, { jobId, path: `/jobs/${jobId}/checkpoints/config` }, deadlineMs);
  const config = answer === undefined ? NO_CHECKPOINT_CONFIG : readCheckpointConfig(answer);
  // While a job is initialised, and for ever when that failed.
  if (config === undefined) throw new Fault('transient', 'FLINK_UNAVAILABLE', 'the job has no checkpoint storage yet');
  return frozen(config);
};

/** `FlinkRest.savepoint`. Flink takes it for any id: that the job is unknown is told by the status. */
export const savepoint = async (
  http: FlinkHttp,
  at: Endpoint,
  jobId: string,
  { triggerId, directory, stop }: Parameters<FlinkRest['savepoint']>[2],
  deadlineMs: number,
): Promise<void> => {
  // Flink spells the directory in two ways, and ignores a name it does not know.
  const body = stop
    ? { targetDirectory: directory, drain: false }
    : { 'target-directory': directory, 'cancel-job': false };
  const path = `/jobs/${jobId}/${stop ? 'stop' : 'savepoints'}`;
  const json = JSON.stringify({ ...body, formatType: 'CANONICAL', triggerId });
  const answer = await http.send('POST', at, path, json, deadlineMs);
  if (answer.status !== 202) throw savepointFault(answer);
};

/** `FlinkRest.dispose`. Only a JobManager can: the files are named in the savepoint's metadata. */
export const dispose = async (http: FlinkHttp, at: Endpoint, path: string, deadlineMs: number): Promise<void> => {
  const json = JSON.stringify({ 'savepoint-path': path });
  const answer = await http.send('POST', at, '/savepoint-disposal', json, deadlineMs);
  if (answer.status !== 200 && answer.status !== 202) throw flinkFault(answer, '/savepoint-disposal');
};

/** `FlinkRest.savepointStatus`. Why one failed is the text of an exception, which may repeat a secret. */
export const savepointStatus = async (
  http: FlinkHttp,
  at: Endpoint,
  jobId: string,
  triggerId: string,
  deadlineMs: number,
): Promise<SavepointStatus> => {
  const answer = await repeatable(http.get(at, `/jobs/${jobId}/savepoints/${triggerId}`, deadlineMs));
  if (answer.status === 200) {
    const status = readSavepointStatus(answer.text);
    if (status.state !== 'failed') return frozen(status);
    const because = await http.withoutSecrets(at, jobId, status.because, deadlineMs);
    return frozen({ ...status, because: shortened(because) });
  }
  if (answer.status === 404 && says(answer, /no savepoint operation with triggerId/)) return UNKNOWN;
  throw flinkFault(answer, '/jobs/:id/savepoints/:triggerId');
};

const UNKNOWN: SavepointStatus = Object.freeze({ state: 'unknown' });

/** undefined: the job has no checkpoints at all, as a batch job. */
const ofJob = async (
  http: FlinkHttp,
  at: Endpoint,
  { jobId, path }: { readonly jobId: string; readonly path: string },
  deadlineMs: number,
): Promise<string | undefined> => {
  const answer = await repeatable(http.get(at, path, deadlineMs));
  if (answer.status === 200) return answer.text;
  if (isJobUnknown(answer, jobId)) throw new Fault('rejected', 'JOB_UNKNOWN', `Flink does not know job ${jobId}`);
  if (answer.status === 404 && says(answer, /Checkpointing (has|is|was) not (been )?enabled/)) return undefined;
  throw flinkFault(answer, path.replace(jobId, ':id'));
};

const says = ({ text }: Answer, words: RegExp): boolean =>
  readErrors(text)?.some((error) => words.test(error)) === true;
