import * as z from 'zod/mini';
import { defaults } from '../core/defaults.ts';
import { Fault } from '../core/errors.ts';
import type { Samples } from '../core/health/samples.ts';
import type { ClusterMemory, Incident, JobMemory, LogEntry, Order, Pause } from '../core/model.ts';
import type { Changes } from '../ports.ts';
import { incidentSchema, jobMemorySchema, logSchema, orderSchema, pauseSchema } from './dynamo/memory-schema.ts';
import { packSamples, readSamples } from './dynamo/samples.ts';

/** The schema of every item that this release writes. */
export const SCHEMA = 1;

export type Key = { readonly pk: string; readonly sk: string };
export type Item = Key & Readonly<Record<string, unknown>>;

/** All items of a cluster that are loaded together. */
export const clusterPk = (cluster: string): string => `CLUSTER#${cluster}`;

/** The name of a cluster that the stack of this namespace looks after. */
export const clusterNameKey = (namespace: string, cluster: string): Key => ({
  pk: clusterNamesPk(namespace),
  sk: cluster,
});

export const clusterNamesPk = (namespace: string): string => `CLUSTERS#${namespace}`;

export const leaseKey = (cluster: string): Key => ({ pk: clusterPk(cluster), sk: 'LEASE' });

/** All items of one commit; `unique` gives a text of its own at each call. */
export const itemsOf = (
  cluster: string,
  { jobs, incidents, log, samples }: Changes,
  unique: () => string,
): readonly Item[] => [
  ...Object.entries(jobs).map(([name, memory]) => jobItem(cluster, name, memory)),
  ...incidents.map((incident) => incidentItem(cluster, incident)),
  ...(samples === undefined ? [] : [samplesItem(cluster, samples)]),
  ...log.map((entry, index) => logItem(cluster, entry, `${String(index).padStart(2, '0')}-${unique()}`)),
];

/** The cluster's pause, when it is paused. */
export const pauseKey = (cluster: string): Key => ({ pk: clusterPk(cluster), sk: 'PAUSE' });

export const pauseItem = (cluster: string, pause: Pause): Item => ({ ...pauseKey(cluster), schema: SCHEMA, pause });

/** Of the live jobs' health: one item, compressed. */
export const samplesItem = (cluster: string, samples: Samples): Item => ({
  pk: clusterPk(cluster),
  sk: 'LOOK',
  schema: SCHEMA,
  samples: packSamples(samples),
});

/** All orders of a cluster, in the order of their ids. */
export const orderKey = (cluster: string, id: string): Key => ({ pk: clusterPk(cluster), sk: `ORDER#${id}` });

/** An order that nobody consumes goes by itself, a day after it has expired. */
export const orderItem = (cluster: string, order: Order): Item => ({
  ...orderKey(cluster, order.id),
  schema: SCHEMA,
  order,
  expiresAt: seconds(order.expiresMs + defaults.expiredOrderKeptMs),
});

export const logPk = (cluster: string): string => `LOG#${cluster}`;

/** The sort key before which all entries are older than `ms`. */
export const logSk = (ms: number): string => new Date(ms).toISOString();

const jobItem = (cluster: string, name: string, memory: JobMemory): Item => ({
  pk: clusterPk(cluster),
  sk: `JOB#${name}`,
  schema: SCHEMA,
  memory,
});

/** Closed incidents expire; whether one has expired is read from its times, never from its absence. */
const incidentItem = (cluster: string, incident: Incident): Item => ({
  pk: clusterPk(cluster),
  sk: `INCIDENT#${incident.key}`,
  schema: SCHEMA,
  incident,
  ...(incident.closedMs === undefined ? {} : { expiresAt: seconds(incident.closedMs + defaults.incidentKeptMs) }),
});

/** In order of time; `unique` keeps apart what happened in one millisecond. */
const logItem = (cluster: string, entry: LogEntry, unique: string): Item => ({
  pk: logPk(cluster),
  sk: `${logSk(entry.atMs)}#${unique}`,
  schema: SCHEMA,
  ...entry,
  expiresAt: seconds(entry.atMs + defaults.logKeptMs),
});

