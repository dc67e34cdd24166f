import type { Answer, OrderAnswer } from '../../../lib/operate/answers.ts';
import { idOf, t0 } from '../../support/builders.ts';
import { bad, head, job, minute, order, spec, unseen } from './statuses.ts';

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

/** Answers of each kind, by the name of their golden file. */
export const answers: Readonly<Record<string, Exclude<Answer, { ok: false }>>> = {
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
