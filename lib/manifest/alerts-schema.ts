import * as z from 'zod/mini';
import { tellingLimits } from '../core/telling/limits.ts';
import { NAME, NAME_EXPECTED } from './job-schema.ts';
import { reference, SECRET_ALONE } from './reference-syntax.ts';
import { choice, list, mapping, optional, text, usually } from './values.ts';

/** The folder of the pages: no name or password in it, and nothing after it. */
const RUNBOOK_URL = /^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/;
/** Without a name or password in it; references may stand anywhere in it. */
const WEBHOOK_URL =
  /^(https?:\/\/[^\s/?#@]+([/?](\$\{[^\s{}]+\}|[^\s#$]|\$(?!\{)){0,2000})?|\$\{(ssm|secret):[^\s{}]+\})$/;

/** More often is noise. */
const REMIND_EVERY = /^([1-9]\d{0,3}h|[1-9]\d{0,2}d)$/;

const FORMATS = ['generic', 'slack', 'feishu', 'dingtalk', 'wecom'] as const;

export const webhookShape = {
  name: text(NAME, NAME_EXPECTED, 'Its name in log lines and messages, which its URL never stands in.'),
  url: text(
    WEBHOOK_URL,
    `a URL such as https://host/path, or a reference to it: ${reference('ssm:/path')} or ${reference('secret:name#key')}`,
    'Where messages are posted to. The URL of a chat is a secret, and has to be a reference or hold one; so has a key in any URL. Plain `http:` is for receivers inside your own network.',
  ),
  secret: z.exactOptional(
    text(
      SECRET_ALONE,
      `a reference to a secret: ${reference('ssm:/path')} or ${reference('secret:name#key')}`,
      'What messages are signed with. `generic`: header `X-Autopilot-Signature`, `sha256=` and the HMAC-SHA256 in hex of the header `X-Autopilot-Timestamp`, a dot, and the body. `feishu`, `dingtalk`: their own signature. `slack` and `wecom` have none: their URL is the secret.',
    ),
  ),
  format: optional(
    'generic',
    choice(
      FORMATS,
      'Who reads it: `generic` the JSON that machines get over SQS · Slack · Feishu or Lark · DingTalk · WeCom.',
    ),
  ),
};

export const alertsShape = {
  runbookUrl: z.exactOptional(
    text(
      RUNBOOK_URL,
      'a URL such as https://git.example.com/flink-autopilot/blob/main/docs/runbook, nothing after the path',
      'Where people find the pages of `docs/runbook`: each message then links to the page of its code. Without it a message names the page’s path.',
    ),
  ),
  remindEvery: usually(
    'no reminders',
    text(
      REMIND_EVERY,
      'a time such as 24h or 7d, at least 1h',
      'What is open is said again each time that nothing was told of it for so long. In any case a problem is told when it begins, when something that matters of it changes, and when it is over.',
    ),
  ),
  webhooks: z.exactOptional(
    list(
      mapping(webhookShape, 'a mapping with name and url'),
      'a list of webhooks',
      `Further places that hear of everything, beside the topic; at most ${tellingLimits.webhooksMax}.`,
    ),
  ),
};

/** What is said of messages, for all clusters. */
export const alertsSchema = mapping(alertsShape, 'a mapping with runbookUrl or webhooks', 'Messages to people.');
