import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { showAnswer } from '../../../bin/show/answer.ts';
import { painter } from '../../../bin/show/paint.ts';
import { widthOf } from '../../../bin/show/text.ts';
import { told } from '../../../lib/core/problems.ts';
import type { Answer, ClusterStatus, JobStatus, OrderAnswer } from '../../../lib/operate/answers.ts';
import { aJob, idOf, t0 } from '../../support/builders.ts';

const minute = 60_000;
const spec = aJob({ mainClass: 'com.example.Orders', args: ['--rate', '100'], parallelism: 2 });

const job = (name: string, changes: Partial<JobStatus> = {}): JobStatus => ({
  job: name,
  enabled: true,
  mode: { mode: 'run' },
  remembered: {
    attempt: 3,
    jobId: idOf(3),
    sinceMs: t0 - 200 * minute,
    jarVersion: 'v1',
    revision: 'rev-1',
    spec,
  },
  seen: 'RUNNING 2/2',
  verdict: 'steady',
  because: `${idOf(3)} is live`,
  incidents: [],
  orders: [],
  ...changes,
});
const { remembered: _, ...newJob } = job('audit');
const incident = (code: keyof typeof told, what: string) =>
  ({ code, what, ...told[code], key: code, state: 'open', firstSeenMs: t0 - 12 * minute, lastSeenMs: t0 }) as const;
const order = {
  id: '1767323045000-0000000a',
  who: 'ann@laptop',
  why: 'the source was down for an hour and the job has to read everything again from the start',
  atMs: t0 - minute,
  expiresMs: t0 + 59 * minute,
} as const;
const head = (cluster: string): ClusterStatus => ({
  cluster,
  mode: { mode: 'run' },
  rung: 'ready',
  because: '10.0.1.23',
  incidents: [],
  orders: [],
  jobs: [],
  foreign: [],
  left: [],
});

const bad: ClusterStatus = {
  ...head('realtime'),
  mode: { mode: 'dry-run', because: 'of the cluster in the manifest' },
  pause: {
    who: 'bob@laptop',
    why: 'maintenance of the database',
    sinceMs: t0 - 30 * minute,
    untilMs: t0 + 90 * minute,
  },
  busy: { untilMs: t0 + 9 },
  jobs: [
    job('orders', {
      pause: { who: 'ann', why: 'later', sinceMs: t0 - minute },
      drift: { keys: ['args', 'parallelism'], runs: spec, wanted: spec },
      left: [1, 2].map((n) => ({
        path: `s3://state/checkpoints/${idOf(n)}`,
        bytes: 1_250_000_000,
        files: 10_000,
        more: n === 1,
      })),
    }),
    job('a-name-that-is-as-long-as-the-manifest-allows-it-to-be-64-letters', {
      seen: 'RESTARTING 11/12',
      incidents: [incident('TASKS_NOT_RUNNING', `${idOf(3)} is RESTARTING, 11 of 12 tasks run`)],
    }),
    {
      ...newJob,
      seen: 'absent',
      verdict: 'hold',
      because: 'live on the cluster: "注文パイプライン"',
      incidents: [incident('UNMATCHED_JOB', 'live on the cluster: "注文パイプライン"')],
      orders: [{ ...order, kind: 'adopt', job: 'audit', jobId: 'f'.repeat(32) }],
    },
    job('nightly', {
      seen: 'FINISHED',
      verdict: 'done',
      because: 'attempt 3 finished',
      remembered: {
        attempt: 3,
        jobId: idOf(3),
        jarVersion: 'v1',
        revision: 'r',
        spec,
        end: { state: 'FINISHED', atMs: t0 - minute },
      },
    }),
    {
      ...newJob,
      job: 'off',
      enabled: false,
      seen: 'absent',
      verdict: 'off',
      because: '`enabled: false` in the manifest',
    },
    {
      ...newJob,
      job: 'slow',
      seen: 'absent',
      verdict: 'wait',
      because: 'slots: 1 of 4 slots',
      mode: { mode: 'watch', because: 'of the job in the manifest' },
      incidents: [{ ...incident('SLOTS_MISSING', '1 of 4'), state: 'pending' }],
    },
  ],
  foreign: [{ jobId: 'f'.repeat(32), name: `注文パイプライン\u001b[2J${'長'.repeat(40)}`, state: 'RUNNING' }],
  left: ['old-one'],
};
const unseen: ClusterStatus = {
  ...head('batch'),
  rung: 'unknown',
  because: 'STORE_UNAVAILABLE: dynamodb:Query has no answer: TimeoutError: the operation was aborted due to timeout',
};
const orderAnswer: OrderAnswer = {
  ok: true,
  op: 'order',
  atMs: t0,
  order: { ...order, kind: 'restart', cluster: 'realtime', job: 'orders' },
  came: 'taken',
  entries: [
    { job: 'orders', attempt: 4, jobId: idOf(4), what: 'accepted', because: '', atMs: t0 },
    { job: 'orders', attempt: 4, jobId: idOf(4), what: 'run', because: 'restart by ann@laptop', atMs: t0 - 1_000 },
  ],
  status: { ...head('realtime'), jobs: [job('orders')] },
};
const log = { job: 'orders', attempt: 3, jobId: idOf(3), atMs: t0 };

