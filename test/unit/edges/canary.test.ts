import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { showAnswer } from '../../../bin/show/answer.ts';
import { painter } from '../../../bin/show/paint.ts';
import type { Cluster } from '../../../lib/core/model.ts';
import { type App, wire } from '../../../lib/wiring.ts';
import { startAws, startEcho, startHooks } from '../../support/canary-world.ts';
import { captured } from '../../support/captured.ts';

const folder = mkdtempSync(join(tmpdir(), 'canary-'));
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});
afterAll(() => rmSync(folder, { recursive: true }));

const SECRETS = {
  '/args': 'c4n4ry-in-an-argument',
  config: JSON.stringify({ key: 'c4n4ry "in" configuration' }),
  '/password': 'c4n4ry-of-basic',
  '/token': 'c4n4ry-of-bearer',
  '/user': 'c4n4ry-user',
  '/hook': 'c4n4ry-of-a-hook',
  '/sign': 'c4n4ry-that-signs',
};

/** No secret in any form in which it may be repeated. */
const CANARIES = ['c4n4ry', Buffer.from('c4n4ry-user:c4n4ry-of-basic').toString('base64')];

/** One that repeats all it knows in its refusal, and one that takes everything. */
const webhooksOf = (refusing: string, taking: string) => [
  { name: 'refusing', url: `${refusing}/$\{ssm:/hook}`, secret: '${ssm:/sign}', format: 'dingtalk' },
  { name: 'generic', url: `${taking}/c4n4ry-in-the-open`, secret: '${ssm:/sign}' },
  ...['slack', 'feishu', 'wecom'].map((format) => ({ name: format, url: `${taking}/$\{ssm:/hook}`, format })),
];

const manifestOf = (url: string, auth: Cluster['auth'], webhooks: readonly object[]) => ({
  alerts: { webhooks },
  clusters: [
    {
      name: 'realtime',
      url,
      auth,
      jobs: [
        {
          name: 'orders',
          jar: 's3://jars/orders.jar',
          args: ['--password=${ssm:/args}', '${secret:config#key}'],
          flinkConfiguration: { 'my.plain.key': 'jdbc:${secret:config#key}@db', other: '${ssm:/args}' },
        },
      ],
    },
  ],
});

/** The whole product on stubs of everything it speaks to; all that it wrote, by where. */
const reconciled = async (auth: NonNullable<Cluster['auth']>, authorization: string) => {
  const [aws, flink, hooks] = await Promise.all([startAws(SECRETS), startEcho(authorization), startHooks()]);
  cleanups.push(aws.close, flink.close, hooks.close);
  const set = {
    AWS_ENDPOINT_URL: aws.url,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
  const before = Object.keys(set).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, set);
  cleanups.push(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
  const lines = captured(cleanups);
  const file = join(folder, 'flink-jobs.json');
  writeFileSync(file, JSON.stringify(manifestOf(flink.url, auth, webhooksOf(hooks.refusing, hooks.taking))));
  const topic = 'arn:aws:sns:eu-west-1:000000000000:alerts';
  const app = wire({ TABLE_NAME: 'table', TOPIC_ARN: topic, AUTOPILOT_NAMESPACE: 'a-b' }, file);
  const [cluster] = app.clusters;
  if (cluster === undefined) throw new Error('no cluster');
  // What came of a message is in the next look.
  for (let looks = 0; looks < 2; looks += 1)
    await app.reconcile(cluster, { untilMs: Date.now() + 50_000, wait: false });
  const answers = await answersOf(app);
  const written = aws.requests.filter(({ action }) => action !== 'GetParameter' && action !== 'GetSecretValue');
  const ofAction = (what: string) =>
    written.filter(({ action, body }) => action === what || body.includes(`Action=${what}`));
  return {
    runs: flink.runs,
    messages: hooks.bodies,
    log: lines.join(''),
    items: ofAction('TransactWriteItems')
      .map(({ body }) => body)
      .join('\n'),
    alerts: ofAction('Publish')
      .map(({ body }) => decodeURIComponent(body.replaceAll('+', ' ')))
      .join('\n'),
    answers,
    all: [
      ...lines,
      ...answers,
      ...hooks.bodies,
      ...written.map(
        ({ body, path }) =>
          `${path} ${decodeURIComponent(body.replaceAll('+', ' ').replaceAll(/%(?![0-9A-F]{2})/g, '%25'))}`,
      ),
    ].join('\n'),
  };
};

/** What a person is answered, as JSON and as the command shows it: before an order, by it, and after it. */
const answersOf = async (app: App): Promise<readonly string[]> => {
  const order = { op: 'order', cluster: 'realtime', job: 'orders', kind: 'release', who: 'anna', why: 'corrected' };
  const asked = ['status', 'plan', 'history', 'orders'].map((op) => ({ op }));
  const texts: string[] = [];
  for (const request of [...asked, order, ...asked]) {
    const answer = await app.operate(request, { untilMs: Date.now() + 50_000 });
    texts.push(JSON.stringify(answer));
    if (answer.ok) texts.push(...showAnswer(answer, { paint: painter(false), atMs: answer.atMs, repeat: '' }));
  }
  return texts;
};

const basic = { kind: 'basic', username: '${ssm:/user}', password: '${ssm:/password}' } as const;
const bearer = { kind: 'bearer', token: '${ssm:/token}' } as const;

test.each([
  ['a password', basic, `Basic ${CANARIES[1]}`],
  ['a token', bearer, `Bearer ${SECRETS['/token']}`],
])(
  'with %s, arguments and configuration that Flink repeats in its refusal, no secret is written or answered anywhere',
  async (_, auth, authorization) => {
    const { runs, messages, log, items, alerts, answers, all } = await reconciled(auth, authorization);
    expect(runs[0]).toContain(SECRETS['/args']);
    expect(runs[0]).toContain(JSON.stringify('jdbc:c4n4ry "in" configuration@db').slice(1, -1));
    for (const text of [log, items, alerts, answers.join(), ...messages]) expect(text).toContain('cannot use ');
    expect(messages).toHaveLength(4);
    for (const text of [log, items, answers.join()]) expect(text).toContain('cannot post to ');
    expect(answers.filter((text) => text.startsWith('{"ok":false'))).toEqual([]);
    for (const canary of CANARIES) expect(all).not.toContain(canary);
  },
);

test.each([
  ['a password', basic],
  ['a token', bearer],
])('a JobManager that refuses %s and repeats it gets no secret written or answered anywhere', async (_, auth) => {
  const { runs, log, answers, all } = await reconciled(auth, 'Basic another');
  expect(runs).toEqual([]);
  expect(answers.join()).toContain('HTTP 401');
  expect(log).toContain('HTTP 401');
  for (const canary of CANARIES) expect(all).not.toContain(canary);
});
