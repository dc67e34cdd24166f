import { describe, expect, it } from 'vitest';
import { NotAnswered } from '../../../bin/call.ts';
import { USAGE } from '../../../bin/usage.ts';
import type { Answer, ClusterStatus, JobStatus } from '../../../lib/operate/answers.ts';
import { t0 } from '../../support/builders.ts';
import { ran } from './outside.ts';

const words = (line: string): readonly string[] => line.split(' ');
const job: JobStatus = {
  job: 'orders',
  enabled: true,
  mode: { mode: 'run' },
  seen: 'RUNNING 1/1',
  verdict: 'steady',
  because: 'it is live',
  incidents: [],
  orders: [],
};
const cluster: ClusterStatus = {
  cluster: 'realtime',
  mode: { mode: 'run' },
  rung: 'ready',
  because: '10.0.0.1',
  incidents: [],
  orders: [],
  jobs: [job],
  foreign: [],
  left: [],
};
const status = (changes: Partial<ClusterStatus> = {}): Answer => ({
  ok: true,
  op: 'status',
  atMs: t0,
  clusters: [{ ...cluster, ...changes }],
});
const dropped: Answer = {
  ok: true,
  op: 'order',
  atMs: t0,
  order: { id: '1', kind: 'release', cluster: 'realtime', who: 'a', why: 'b', atMs: t0, expiresMs: t0 + 1 },
  came: 'dropped',
  because: 'it is live',
  entries: [],
};
const incident = {
  code: 'JAR_MISSING',
  graceMs: 0,
  what: 'x',
  next: 'y',
  fix: 'z',
  key: 'k',
  state: 'open',
  firstSeenMs: t0,
  lastSeenMs: t0,
} as const;

describe('the exit code', () => {
  it.each<[string, number, Answer]>([
    ['0 when all is fine', 0, status()],
    [
      '0 while it only waits',
      0,
      status({ jobs: [{ ...job, verdict: 'wait', incidents: [{ ...incident, state: 'pending' }] }] }),
    ],
    ['1 when a job is held', 1, status({ jobs: [{ ...job, verdict: 'hold' }] })],
    ['1 when an incident of a job is open', 1, status({ jobs: [{ ...job, incidents: [incident] }] })],
    ['1 when an incident of the cluster is open', 1, status({ incidents: [incident] })],
    ['1 when it is paused', 1, status({ pause: { who: 'a', why: 'b', sinceMs: t0 } })],
    ['1 when a job is paused', 1, status({ jobs: [{ ...job, pause: { who: 'a', why: 'b', sinceMs: t0 } }] })],
    ['1 when the memory is away', 1, status({ rung: 'unknown', jobs: [] })],
    ['1 when ECS cannot be seen', 1, status({ rung: 'ecs' })],
    ['1 when something is left out', 1, { ok: true, op: 'status', atMs: t0, clusters: [cluster], cut: 1 }],
    [
      '1 when nothing can be planned',
      1,
      { ok: true, op: 'plan', atMs: t0, clusters: [{ ...cluster, rung: 'unknown', jobs: [] }] },
    ],
    ['0 for no history', 0, { ok: true, op: 'history', atMs: t0, entries: [] }],
    ['2 for an unknown name', 2, { ok: false, why: 'invalid', problems: ['no such cluster'] }],
    ['3 when the memory is away for a list', 3, { ok: false, why: 'unavailable', problems: ['away'] }],
    ['4 when an order came to nothing', 4, dropped],
    ['0 when an order is written', 0, { ...dropped, came: 'open' }],
    ['1 when it is not known what came of an order', 1, { ...dropped, came: 'unknown' }],
    ['4 when an order is refused', 4, { ok: false, why: 'refused', problems: ['not live'] }],
  ])('is %s', async (_, code, answer) => {
    const plain = await ran(['status'], answer);
    const json = await ran(['status', '--json'], answer);
    expect([plain.code, json.code]).toEqual([code, code]);
    // A script reads the answer as it came, whatever it is.
    expect(JSON.parse(json.out)).toEqual(answer);
    expect(json.err).toBe('');
    if (!answer.ok) expect(plain).toMatchObject({ out: '', err: answer.problems.join('\n') });
  });

  it.each([
    ['status', (text: string) => text],
    ['status --json', (text: string) => JSON.stringify({ ok: false, why: 'unavailable', problems: [text] }, null, 2)],
  ])('is 3 with one message when nobody answers: %s', async (line, shown) => {
    const found = await ran(words(line), () => Promise.reject(new NotAnswered('AWS Lambda cannot be reached')));
    expect(found).toMatchObject({ code: 3 });
    expect(found.out + found.err).toBe(shown('AWS Lambda cannot be reached'));
  });

  it('is 2 for a wrong command line, which asks nobody', async () => {
    const found = await ran(words('statsu --jsn'));
    expect(found).toMatchObject({ code: 2, out: '', asked: [] });
    expect(found.err.split('\n')).toHaveLength(3);
  });
});