const answers: Readonly<Record<string, Exclude<Answer, { ok: false }>>> = {
  'status-bad': { ok: true, op: 'status', atMs: t0, clusters: [bad, unseen], cut: 7 },
  'status-fine': { ok: true, op: 'status', atMs: t0, clusters: [{ ...head('realtime'), jobs: [job('orders')] }] },
  'status-empty': { ok: true, op: 'status', atMs: t0, clusters: [head('realtime')] },
  plan: {
    ok: true,
    op: 'plan',
    atMs: t0,
    clusters: [
      {
        ...head('realtime'),
        mode: { mode: 'dry-run', because: 'AUTO_SUBMIT_JOB=false' },
        jobs: [
          {
            job: 'orders',
            enabled: true,
            mode: { mode: 'dry-run', because: 'AUTO_SUBMIT_JOB=false' },
            seen: 'absent',
            verdict: 'act',
            because: 'it was never submitted',
            would: { kind: 'run', attempt: 1, to: '10.0.1.23', jarVersion: 'v1', spec },
          },
          {
            job: 'audit',
            enabled: true,
            mode: { mode: 'run' },
            seen: 'absent',
            verdict: 'hold',
            because: 'a foreign job is live',
          },
          {
            job: 'late',
            enabled: true,
            mode: { mode: 'run' },
            seen: 'RUNNING 1/1',
            verdict: 'act',
            because: 'its jar is not needed any more',
            would: { kind: 'delete-jar', nextPass: true },
          },
        ],
      },
    ],
  },
  'plan-nothing': { ok: true, op: 'plan', atMs: t0, clusters: [{ ...head('realtime') }] },
  history: {
    ok: true,
    op: 'history',
    atMs: t0,
    entries: [
      { ...log, cluster: 'realtime', what: 'accepted', because: '' },
      { ...log, cluster: 'realtime', what: 'run', because: 'attempt 2 is lost with its JobManager', atMs: t0 - 900 },
      {
        job: '',
        attempt: 0,
        jobId: '',
        cluster: 'realtime',
        what: 'pause',
        because: 'ann@laptop: deploy',
        atMs: t0 - 1_000,
      },
      {
        ...log,
        cluster: '注文',
        what: 'refused',
        because: 'org.apache.flink.client.program.ProgramInvocationException: main() threw',
        atMs: t0 - minute,
      },
    ],
    olderThanMs: t0 - minute,
  },
  'history-empty': { ok: true, op: 'history', atMs: t0, entries: [] },
  orders: {
    ok: true,
    op: 'orders',
    atMs: t0,
    orders: [
      { ...order, kind: 'restart', cluster: 'realtime', job: 'orders' },
      {
        ...order,
        kind: 'pause',
        cluster: 'realtime',
        who: '李雷@laptop',
        expiresMs: t0 - 1,
        why: 'a deploy\nof two lines',
      },
    ],
  },
  'orders-empty': { ok: true, op: 'orders', atMs: t0, orders: [] },
  'order-taken': orderAnswer,
  'order-dropped': {
    ...orderAnswer,
    came: 'dropped',
    because: 'it is live: nothing holds it; ann@laptop: why',
    entries: [],
  },
  'order-open': {
    ...orderAnswer,
    came: 'open',
    because: 'a pass is under way: the order is taken by it, or by the next one',
    entries: [],
  },
  'order-unknown': {
    ...orderAnswer,
    came: 'unknown',
    because: 'STORE_UNAVAILABLE: dynamodb:Query is throttled: ThrottlingException',
    entries: [],
  },
};

const shown = (answer: Exclude<Answer, { ok: false }>, colours = false): string =>
  showAnswer(answer, { paint: painter(colours), atMs: t0, repeat: ' --stage prod' }).join('\n');

describe.each(Object.entries(answers))('the answer %s', (name, answer) => {
  it('is shown as in its golden file', async () => {
    await expect(`${shown(answer)}\n`).toMatchFileSnapshot(`golden/${name}.txt`);
  });

  it('fits 80 columns, but for commands that are to be copied whole', () => {
    const wide = shown(answer)
      .split('\n')
      .filter((line) => widthOf(line) > 80 && !line.trim().startsWith('npx '));
    expect(wide).toEqual([]);
  });

  it('has the same letters with colours as without, and no other control character', () => {
    const coloured = shown(answer, true);
    const plain = stripVTControlCharacters(coloured);
    expect(plain).toBe(shown(answer));
    expect(plain).not.toMatch(/(?!\n)\p{Cc}/u);
  });
});
