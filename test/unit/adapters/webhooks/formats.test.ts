import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { formats } from '../../../../lib/adapters/webhooks/formats.ts';
import { anAlert } from './receiver.ts';

const nowMs = 1_700_000_000_999;
const bodyOf = (format: keyof typeof formats, alert = anAlert(), secret?: string) =>
  JSON.parse(formats[format].message(alert, { url: new URL('https://host/hook'), secret, nowMs }).body);
const runbookUrl = 'https://git.example.com/runbook';

describe('a message to Slack', () => {
  test('is a header, a section of marked parts and a link, with a text for notifications', () => {
    const { text, blocks } = bodyOf('slack', anAlert('main() threw: refused', { runbookUrl }));
    expect(text).toBe(':red_circle: OPEN MAIN_THREW realtime/orders');
    expect(blocks[0]).toEqual({
      type: 'header',
      text: { type: 'plain_text', text: ':red_circle: OPEN MAIN_THREW realtime/orders', emoji: true },
    });
    expect(blocks[1]).toMatchObject({ type: 'section', text: { type: 'mrkdwn' } });
    expect(blocks[1].text.text.split('\n').slice(0, 4)).toEqual([
      '*What:* main() threw: refused',
      '*Where:* realtime/orders',
      '*Since:* 2026-01-02 03:04:05 UTC',
      '*Severity:* critical',
    ]);
    expect(blocks.at(-1).text.text).toBe(`<${runbookUrl}/MAIN_THREW.md|Runbook>`);
  });

  test('escapes what Slack would take for markup, a mention of everybody above all, and nothing else', () => {
    const { blocks } = bodyOf('slack', anAlert('a <b> & <!channel> <https://x|y> *z*'));
    expect(blocks[1].text.text).toContain('a &lt;b&gt; &amp; &lt;!channel&gt; &lt;https://x|y&gt; *z*');
  });

  test('never cuts an escape in two, and leaves room for what can be done', () => {
    for (const extra of ['', 'x', 'xx', 'xxx']) {
      const { blocks } = bodyOf('slack', anAlert(`${extra}${'&'.repeat(3_000)}`));
      const whole = blocks.map(({ text }: { text: { text: string } }) => text.text).join('\n');
      expect(whole.replace(/&(amp|lt|gt);/g, '')).not.toContain('&');
      expect(whole).toContain('*You can:*');
    }
  });

  test('of a closing is green, and one without a URL of the runbook has no link', () => {
    const { text, blocks } = bodyOf('slack', anAlert('x', { state: 'closed' }));
    expect(text).toBe(':white_check_mark: CLOSED MAIN_THREW realtime/orders');
    expect(JSON.stringify(blocks)).not.toContain('|Runbook>');
  });
});

describe('a message to Feishu or Lark', () => {
  test('is a card in the form of its documentation, whose texts are plain', () => {
    const body = bodyOf('feishu', anAlert('a <at id=all></at> **b**', { runbookUrl }));
    expect(Object.keys(body)).toEqual(['msg_type', 'card']);
    expect(body.msg_type).toBe('interactive');
    expect(body.card.header).toEqual({
      title: { tag: 'plain_text', content: 'OPEN MAIN_THREW realtime/orders' },
      template: 'red',
    });
    expect(body.card.elements[0]).toEqual({
      tag: 'div',
      text: { tag: 'plain_text', content: 'What: a <at id=all></at> **b**' },
    });
    expect(body.card.elements.at(-1).actions[0]).toMatchObject({ tag: 'button', url: `${runbookUrl}/MAIN_THREW.md` });
  });

  test('is signed as its documentation says: no text under the key of time in seconds and secret', () => {
    const { timestamp, sign } = bodyOf('feishu', anAlert(), 'demo');
    expect(timestamp).toBe('1700000000');
    expect(sign).toBe(createHmac('sha256', '1700000000\ndemo').update('').digest('base64'));
    // Made with the example in Python of the documentation: hmac.new(f'{timestamp}\n{secret}', b'', sha256).
    expect(sign).toBe('8oT2n3SMKFfEnDoiwer8BUM/SjKLwe9SqoEIHlhDTKo=');
  });
});

