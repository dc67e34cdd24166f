import { isRunning } from './list-jobs.ts';
import type { Happening } from './watch.ts';

/** Describes what happens, but what the autopilot says of a job only when it decides something else than before. */
export const createDescriber = (): ((happening: Happening) => string | undefined) => {
  const decided = new Map<unknown, string>();
  return (happening) => {
    const text = describe(happening);
    if (happening.kind !== 'log' || happening.line.message !== 'pass') return text;
    const { job, rung, decision } = happening.line;
    const same = decided.get(job) === `${rung} ${decision}`;
    decided.set(job, `${rung} ${decision}`);
    return same ? undefined : text;
  };
};

const describe = (happening: Happening): string | undefined => {
  switch (happening.kind) {
    case 'task': {
      const { service, lastStatus, address, taskArn } = happening.task;
      if (lastStatus !== 'RUNNING' && lastStatus !== 'STOPPED') return undefined;
      return `ECS: ${service} ${lastStatus}  ${address}  task ${shortId(taskArn)}`;
    }
    case 'job': {
      const { job, address } = happening;
      const tasks = isRunning(job) ? `all ${job.total} tasks run` : `${job.running} of ${job.total} tasks run`;
      return `Flink at ${address}: ${job.name} ${job.state}, ${tasks}  job ${job.jobId}`;
    }
    case 'log':
      return describeLine(happening.line);
  }
};

const describeLine = (line: Readonly<Record<string, unknown>>): string | undefined => {
  const { message, level, job, jobId, attempt, because, decision, taskArn, lastStatus, error } = line;
  if (message === 'event received')
    return `autopilot: event received, ${lastStatus} of task ${shortId(String(taskArn))}`;
  if (level === 'ERROR') return `autopilot: ${message} ${detailOf(error)}`.trimEnd();
  if (typeof jobId === 'string') {
    return `autopilot: ${message} ${job}, attempt ${attempt}, job ${jobId}${because === undefined ? '' : `: ${because}`}`;
  }
  return message === 'pass' ? `autopilot: ${job}: ${decision}, ${because}` : undefined;
};

const detailOf = (error: unknown): string => {
  if (typeof error !== 'object' || error === null) return error === undefined ? '' : String(error);
  return 'message' in error ? String(error.message) : JSON.stringify(error);
};

const shortId = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1).slice(0, 8);
