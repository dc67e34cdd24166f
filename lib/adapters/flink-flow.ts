import * as z from 'zod/mini';
import { Fault } from '../core/errors.ts';
import type { JobFlow, Vertex } from '../core/health/figures.ts';
import type { Endpoint } from '../ports.ts';
import type { FlinkHttp } from './flink-access.ts';
import { repeatable } from './flink-asked.ts';
import { flinkFault, isJobUnknown } from './flink-errors.ts';
import { parse } from './flink-parse.ts';
import { frozen } from './frozen.ts';

/** `FlinkRest.flow`. All figures are zero until Flink has collected the first ones. */
export const flow = async (
  http: FlinkHttp,
  at: Endpoint,
  jobId: string,
  wantsRecords: boolean,
  deadlineMs: number,
): Promise<JobFlow | undefined> => {
  const answer = await repeatable(http.get(at, `/jobs/${jobId}`, deadlineMs));
  if (isJobUnknown(answer, jobId)) throw new Fault('rejected', 'JOB_UNKNOWN', `Flink does not know job ${jobId}`);
  if (answer.status !== 200) throw flinkFault(answer, '/jobs/:id');
  const job = parse(details, answer.text, '/jobs/:id');
  const vertices = job.vertices.flatMap(vertexIn);
  const isCollected = job.vertices.some(({ metrics }) => Object.values(metrics).some((value) => Number(value) > 0));
  if (vertices.length !== job.vertices.length || !isCollected) return undefined;
  const records = wantsRecords ? await recordsOf(http, at, job, deadlineMs) : undefined;
  const names = await namesOf(http, at, jobId, vertices, deadlineMs);
  const named = vertices.map((each, index) => ({ ...each, name: names[index] ?? '' }));
  return frozen({ atMs: job.now, vertices: named, ...(records === undefined ? {} : { records }) });
};

const vertexIn = ({ name, parallelism, metrics }: Parsed): readonly Vertex[] => {
  const pressuredMs = metrics['accumulated-backpressured-time'];
  // Flink's NaN of a source that does not count it is a text.
  const busyMs = metrics['accumulated-busy-time'];
  if (typeof pressuredMs !== 'number') return [];
  return [
    {
      name,
      parallelism,
      pressuredMs,
      ...(typeof busyMs === 'number' ? { busyMs: Math.round(busyMs) } : {}),
    },
  ];
};

/** A statement that a name was made of may hold a secret. */
const namesOf = async (
  http: FlinkHttp,
  at: Endpoint,
  jobId: string,
  vertices: readonly Vertex[],
  deadlineMs: number,
): Promise<readonly string[]> => {
  const lines = vertices.map(({ name }) => name.replaceAll('\n', ' ')).join('\n');
  return (await http.withoutSecrets(at, jobId, lines, deadlineMs)).split('\n');
};

/** A vertex counts what goes over its edges: a source that is chained with all behind it has none, and its operator has to be asked. */
const recordsOf = async (
  http: FlinkHttp,
  at: Endpoint,
  { jid, vertices, plan }: z.infer<typeof details>,
  deadlineMs: number,
): Promise<number | undefined> => {
  const sources = plan.nodes.filter(({ inputs = [] }) => inputs.length === 0).map(({ id }) => id);
  const fed = new Set(plan.nodes.flatMap(({ inputs = [] }) => inputs.map(({ id }) => id)));
  let all: number | undefined;
  for (const id of sources.slice(0, SOURCES_MAX)) {
    const written = vertices.find((vertex) => vertex.id === id)?.metrics['write-records'];
    const path = `/jobs/${jid}/vertices/${id}/subtasks/metrics`;
    const count = fed.has(id) ? written : await ofItsOperators(http, at, path, deadlineMs);
    if (typeof count === 'number') all = (all ?? 0) + count;
  }
  return all;
};

const ofItsOperators = async (
  http: FlinkHttp,
  at: Endpoint,
  path: string,
  deadlineMs: number,
): Promise<number | undefined> => {
  const names = (await metricsAt(http, at, path, deadlineMs)).map(({ id }) => id).filter((id) => SOURCE.test(id));
  if (names.length === 0) return undefined;
  const asked = names.slice(0, SOURCES_MAX).map(encodeURIComponent).join(',');
  const counts = await metricsAt(http, at, `${path}?get=${asked}&agg=sum`, deadlineMs);
  return counts.reduce((sum, { sum: count = 0 }) => sum + count, 0);
};

const metricsAt = async (http: FlinkHttp, at: Endpoint, path: string, deadlineMs: number) => {
  const answer = await repeatable(http.get(at, path, deadlineMs));
  if (answer.status !== 200) throw flinkFault(answer, '/jobs/:id/vertices/:vertexid/subtasks/metrics');
  return parse(metrics, answer.text, '/jobs/:id/vertices/:vertexid/subtasks/metrics');
};

/** Each may cost two calls, and what one reads shows that the job does. */
const SOURCES_MAX = 5;
/** Flink names an operator `Source: name`, and a metric with `_` for what is no letter. */
const SOURCE = /^Source__.*\.numRecordsOut$/;

const count = z.number().check(z.nonnegative());
const vertex = z.object({
  id: z.string(),
  name: z.string(),
  parallelism: count,
  metrics: z.record(z.string(), z.unknown()),
});
type Parsed = z.infer<typeof vertex>;
const details = z.object({
  jid: z.string(),
  now: z.number(),
  vertices: z.array(vertex),
  plan: z.object({
    nodes: z.array(z.object({ id: z.string(), inputs: z.optional(z.array(z.object({ id: z.string() }))) })),
  }),
});
const metrics = z.array(z.object({ id: z.string(), sum: z.optional(z.number()) }));
