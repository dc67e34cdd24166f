import { told } from '../../../lib/core/problems.ts';
import type { ClusterStatus, JobStatus } from '../../../lib/operate/answers.ts';
import { aJob, idOf, t0 } from '../../support/builders.ts';

export const minute = 60_000;
export const spec = aJob({ mainClass: 'com.example.Orders', args: ['--rate', '100'], parallelism: 2 });

export const job = (name: string, changes: Partial<JobStatus> = {}): JobStatus => ({
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
export const order = {
  id: '1767323045000-0000000a',
  who: 'ann@laptop',
  why: 'the source was down for an hour and the job has to read everything again from the start',
  atMs: t0 - minute,
  expiresMs: t0 + 59 * minute,
} as const;
export const head = (cluster: string): ClusterStatus => ({
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

export const bad: ClusterStatus = {
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
      healing: { spent: 1, restarts: 3, notBeforeMs: t0 + 2 * minute },
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
export const unseen: ClusterStatus = {
  ...head('batch'),
  rung: 'unknown',
  because: 'STORE_UNAVAILABLE: dynamodb:Query has no answer: TimeoutError: the operation was aborted due to timeout',
};
