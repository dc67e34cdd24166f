import type { Format } from './formats.ts';
import { markdownOf } from './markdown.ts';
import { robotRefusal } from './robot-answer.ts';

/** The content of a markdown message, in bytes of UTF-8. */
const LIMITS = { bytes: 4_096, partBytes: 1_100 };

/** Group robots of WeCom: https://developer.work.weixin.qq.com/document/path/91770. The key in the URL is the secret. */
export const wecom: Format = {
  message: (alert, { url }) => {
    const body = { msgtype: 'markdown', markdown: { content: markdownOf(alert, LIMITS) } };
    return { url, headers: {}, body: JSON.stringify(body) };
  },
  // -1: busy · 45009, 45033: asked too often.
  refusal: (answer) => robotRefusal(answer, ['errcode'], [-1, 45_009, 45_033]),
};
