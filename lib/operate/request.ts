import * as z from 'zod/mini';
import { defaults } from '../core/defaults.ts';
import type { Cluster, Order } from '../core/model.ts';
import { nearest, notAsExpected, pathText } from '../manifest/problems.ts';

/** What a person may ask. `cluster` and `job` narrow it down. */
export type Request =
  | { readonly op: 'status' | 'plan' | 'orders'; readonly cluster?: string; readonly job?: string }
  | {
      readonly op: 'history';
      readonly cluster?: string;
      readonly job?: string;
      readonly limit?: number;
      /** Epoch milliseconds: only what is older. */
      readonly beforeMs?: number;
    }
  | OrderRequest;

export type OrderRequest = Pick<Order, 'kind' | 'job' | 'jobId' | 'path' | 'who' | 'why'> & {
  readonly op: 'order';
  readonly cluster: string;
  /** pause: ends by itself after this. */
  readonly forMs?: number;
};

export type Checked =
  | { readonly ok: true; readonly request: Request }
  | { readonly ok: false; readonly problems: readonly string[] };

/** A request as a person sent it, or everything that is wrong with it. */
export const checkRequest = (input: unknown, clusters: readonly Cluster[]): Checked => {
  const result = requestSchema.safeParse(input);
  if (!result.success) return { ok: false, problems: result.error.issues.flatMap((issue) => wordsOf(issue, input)) };
  const request: Request = result.data;
  const problems = [...misfits(request), ...unknownNames(request, clusters)];
  return problems.length > 0 ? { ok: false, problems } : { ok: true, request };
};

/** Longest name that is looked at. Names of the manifest have 64 characters at most. */
const NAME_MAX = 200;
/** Longest name of a person, as their machine gives it. */
const WHO_MAX = 200;
/** S3's own limit of a key, and a bucket. */
const PATH_MAX = 1_100;
const SNAPSHOT = 'the directory of a snapshot, such as s3://bucket/checkpoints/<job id>/chk-42';
/** A pause is for a while; longer ones are `enabled: false` or a mode. */
const PAUSE_MAX_MS = 90 * 24 * 3_600_000;

const text = (max: number, expected: string) =>
  z.string({ error: expected }).check(z.minLength(1, { error: expected }), z.maxLength(max, { error: expected }));

const whole = (max: number, expected: string) =>
  z.int({ error: expected }).check(z.minimum(1, { error: expected }), z.maximum(max, { error: expected }));

const where = {
  cluster: z.exactOptional(text(NAME_MAX, 'the name of a cluster of the manifest')),
  job: z.exactOptional(text(NAME_MAX, 'the name of a job of the manifest')),
};

const ORDER_KINDS = [
  'release',
  'pause',
  'resume',
  'restart',
  'apply',
  'savepoint',
  'start-empty',
  'restore-from',
  'adopt',
  'ignore',
] as const;
const OPS = ['status', 'plan', 'history', 'orders', 'order'] as const;

const shapes = {
  status: { op: z.literal('status'), ...where },
  plan: { op: z.literal('plan'), ...where },
  orders: { op: z.literal('orders'), ...where },
  history: {
    op: z.literal('history'),
    ...where,
    limit: z.exactOptional(whole(defaults.historyMax, `a whole number from 1 to ${defaults.historyMax}`)),
    beforeMs: z.exactOptional(whole(Number.MAX_SAFE_INTEGER, 'a time in milliseconds since 1970')),
  },
  order: {
    op: z.literal('order'),
    kind: z.enum(ORDER_KINDS, { error: `one of ${ORDER_KINDS.join(', ')}` }),
    cluster: text(NAME_MAX, 'the name of a cluster of the manifest'),
    job: where.job,
    jobId: z.exactOptional(
      z
        .string({ error: 'a Flink job id: 32 digits of 0-9, a-f' })
        .check(z.regex(/^[0-9a-f]{32}$/, { error: 'a Flink job id: 32 digits of 0-9, a-f' })),
    ),
    path: z.exactOptional(
      text(PATH_MAX, SNAPSHOT).check(z.regex(/^(s3[ap]?:\/\/[^/]+|file:\/{0,2})\/.+/, { error: SNAPSHOT })),
    ),
    who: text(WHO_MAX, 'who gives the order, in 1 to 200 characters'),
    why: text(defaults.textMax, `why, in 1 to ${defaults.textMax} characters`),
    forMs: z.exactOptional(whole(PAUSE_MAX_MS, 'milliseconds, at most 90 days')),
  },
};

