import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../../lib/config.ts';
import { defaults, linesOf, refusal, withCluster, withJob, withUrl, withWebhooks } from './manifests.ts';

const CANARY = 'canary-7f3a';
const ref = (inside: string) => `\x24{${inside}}`;

describe('a reference', () => {
  const only =
    'at most: secrets may stand in args, values of flinkConfiguration, tls.ca, leader.digest, auth, and url and secret of alerts.webhooks only';
  const kinds = `${ref('ssm:/path')}, ${ref('secret:name#key')} or ${ref('env:NAME')}; a literal \x24{ is written \x24\x24{`;
  it.each<[string, object, string]>([
    [
      'of an unknown kind',
      withJob({ args: [ref('vault:x')] }),
      `jobs[0].args[0]: found ${ref('vault:x')}; expected ${kinds}`,
    ],
    ['of the shell', withJob({ args: [ref('HOME')] }), `jobs[0].args[0]: found ${ref('…')}; expected ${kinds}`],
    ['without an end', withJob({ args: ['\x24{ssm:/a'] }), `jobs[0].args[0]: found ${ref('…')}; expected ${kinds}`],
    [
      'without a slash',
      withJob({ args: [ref('ssm:a')] }),
      `jobs[0].args[0]: found ${ref('ssm:a')}; expected ${ref('ssm:/path')}`,
    ],
    [
      'without a name',
      withJob({ flinkConfiguration: { 'a.b': ref('secret:#k') } }),
      `jobs[0].flinkConfiguration.a.b: found ${ref('secret:#k')}; expected ${ref('secret:name#key')}, or ${ref('secret:name')} for all of it`,
    ],
    [
      'where none may stand',
      withJob({ jar: `s3://${ref('ssm:/b')}/a.jar` }),
      `jobs[0].jar: found ${ref('ssm:/b')}; expected ${ref('env:NAME')} ${only}`,
    ],
    [
      'in a name',
      withCluster({ name: ref('secret:a') }),
      `name: found ${ref('secret:a')}; expected ${ref('env:NAME')} ${only}`,
    ],
    [
      'to the environment, after the deploy',
      withJob({ args: [ref('env:X')] }),
      `jobs[0].args[0]: found ${ref('env:X')}; expected a value: it is read from the environment of the deploying shell, when deploying`,
    ],
    [
      'that is none, where none may stand',
      withJob({ flinkName: '\x24\x24{x}' }),
      `jobs[0].flinkName: found ${ref('…')}; expected ${ref('env:NAME')} ${only}`,
    ],
  ])('%s: says so', (_, input, line) => {
    expect(linesOf(input)).toEqual([`clusters[0].${line}`]);
  });
});

describe('a secret in the open', () => {
  const expected = `expected a reference to a secret: ${ref('ssm:/path')} or ${ref('secret:name#key')}`;
  it.each<[string, object, string]>([
    ['password', { kind: 'basic', username: 'u', password: CANARY }, 'auth.password'],
    [
      'password beside a reference',
      { kind: 'basic', username: 'u', password: `${CANARY}${ref('ssm:/a')}` },
      'auth.password',
    ],
    ['password of digits', { kind: 'basic', username: 'u', password: 73_113_7 }, 'auth.password'],
    ['token', { kind: 'bearer', token: CANARY }, 'auth.token'],
    ['key', { kind: 'mutual', certificate: 'PEM', key: CANARY }, 'auth.key'],
  ])('%s: is refused and not repeated', (_, auth, path) => {
    const message = refusal(withCluster({ tls: true, auth }));
    expect(message).toContain(`clusters[0].${path}: found something that is not shown here; ${expected}`);
    expect(message).not.toMatch(/canary|731137/);
  });

  it.each<[string, object]>([
    ['for a mapping', { auth: CANARY }],
    ['that looks like a reference', { auth: { kind: 'bearer', token: `\x24{${CANARY}` } }],
    ['in a certificate', { tls: { ca: `-----BEGIN PRIVATE KEY-----\n${CANARY}` } }],
    ['in a url', { url: `http://user:${CANARY}@flink:8081` }],
  ])('%s: is refused and not repeated', (_, fields) => {
    expect(refusal(withUrl(fields))).toMatch(/found/);
    expect(refusal(withUrl(fields))).not.toContain(CANARY);
  });

  it.each<[object, string]>([
    [{ auth: {} }, 'auth.kind: missing; expected one of none, basic, bearer, mutual'],
    [{ auth: { kind: 'digest' } }, 'auth.kind: found "digest"; expected one of none, basic, bearer, mutual'],
    [
      { auth: 'basic' },
      'auth: found something that is not shown here; expected a mapping with kind: none, basic, bearer, mutual',
    ],
    [{ auth: { kind: 'basic', username: 'u' } }, `auth.password: missing; ${expected}`],
    [
      { auth: { kind: 'bearer', token: ref('ssm:/t'), pasword: 'x' } },
      'auth.pasword: unknown name; did you mean password?',
    ],
    [{ tls: false }, 'tls: found false; expected true, or a mapping with serverName or ca'],
    [{ tls: { servername: 'x' } }, 'tls.servername: unknown name; did you mean serverName?'],
    [
      { tls: { ca: 1 } },
      'tls.ca: found something that is not shown here; expected PEM text without a private key, or a reference to it',
    ],
  ])('%o: says what would be right', (fields, line) => {
    expect(linesOf(withCluster(fields))).toEqual([`clusters[0].${line}`]);
  });

  it.each(['s3.secret-key', 'fs.s3a.secret.key', 'security.ssl.rest.key-password', 'a.apiKey'])(
    'under the key %s of Flink: is refused and not repeated',
    (key) => {
      for (const value of [CANARY, 731_137, [CANARY]]) {
        const [line, ...others] = linesOf(withJob({ flinkConfiguration: { [key]: value, 's3.access-key': 'AKIA' } }));
        expect(line).toBe(
          `clusters[0].jobs[0].flinkConfiguration.${key}: found something that is not shown here; expected a reference: ${ref('secret:name#key')} or ${ref('ssm:/path')}`,
        );
        expect(others).toEqual([]);
      }
      expect(linesOf(withJob({ flinkConfiguration: { [key]: ref('ssm:/flink/key') } }))).toEqual([]);
    },
  );
});

