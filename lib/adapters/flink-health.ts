import * as z from 'zod/mini';
import { Fault } from '../core/errors.ts';
import type { JobException } from '../core/health/figures.ts';
import type { Endpoint } from '../ports.ts';
import type { FlinkHttp } from './flink-access.ts';
import { repeatable } from './flink-asked.ts';
import { flinkFault, isJobUnknown, rootCause, shortened } from './flink-errors.ts';
import { parse } from './flink-parse.ts';
import { frozen } from './frozen.ts';

/** `FlinkRest.restarts`. A JobManager collects metrics only when it is asked, so that its first answer is empty. */
export const restarts = async (
  http: FlinkHttp,
  at: Endpoint,
  jobId: string,
  deadlineMs: number,
): Promise<number | undefined> => {
  const answer = await repeatable(http.get(at, `/jobs/${jobId}/metrics?get=numRestarts`, deadlineMs));
  if (answer.status !== 200) throw flinkFault(answer, '/jobs/:id/metrics');
  const [metric] = parse(metrics, answer.text, '/jobs/:id/metrics').filter(({ id }) => id === 'numRestarts');
  const count = Number(metric?.value);
  return Number.isSafeInteger(count) && count >= 0 ? count : undefined;
};

/** `FlinkRest.lastException`. The text of an exception may repeat a secret. */
export const lastException = async (
  http: FlinkHttp,
  at: Endpoint,
  jobId: string,
  deadlineMs: number,
): Promise<JobException | undefined> => {
  const answer = await repeatable(http.get(at, `/jobs/${jobId}/exceptions?maxExceptions=1`, deadlineMs));
  if (isJobUnknown(answer, jobId)) throw new Fault('rejected', 'JOB_UNKNOWN', `Flink does not know job ${jobId}`);
  if (answer.status !== 200) throw flinkFault(answer, '/jobs/:id/exceptions');
  const [newest] = parse(exceptions, answer.text, '/jobs/:id/exceptions').exceptionHistory.entries;
  if (newest === undefined) return undefined;
  const { timestamp: atMs, stacktrace } = newest;
  const byCheckpoints = stacktrace.includes(TOO_MANY_FAILED) ? ({ byCheckpoints: true } as const) : {};
  const cause = await http.withoutSecrets(at, jobId, rootCause([stacktrace]), deadlineMs);
  return frozen({ atMs, cause: shortened(cause), ...byCheckpoints });
};

/** Flink's CheckpointFailureManager, 1.18 to 2.3. */
const TOO_MANY_FAILED = 'Exceeded checkpoint tolerable failure threshold';

const metrics = z.array(z.object({ id: z.string(), value: z.optional(z.string()) }));
const exceptions = z.object({
  exceptionHistory: z.object({
    entries: z.array(z.object({ timestamp: z.number(), stacktrace: z.string() })),
  }),
});