describe('a command', () => {
  it.each([
    [[], USAGE],
    [['--help'], USAGE],
    [['--version'], '0.1.0'],
  ])('that needs nobody asks nobody: %j', async (line, out) => {
    expect(await ran(line)).toMatchObject({ code: 0, out, asked: [] });
  });

  it.each([
    ['status', {}, 'flink-autopilot-dev-operate', 'eu-west-1'],
    ['status --stage prod --region us-east-1', { AWS_REGION: 'x' }, 'flink-autopilot-prod-operate', 'us-east-1'],
    ['status', { AWS_REGION: '', AWS_DEFAULT_REGION: 'eu-central-1' }, 'flink-autopilot-dev-operate', 'eu-central-1'],
    ['status', { AWS_REGION: 'ap-south-1', AWS_DEFAULT_REGION: 'x' }, 'flink-autopilot-dev-operate', 'ap-south-1'],
  ])('%s with %j asks %s in %s', async (line, env, functionName, region) => {
    const { asked } = await ran(words(line), undefined, { env });
    expect(asked.map(({ place }) => [place.functionName, place.region])).toEqual([[functionName, region]]);
  });

  it('with --local asks the world of this folder, or says that none runs', async () => {
    const local = { endpoint: 'http://127.0.0.1:1' };
    const found = await ran(words('status --local --profile ops --region us-east-1'), undefined, {
      localWorld: async () => local,
    });
    expect(found.asked[0]?.place).toMatchObject({ region: 'eu-west-1', profile: undefined, local });
    expect(await ran(words('status --local'))).toMatchObject({
      code: 3,
      err: 'No local world is running in this folder: start one with npm start.',
      asked: [],
    });
  });

  it.each([
    [
      'its user and machine',
      'pause realtime --for 2h --why deploy',
      { who: 'ann@laptop', why: 'deploy', forMs: 7_200_000 },
    ],
    ['who they say they are', 'pause realtime --why deploy --who Ann', { who: 'Ann', why: 'deploy' }],
  ])('that orders sends %s', async (_, line, sent) => {
    const { asked } = await ran(words(line));
    expect(asked[0]?.request).toEqual({ op: 'order', kind: 'pause', cluster: 'realtime', ...sent });
  });

  it('that orders asks why, where somebody is there to answer', async () => {
    const questions: string[] = [];
    const question = async (text: string) => {
      questions.push(text);
      return ' because \n';
    };
    const { asked } = await ran(words('restart realtime/orders'), undefined, { question });
    expect(questions).toEqual(['Why restart realtime/orders? ']);
    expect(asked[0]?.request).toMatchObject({ job: 'orders', why: 'because' });
    const silent = await ran(words('restart realtime/orders'), undefined, { question: async () => ' ' });
    expect(silent).toMatchObject({ code: 2, asked: [] });
    expect(await ran(words('restart realtime/orders'))).toMatchObject({
      code: 2,
      asked: [],
      err: 'restart needs --why TEXT: whoever looks at it next wants to know',
    });
  });
});