describe('a message to DingTalk', () => {
  test('is markdown with a title, in the form of its documentation', () => {
    const { msgtype, markdown } = bodyOf('dingtalk', anAlert('main() threw: refused', { runbookUrl }));
    expect(msgtype).toBe('markdown');
    expect(markdown.title).toBe('OPEN MAIN_THREW realtime/orders');
    expect(markdown.text.split('\n\n').slice(0, 3)).toEqual([
      '#### OPEN MAIN_THREW realtime/orders',
      '> **What:** main() threw: refused',
      '> **Where:** realtime/orders',
    ]);
    expect(markdown.text).toContain(`[${runbookUrl}/MAIN_THREW.md](${runbookUrl}/MAIN_THREW.md)`);
  });

  test('is signed in its URL as its documentation says: time in milliseconds and secret, by the secret', () => {
    const url = new URL('https://oapi.dingtalk.com/robot/send?access_token=XXXXXX');
    const signed = formats.dingtalk.message(anAlert(), { url, secret: 'this is secret', nowMs: 1_577_262_236_757 }).url;
    expect(signed.searchParams.get('access_token')).toBe('XXXXXX');
    expect(signed.searchParams.get('timestamp')).toBe('1577262236757');
    const sign = createHmac('sha256', 'this is secret').update('1577262236757\nthis is secret').digest('base64');
    expect(signed.search).toContain(`sign=${encodeURIComponent(sign)}`);
    // Made with the example in Python of the documentation.
    expect(sign).toBe('hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM=');
    expect(url.search).toBe('?access_token=XXXXXX');
  });
});

describe('a message to WeCom', () => {
  test('is markdown, in the form of its documentation', () => {
    const { msgtype, markdown } = bodyOf('wecom');
    expect(msgtype).toBe('markdown');
    expect(markdown.content).toContain('#### OPEN MAIN_THREW realtime/orders\n\n> **What:** main() threw: refused');
    expect(markdown.content).toContain('> **Runbook:** docs/runbook/MAIN_THREW.md');
  });
});

test.each(['dingtalk', 'wecom'] as const)(
  'a message to %s holds no link, tag or mention of a foreign text',
  (format) => {
    const alert = anAlert('[x](https://evil) <font color="info">y</font> <@all> @all **z**\n# w');
    const { markdown } = bodyOf(format, alert);
    const text: string = markdown.text ?? markdown.content;
    const line = text.split('\n\n').find((each) => each.includes('What:'));
    expect(line).toBe('> **What:** ［x］(https://evil) ＜font color="info"＞y＜/font＞ ＜＠all＞ ＠all ＊＊z＊＊ # w');
  },
);

describe('what a robot answers beside HTTP 200', () => {
  test.each([
    ['dingtalk', '{"errcode":0,"errmsg":"ok"}', undefined],
    ['dingtalk', '{"errcode":310000,"errmsg":"keywords not in content"}', 'rejected'],
    ['dingtalk', '{"errcode":130101,"errmsg":"send too fast"}', 'transient'],
    ['feishu', '{"code":0,"msg":"success","data":{}}', undefined],
    ['feishu', '{"StatusCode":0,"StatusMessage":"success"}', undefined],
    [
      'feishu',
      '{"code":19021,"msg":"sign match fail or timestamp is not within one hour from current time"}',
      'rejected',
    ],
    ['feishu', '{"code":11232,"msg":"frequency limited"}', 'transient'],
    ['wecom', '{"errcode":0,"errmsg":"ok"}', undefined],
    ['wecom', '{"errcode":93000,"errmsg":"invalid webhook url"}', 'rejected'],
    ['wecom', '{"errcode":45009,"errmsg":"api freq out of limit"}', 'transient'],
    ['wecom', 'not JSON', undefined],
    ['wecom', '"0"', undefined],
    ['slack', 'ok', undefined],
    ['generic', '{"errcode":1}', undefined],
  ] as const)('%s: %s is %s', (format, answer, kind) => {
    expect(formats[format].refusal(answer)?.kind).toBe(kind);
  });
});
