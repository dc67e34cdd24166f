import { Fault } from '../../core/errors.ts';
import type { WebhookSpec } from '../../core/model.ts';
import { tellingLimits } from '../../core/telling/limits.ts';
import type { Alert, Alerts } from '../../ports.ts';
import type { Redaction } from '../redaction.ts';
import { type CachedSecrets, KEPT_MS } from '../secrets.ts';
import { formats, type Message } from './formats.ts';
import { type Posted, postOnce } from './post.ts';

/**
 * Alerts on one webhook. Faults: `rejected` WEBHOOK_REFUSED, WEBHOOK_TLS, WEBHOOK_URL, SECRET_MISSING, SECRET_DENIED (a
 * person has to change something), `transient` WEBHOOK_UNAVAILABLE, WEBHOOK_UNREACHABLE, WEBHOOK_RESTING,
 * `unknown-outcome` WEBHOOK_UNANSWERED (it may arrive twice, under the same id). None names the address or the secret.
 */
export const createWebhookAlerts = ({ spec, secrets, redaction, nowMs }: WebhookOptions): Alerts => {
  const { name, format } = spec;
  const { message: messageOf, refusal } = formats[format];
  let restsUntilMs = 0;
  const value = async (text: string, what: string, deadlineMs: number): Promise<string> => {
    const read = await secrets.resolveWithin(text, deadlineMs, KEPT_MS);
    redaction.hide(read, `${what} of webhook ${name}`);
    return read;
  };
  const messageFor = async (alert: Alert, deadlineMs: number): Promise<Message> => {
    const url = urlOf(await value(spec.url, 'URL', deadlineMs));
    redaction.hide(`${url.pathname}${url.search}`, `URL of webhook ${name}`);
    const secret = spec.secret === undefined ? undefined : await value(spec.secret, 'secret', deadlineMs);
    return messageOf(alert, { url, secret, nowMs: nowMs() });
  };
  const send = async (alert: Alert, deadlineMs: number): Promise<void> => {
    if (nowMs() < restsUntilMs)
      throw new Fault('transient', 'WEBHOOK_RESTING', 'it did not answer a moment ago, and is left alone');
    const { url, headers, body } = await messageFor(alert, deadlineMs);
    const waitMs = Math.min(deadlineMs - nowMs(), tellingLimits.webhookCallMs);
    if (waitMs <= 0) throw new Fault('transient', 'WEBHOOK_UNAVAILABLE', 'no time left to send it');
    const posted = await postOnce(url, { ...HEADERS, ...headers }, body, waitMs);
    const fault = faultOf(posted) ?? refusal(posted.text);
    if (fault !== undefined) throw fault;
  };
  return {
    publish: async (alert, deadlineMs) => {
      try {
        await send(alert, deadlineMs);
      } catch (thrown) {
        if (!(thrown instanceof Fault)) throw thrown;
        if (SILENT.has(thrown.code)) restsUntilMs = nowMs() + tellingLimits.webhookRestMs;
        throw new Fault(thrown.kind, thrown.code, redaction.redact(thrown.message));
      }
    },
  };
};

export type WebhookOptions = {
  readonly spec: WebhookSpec;
  readonly secrets: Pick<CachedSecrets, 'resolveWithin'>;
  readonly redaction: Redaction;
  readonly nowMs: () => number;
};

const HEADERS = { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'flink-autopilot' };

const SILENT: ReadonlySet<string> = new Set(['WEBHOOK_UNANSWERED', 'WEBHOOK_UNREACHABLE', 'WEBHOOK_UNAVAILABLE']);

const urlOf = (text: string): URL => {
  const url = URL.parse(text.trim());
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') return url;
  throw new Fault('rejected', 'WEBHOOK_URL', 'its URL is not of the form https://host/path');
};

/** What the status says; undefined: taken. */
const faultOf = ({ status }: Posted): Fault | undefined => {
  if (status >= 200 && status < 300) return undefined;
  const mayPass = status >= 500 || status === 408 || status === 425 || status === 429;
  if (mayPass) return new Fault('transient', 'WEBHOOK_UNAVAILABLE', `HTTP ${status}`);
  const more = status >= 300 && status < 400 ? ', a redirect, which is not followed' : '';
  return new Fault('rejected', 'WEBHOOK_REFUSED', `HTTP ${status}${more}`);
};