const requestSchema = z.discriminatedUnion(
  'op',
  [
    z.strictObject(shapes.status),
    z.strictObject(shapes.plan),
    z.strictObject(shapes.orders),
    z.strictObject(shapes.history),
    z.strictObject(shapes.order),
  ],
  { error: `a mapping with op, one of ${OPS.join(', ')}` },
);

const wordsOf = (issue: z.core.$ZodIssue, input: unknown): readonly string[] => {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, input));
  const path = pathText(issue.path);
  const { path: at, text: what } = notAsExpected(path, valueAt(input, issue.path), issue.message);
  return [at === '' ? what : `${at}: ${what}`];
};

const unknownKey = (key: string, input: unknown): string => {
  const op = OPS.find((each) => each === valueAt(input, ['op']));
  const known = op === undefined ? [] : Object.keys(shapes[op]);
  const near = nearest(key, known);
  return `${key}: unknown name; ${near === undefined ? `known here: ${known.join(', ')}` : `did you mean ${near}?`}`;
};

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, part) => (typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined),
    input,
  );

/** What does not go together. */
const misfits = (request: Request): readonly string[] => {
  if (request.op !== 'order')
    return request.job !== undefined && request.cluster === undefined
      ? ['cluster: missing; a job needs its cluster']
      : [];
  const { kind, job, jobId, path, forMs } = request;
  const ofCluster = kind === 'pause' || kind === 'resume';
  const ofForeign = kind === 'adopt' || kind === 'ignore';
  return [
    ...(job === undefined && !ofCluster ? [`job: missing; ${kind} is for one job`] : []),
    ...(jobId === undefined && ofForeign ? [`jobId: missing; ${kind} needs the Flink job id of the live job`] : []),
    ...(jobId !== undefined && !ofForeign ? [`jobId: ${kind} takes none`] : []),
    ...(path === undefined && kind === 'restore-from' ? [`path: missing; ${kind} needs the snapshot's directory`] : []),
    ...(path !== undefined && kind !== 'restore-from' ? [`path: ${kind} takes none`] : []),
    ...(forMs !== undefined && kind !== 'pause' ? [`forMs: ${kind} takes none, only pause does`] : []),
  ];
};

const unknownNames = ({ cluster, job }: Request, clusters: readonly Cluster[]): readonly string[] => {
  if (cluster === undefined) return [];
  const found = clusters.find(({ name }) => name === cluster);
  if (found === undefined) return [unknownCluster(cluster, clusters)];
  const names = found.jobs.map(({ name }) => name);
  if (job === undefined || names.includes(job)) return [];
  return [`there is no job "${job}" on ${cluster} in the deployed manifest; ${advice(job, names)}`];
};

/** Whoever names a job alone means it on its cluster. */
const unknownCluster = (name: string, clusters: readonly Cluster[]): string => {
  const home = clusters.find(({ jobs }) => jobs.some((job) => job.name === name));
  const hint =
    home === undefined
      ? advice(
          name,
          clusters.map((cluster) => cluster.name),
        )
      : `did you mean ${home.name}/${name}?`;
  return `there is no cluster "${name}" in the deployed manifest; ${hint}`;
};

/** More names than this are no help. */
const NAMES_SHOWN_MAX = 10;

const advice = (name: string, known: readonly string[]): string => {
  const near = nearest(name, known);
  if (near !== undefined) return `did you mean ${near}?`;
  const shown = known.slice(0, NAMES_SHOWN_MAX).join(', ');
  return known.length === 0 ? 'it has none' : `there is ${shown}${known.length > NAMES_SHOWN_MAX ? ', …' : ''}`;
};
