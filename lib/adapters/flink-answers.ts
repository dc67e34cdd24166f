import * as z from 'zod/mini';
import { defaults } from '../core/defaults.ts';
import { Fault } from '../core/errors.ts';
import type { FlinkJob, JobManagerIdentity, Slots } from '../core/model.ts';

/**
 * Flink's JSON (1.18 to 2.3) in our own words. Anything else under a good status, HTML of a proxy for one, is `invalid`
 * FLINK_UNREADABLE: it tells nothing of the jobs.
 */
export const readJobs = (text: string): readonly FlinkJob[] =>
  parse(overview, text, '/jobs/overview').jobs.map(({ jid, name, state, tasks }) => ({
    jobId: jid,
    name: cut(name),
    state,
    tasksRunning: tasks.running,
    // A bounded source of a streaming job ends for good; the rest is what has to run.
    tasksTotal: tasks.total - tasks.finished,
  }));

/** Whoever submits a job names it, at any length; half a character at the cut would not survive the store. */
const cut = (name: string): string => name.slice(0, defaults.flinkNameMax).toWellFormed();

/** The state of one job, Flink's own word, also one that is new to us. */
export const readJobState = (text: string): string => parse(job, text, '/jobs/:id').state;

/** Free and all task slots of the session cluster. */
export const readSlots = (text: string): Slots => {
  const answer = parse(cluster, text, '/overview');
  return { free: answer['slots-available'], total: answer['slots-total'] };
};

/** Who answers: the process by the last part of `web.tmpdir`, which every JobManager process makes anew. */
export const readIdentity = (configurationText: string, configText: string): JobManagerIdentity => {
  const entries = parse(configuration, configurationText, '/jobmanager/config');
  const config = parse(dashboard, configText, '/config');
  const value = (key: string) => entries.find((entry) => entry.key === key)?.value;
  const process = readProcess(configurationText);
  const ha = value('high-availability.type') ?? value('high-availability') ?? 'none';
  return {
    process,
    version: config['flink-version'],
    submission: config.features['web-submit'],
    ha: ha.trim().toLowerCase(),
  };
};

/** The process alone, from `/jobmanager/config`. */
export const readProcess = (configurationText: string): string => {
  const entries = parse(configuration, configurationText, '/jobmanager/config');
  const tmpdir = entries.find(({ key }) => key === 'web.tmpdir')?.value;
  const process = tmpdir?.match(/flink-web-[0-9a-f-]{36}(?=\/*$)/)?.[0];
  if (process === undefined) throw unreadable('/jobmanager/config', 'web.tmpdir does not name the process');
  return process;
};

/** The id of an uploaded jar: the file name that Flink gave it. */
export const readJarId = (text: string): string => {
  const id = parse(upload, text, '/jars/upload').filename.split('/').at(-1);
  if (id === undefined || id === '') throw unreadable('/jars/upload', 'the answer names no file');
  return id;
};

/** The id of the job that a run started. */
export const readRunJobId = (text: string): string => parse(run, text, '/jars/:id/run').jobid;

/** The texts of Flink's error answer, or undefined when it is not one. */
export const readErrors = (text: string): readonly string[] | undefined => {
  const result = errors.safeParse(jsonOf(text));
  return result.success ? result.data.errors : undefined;
};

const count = z.number().check(z.nonnegative());
const overview = z.object({
  jobs: z.array(
    z.object({
      jid: z.string().check(z.regex(/^[0-9a-f]{32}$/)),
      name: z.string(),
      state: z.string().check(z.minLength(1)),
      tasks: z.object({ running: count, total: count, finished: z._default(count, 0) }),
    }),
  ),
});
const job = z.object({ jid: z.string(), state: z.string().check(z.minLength(1)) });
const cluster = z.object({ 'slots-available': count, 'slots-total': count });
const configuration = z.array(z.object({ key: z.string(), value: z.string() }));
const dashboard = z.object({ 'flink-version': z.string(), features: z.object({ 'web-submit': z.boolean() }) });
const upload = z.object({ filename: z.string() });
const run = z.object({ jobid: z.string() });
const errors = z.object({ errors: z.array(z.string()) });

const parse = <T>(schema: z.ZodMiniType<T>, text: string, path: string): T => {
  const result = schema.safeParse(jsonOf(text));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw unreadable(path, issue === undefined ? 'another shape' : `${issue.path.join('.')}: ${issue.message}`);
};

/** undefined, which no schema takes, for what is not JSON. */
const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const unreadable = (path: string, why: string): Fault =>
  new Fault('invalid', 'FLINK_UNREADABLE', `the answer of ${path} is not Flink's: ${why}`);
