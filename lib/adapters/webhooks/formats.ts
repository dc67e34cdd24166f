import type { Fault } from '../../core/errors.ts';
import type { WebhookSpec } from '../../core/model.ts';
import type { Alert } from '../../ports.ts';
import { dingtalk } from './dingtalk.ts';
import { feishu } from './feishu.ts';
import { generic } from './generic.ts';
import { slack } from './slack.ts';
import { wecom } from './wecom.ts';

/** How one kind of receiver is spoken to. Pure: the same alert at the same time is the same message. */
export type Format = {
  message(alert: Alert, to: Receiver): Message;
  /** What a receiver that answered 2xx says against it; undefined: taken. */
  refusal(answer: string): Fault | undefined;
};

export type Receiver = { readonly url: URL; readonly secret: string | undefined; readonly nowMs: number };

/** One POST. */
export type Message = { readonly url: URL; readonly headers: Readonly<Record<string, string>>; readonly body: string };

export const formats: Readonly<Record<WebhookSpec['format'], Format>> = { generic, slack, feishu, dingtalk, wecom };
