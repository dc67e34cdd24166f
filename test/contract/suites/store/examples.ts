import type { Attempt, Incident, JobMemory, LogEntry } from '../../../../lib/core/model.ts';
import type { Changes } from '../../../../lib/ports.ts';

export const emptyChanges: Changes = { jobs: {}, incidents: [], log: [] };

const incarnation = {
  taskArn: 'arn:aws:ecs:eu-west-1:000000000000:task/flink/0123456789abcdef0123456789abcdef',
  address: '10.0.1.23',
  process: 'flink-web-d28d294b-53c2-4867-9df5-721a2ab68f2f',
};

const snapshot = {
  kind: 'checkpoint',
  path: 's3://state/checkpoints/ü b/chk-7',
  id: 7,
  atMs: 1_700_000_000_005,
} as const;

const full: Required<Attempt> = {
  n: 2,
  jobId: '00112233445566770000000200aabbcc',
  revision: '5f2a',
  spec: {
    name: 'orders',
    jar: 's3://bucket/jars/a b/ä.jar',
    mainClass: 'com.acme.Orders',
    args: ['--empty', '', '--unicode', '値'],
    parallelism: 4,
    slots: 5,
    flinkConfiguration: { 'execution.checkpointing.interval': '10 s', 'pipeline.name': '' },
    flinkName: 'orders v2',
    state: 'none',
    enabled: true,
  },
  jarVersion: '"5d41402abc4b2a76b9719d911017c592"',
  jarSizeBytes: 9_007_199_254_740_991,
  taskDefinitionArn: 'arn:aws:ecs:eu-west-1:000000000000:task-definition/jobmanager:7',
  flinkVersion: '1.20.5',
  posts: [
    {
      id: 1,
      to: incarnation,
      sentMs: 1_700_000_000_001,
      settledByMs: 1_700_000_600_001,
      answer: 'refused',
      refusal: { code: 'MAIN_THREW', text: 'java.net.ConnectException: refused' },
      processEnded: true,
      jarId: 'a7cc0bb4-aef1-43ce-8293-072d3c51c9f3_orders.jar',
    },
    { id: 2, to: incarnation, sentMs: 2, settledByMs: 3, answer: 'none', processEnded: false },
  ],
  sightedOn: incarnation,
  flinkName: 'orders v2',
  absentSinceMs: 1_700_000_000_002,
  absentUnder: '00112233-4455-6677-8899-aabbccddeeff',
  end: { state: 'LOST', atMs: 1_700_000_000_003, cause: 'java.io.IOException: 断' },
  wellSinceMs: 1_700_000_000_006,
  ranWell: true,
  acknowledged: true,
  wanted: '6b31',
  stop: { how: 'cancel', order: 'heal', because: 'anna: new arguments', sentMs: 1_700_000_000_004, to: incarnation },
  source: { ...snapshot, attempt: 1 },
  restored: { path: 's3://state/checkpoints/ü b/chk-7', id: 7 },
  snapshots: [
    { ...snapshot, sizeBytes: 12 },
    { kind: 'savepoint', path: 'file:/efs/savepoint-1', id: 3, atMs: 1, stopped: true },
  ],
  hadState: true,
  leftIn: 's3://state/ü b/00112233445566770000000200aabbcc',
  checkpointing: {
    intervalMs: 10_000,
    timeoutMs: 600_000,
    toleratedFailures: 0,
    retention: 'retain',
    inMemory: false,
    unaligned: true,
  },
  savepoint: {
    triggerId: '00112233445566770000000200c0ffee',
    directory: 's3://state/savepoints/ü b',
    because: 'anna: before the upgrade',
    expiresMs: 1_700_003_600_000,
    sentMs: 1_700_000_000_006,
    to: incarnation,
    path: 's3://state/savepoints/ü b/savepoint-001122-1',
    failed: 'java.io.IOException: ä',
  },
  savepointFailed: 'java.io.IOException: ä',
  nextFrom: { kind: 'snapshot', path: 's3://state/savepoints/ü b' },
};

const { mainClass: _m, parallelism: _p, slots: _s, flinkName: _f, state: _t, ...bareSpec } = full.spec;
const bare: Attempt = {
  n: 1,
  jobId: '00112233445566770000000100ddeeff',
  revision: '',
  spec: { ...bareSpec, args: [], flinkConfiguration: {}, enabled: false },
  jarVersion: 'mZ4vP0',
  jarSizeBytes: 0,
  taskDefinitionArn: full.taskDefinitionArn,
  flinkVersion: '2.3.0',
  posts: [],
};

/** A job with an attempt that has every field, and one that has none it may lack. */
export const exampleJob: Required<JobMemory> = {
  schema: 1,
  attempts: [bare, full],
  pause: { who: 'anna', why: 'the database moves', sinceMs: 1_700_000_000_000, untilMs: 1_700_003_600_000 },
  ignored: ['f'.repeat(32)],
  check: {
    attempt: 2,
    atMs: 1_700_000_000_007,
    expiry: 'the lifecycle rule "ä" of the bucket state deletes its snapshots after 30 days',
    rulesUnseen: 's3:GetLifecycleConfiguration is not allowed',
    unlisted: 's3:ListBucket is not allowed',
    left: [{ path: 's3://state/ü b/00112233445566770000000100ddeeff', bytes: 12, files: 2, more: false }],
    soon: true,
  },
  ready: { process: incarnation.process, sinceMs: 1_700_000_000_000 },
  missing: {
    processes: [incarnation.process],
    sinceMs: 1_700_000_000_000,
    lookedMs: 1_700_000_060_000,
    unheard: true,
    foreign: ['f'.repeat(32)],
  },
};

export const exampleIncident: Incident = {
  key: 'orders/MAIN_THREW',
  code: 'MAIN_THREW',
  job: 'orders',
  graceMs: 0,
  what: 'main() threw: refused',
  next: 'tried again at 12:05',
  fix: 'make the database reachable',
  state: 'open',
  firstSeenMs: 1_700_000_000_000,
  lastSeenMs: 1_700_000_000_500,
  unlookedMs: 240_000,
  openToldMs: 1_700_000_000_600,
};

export const exampleLogEntry: LogEntry = {
  job: 'orders',
  attempt: 2,
  jobId: full.jobId,
  what: 'run',
  because: 'the job is wanted and the cluster is ready',
  atMs: 1_700_000_000_000,
};
