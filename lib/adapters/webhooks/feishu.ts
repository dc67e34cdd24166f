import { createHmac } from 'node:crypto';
import { characters, fitted, jsonBytes } from './fitted.ts';
import type { Format } from './formats.ts';
import { robotRefusal } from './robot-answer.ts';

/** A body of more than 20 KB is refused; with a card around them these parts stay below it. */
const PART_BYTES_MAX = 2_000;
const TITLE_MAX = 200;
const URL_MAX = 1_000;

/**
 * Custom bots of Feishu and Lark: https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot. A card whose texts are
 * plain, so that nothing in them is taken for markup. Its signature has the key `TIMESTAMP\nSECRET` and no text; the time in seconds.
 */
export const feishu: Format = {
  message: (alert, { url, secret, nowMs }) => {
    const { subject, parts, severity, state, runbook } = alert;
    const template = state === 'closed' ? 'green' : severity === 'critical' ? 'red' : 'orange';
    const lines = parts.map(([name, text]) => div(`${name}: ${fitted(text, PART_BYTES_MAX, jsonBytes)}`));
    const isLink = /^https?:\/\/\S+$/.test(runbook) && runbook.length <= URL_MAX;
    const body = {
      ...(secret === undefined ? {} : signed(secret, nowMs)),
      msg_type: 'interactive',
      card: {
        config: { wide_screen_mode: true },
        header: { title: plain(fitted(subject, TITLE_MAX, characters)), template },
        elements: [...lines, ...(isLink ? [button(runbook)] : [])],
      },
    };
    return { url, headers: {}, body: JSON.stringify(body) };
  },
  // 9499 and 11232: too many requests.
  refusal: (answer) => robotRefusal(answer, ['code', 'StatusCode'], [9_499, 11_232]),
};

export const signed = (secret: string, nowMs: number): { readonly timestamp: string; readonly sign: string } => {
  const timestamp = String(Math.floor(nowMs / 1_000));
  return { timestamp, sign: createHmac('sha256', `${timestamp}\n${secret}`).digest('base64') };
};

const plain = (content: string) => ({ tag: 'plain_text', content });

const div = (content: string) => ({ tag: 'div', text: plain(content) });

const button = (url: string) => ({
  tag: 'action',
  actions: [{ tag: 'button', text: plain('Runbook'), type: 'default', url }],
});
