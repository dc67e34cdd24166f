import * as z from 'zod/mini';
import { defaults } from '../core/defaults.ts';
import type { FlinkJob, Slots } from '../core/model.ts';
import { parse, unreadable } from './flink-parse.ts';

/** Flink's JSON of jobs, slots and jars (1.18 to 2.3) in our own words. Throws `invalid` FLINK_UNREADABLE. */
export const readJobs = (text: string): readonly FlinkJob[] =>
  parse(overview, text, '/jobs/overview').jobs.map(({ jid, name, state, tasks, ...times }) => ({
    jobId: jid,
    name: comparable(name),
    state,
    tasksRunning: tasks.running,
    // A bounded source of a streaming job ends for good; the rest is what has to run.
    tasksTotal: tasks.total - tasks.finished,
    ...(times['last-modification'] === undefined ? {} : { changedMs: times['last-modification'] }),
  }));

/** Whoever submits a job names it, at any length; half a character at the cut would not survive the store. */
const comparable = (name: string): string => name.slice(0, defaults.flinkNameMax).toWellFormed();

/** The state of one job, Flink's own word, also one that is new to us. */
export const readJobState = (text: string): string => parse(job, text, '/jobs/:id').state;

/** Free and all task slots of the session cluster. */
export const readSlots = (text: string): Slots => {
  const answer = parse(cluster, text, '/overview');
  return { free: answer['slots-available'], total: answer['slots-total'] };
};

/** The id of an uploaded jar: the file name that Flink gave it. */
export const readJarId = (text: string): string => {
  const id = parse(upload, text, '/jars/upload').filename.split('/').at(-1);
  if (id === undefined || id === '') throw unreadable('/jars/upload', 'the answer names no file');
  return id;
};

/** The id of the job that a run started. */
export const readRunJobId = (text: string): string => parse(run, text, '/jars/:id/run').jobid;

const count = z.number().check(z.nonnegative());
const overview = z.object({
  jobs: z.array(
    z.object({
      jid: z.string().check(z.regex(/^[0-9a-f]{32}$/)),
      name: z.string(),
      state: z.string().check(z.minLength(1)),
      tasks: z.object({ running: count, total: count, finished: z._default(count, 0) }),
      'last-modification': z.optional(z.number()),
    }),
  ),
});
const job = z.object({ jid: z.string(), state: z.string().check(z.minLength(1)) });
const cluster = z.object({ 'slots-available': count, 'slots-total': count });
const upload = z.object({ filename: z.string() });
const run = z.object({ jobid: z.string() });