/** Everything of one cluster, each item checked. An item of a newer schema makes the whole unreadable: `invalid` SCHEMA_NEWER. */
export const readMemory = (items: readonly Readonly<Record<string, unknown>>[]): ClusterMemory => {
  const jobs: Record<string, JobMemory> = {};
  const incidents: Incident[] = [];
  const orders: Order[] = [];
  let pause: Pause | undefined;
  const look = items.find(({ sk }) => sk === 'LOOK');
  for (const item of items) {
    if (item === look) continue;
    const { sk } = parse(keyed, item, 'an item');
    if (sk.startsWith('JOB#')) jobs[sk.slice(4)] = parse(jobItemSchema, item, sk).memory;
    if (sk.startsWith('INCIDENT#')) incidents.push(parse(incidentItemSchema, item, sk).incident);
    if (sk.startsWith('ORDER#')) orders.push(parse(orderItemSchema, item, sk).order);
    if (sk === 'PAUSE') pause = parse(pauseItemSchema, item, sk).pause;
  }
  const samples = readSamples(look);
  return {
    jobs,
    incidents,
    orders,
    ...(pause === undefined ? {} : { pause }),
    ...(samples === undefined ? {} : { samples }),
  };
};

/** One line of the audit trail. */
export const readLogEntry = (item: unknown): LogEntry => {
  const {
    pk: _pk,
    sk: _sk,
    schema: _schema,
    expiresAt: _expires,
    ...entry
  } = parse(logItemSchema, item, 'a log entry');
  return entry;
};

export const readClusterName = (item: unknown): string => parse(keyed, item, 'the name of a cluster').sk;

/** The lease as it is stored. */
export const readLease = (item: unknown): StoredLease => parse(leaseSchema, item, 'LEASE');

/** The lease inside a refused condition, which the document client leaves in DynamoDB's own notation. */
export const readRefusedLease = (item: Readonly<Record<string, { S?: string; N?: string }>>): StoredLease =>
  readLease(Object.fromEntries(Object.entries(item).map(([key, { S, N }]) => [key, N === undefined ? S : Number(N)])));

export type StoredLease = { fence: number; bell: number; owner?: string; untilMs?: number; staysUntilMs?: number };

const seconds = (ms: number): number => Math.ceil(ms / 1_000);

const keyed = z.object({ pk: z.string(), sk: z.string() });
const jobItemSchema = z.object({ memory: jobMemorySchema });
const incidentItemSchema = z.object({ incident: incidentSchema });
const orderItemSchema = z.object({ order: orderSchema });
const pauseItemSchema = z.object({ pause: pauseSchema });
const logItemSchema: z.ZodMiniType<LogEntry & Partial<Record<'pk' | 'sk' | 'schema' | 'expiresAt', unknown>>> =
  logSchema;
const leaseSchema: z.ZodMiniType<StoredLease> = z.object({
  fence: z.number(),
  bell: z.number(),
  owner: z.exactOptional(z.string()),
  untilMs: z.exactOptional(z.number()),
  staysUntilMs: z.exactOptional(z.number()),
});

const schemaOnly = z.object({ schema: z.number() });

const parse = <T>(shape: z.ZodMiniType<T>, item: unknown, what: string): T => {
  const { success, data } = schemaOnly.safeParse(item);
  if (success && data.schema > SCHEMA) {
    throw new Fault('invalid', 'SCHEMA_NEWER', `${what} is of schema ${data.schema}, this release reads ${SCHEMA}`);
  }
  const result = shape.safeParse(item);
  if (success && result.success) return result.data;
  const [issue] = result.error?.issues ?? [];
  const why = issue === undefined ? 'it has no schema' : `${issue.path.join('.')}: ${issue.message}`;
  throw new Fault('invalid', 'ITEM_UNREADABLE', `${what} cannot be read: ${why}`);
};
