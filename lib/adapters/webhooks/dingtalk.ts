import { createHmac } from 'node:crypto';
import { characters, fitted } from './fitted.ts';
import type { Format } from './formats.ts';
import { markdownOf } from './markdown.ts';
import { robotRefusal } from './robot-answer.ts';

/** Custom robots take 20 messages a minute, and no body over 20,000 bytes. */
const LIMITS = { bytes: 8_000, partBytes: 2_000 };
const TITLE_MAX = 100;

/**
 * Custom robots of DingTalk: https://open.dingtalk.com/document/robots/custom-robot-access. The signature of
 * `TIMESTAMP\nSECRET` by the secret stands in the URL; the time in milliseconds.
 */
export const dingtalk: Format = {
  message: (alert, { url, secret, nowMs }) => {
    const title = fitted(alert.subject, TITLE_MAX, characters);
    const body = { msgtype: 'markdown', markdown: { title, text: markdownOf(alert, LIMITS) } };
    return { url: secret === undefined ? url : signed(url, secret, nowMs), headers: {}, body: JSON.stringify(body) };
  },
  // -1: busy · 130101: sent too fast.
  refusal: (answer) => robotRefusal(answer, ['errcode'], [-1, 130_101]),
};

const signed = (url: URL, secret: string, nowMs: number): URL => {
  const to = new URL(url);
  to.searchParams.set('timestamp', String(nowMs));
  to.searchParams.set('sign', createHmac('sha256', secret).update(`${nowMs}\n${secret}`).digest('base64'));
  return to;
};