describe('a webhook of a manifest', () => {
  it.each<[string, object, string]>([
    ...['slack', 'feishu', 'dingtalk', 'wecom'].map((format): [string, object, string] => [
      `with the URL of a chat in the open: ${format}`,
      withWebhooks({ name: 'team', url: 'https://host/hook/c4n4ry', format }),
      `alerts.webhooks[0].url: found a URL that is not shown here; expected a reference to it, or in it: \x24{ssm:/path} or \x24{secret:name#key}; who has the URL of a chat (${format}) may post there`,
    ]),
    ...[
      'https://hooks.slack.com/services/T/B/c4n4ry',
      'https://open.feishu.cn/open-apis/bot/v2/hook/c4n4ry',
      'https://open.larksuite.com/open-apis/bot/v2/hook/c4n4ry',
      'https://oapi.dingtalk.com/robot/send?access_token=c4n4ry',
      'https://QYAPI.weixin.qq.com/cgi-bin/webhook/send?key=c4n4ry',
    ].map((url): [string, object, string] => [
      `with the URL of a chat in the open: ${new URL(url).host}`,
      withWebhooks({ name: 'team', url }),
      'who has the URL of a chat (as its host shows) may post there',
    ]),
    ...[
      { url: 'https://alerts.example.com/flink?a=b&api_key=c4n4ry' },
      { url: 'https://alerts.example.com/\x24{ssm:/path}?access_token=c4n4ry', format: 'dingtalk' },
    ].map((webhook): [string, object, string] => [
      `with a key in the open in a URL: ${webhook.format ?? 'generic'}`,
      withWebhooks({ name: 'team', ...webhook }),
      'alerts.webhooks[0].url: found a URL with a key in it that is not shown here; expected a reference in the place of the key: \x24{ssm:/path} or \x24{secret:name#key}',
    ]),
  ])('%s: is refused and not repeated', (_, input, text) => {
    expect(refusal(input)).toContain(text);
    expect(refusal(input)).not.toContain('c4n4ry');
  });

  it.each([
    [{ url: 'https://alerts.example.com/flink?team=data&monkey=1' }],
    [{ url: 'http://127.0.0.1:8080', format: 'generic' }],
    [{ url: '\x24{ssm:/chat}', format: 'slack' }],
    [{ url: 'https://open.feishu.cn/open-apis/bot/v2/hook/\x24{ssm:/chat}', format: 'feishu' }],
    [{ url: 'https://oapi.dingtalk.com/robot/send?access_token=\x24{secret:chat#token}', format: 'dingtalk' }],
  ])('is right where its URL shows no secret: %j', (webhook) => {
    const manifest = withWebhooks({ name: 'team', ...webhook });
    expect(parseManifest(manifest, defaults).alerts?.webhooks).toMatchObject([webhook]);
  });
});
