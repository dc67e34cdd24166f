import type { IncomingHttpHeaders, RequestListener, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { createRedaction, type Redaction } from '../../../../lib/adapters/redaction.ts';
import { createWebhookAlerts } from '../../../../lib/adapters/webhooks/webhook-alerts.ts';
import { foldIncidents } from '../../../../lib/core/incidents.ts';
import type { WebhookSpec } from '../../../../lib/core/model.ts';
import { problem } from '../../../../lib/core/problems.ts';
import type { Alert, Alerts } from '../../../../lib/ports.ts';
import { alertOf } from '../../../../lib/telling/alert.ts';
import { t0 } from '../../../support/builders.ts';

/** One alert, as a pass makes it; `what` is what is wrong. */
export const anAlert = (
  what = 'main() threw: refused',
  { state = 'open', runbookUrl }: { readonly state?: 'open' | 'closed'; readonly runbookUrl?: string } = {},
): Alert => {
  const [incident] = foldIncidents([], [problem('MAIN_THREW', what, 'orders')], () => false, t0);
  if (incident === undefined) throw new Error('no incident');
  return alertOf('realtime', { ...incident, state }, state, { runbookUrl });
};

export type Received = { readonly url: string; readonly headers: IncomingHttpHeaders; readonly body: string };

/** Keeps what it is sent, and answers as `answer` does. */
export const receiving = (
  answer: (response: ServerResponse, request: Received) => void,
): { readonly listener: RequestListener; readonly received: readonly Received[] } => {
  const received: Received[] = [];
  const listener: RequestListener = async (request, response) => {
    const one = { url: request.url ?? '', headers: request.headers, body: await text(request) };
    received.push(one);
    answer(response, one);
  };
  return { listener, received };
};

/** Values of the references in it, by name; what is none stands for itself. */
export const webhook = (
  spec: Omit<WebhookSpec, 'name' | 'format'> & Partial<WebhookSpec>,
  values: Readonly<Record<string, string>> = {},
  { nowMs = Date.now, redaction = createRedaction() }: { nowMs?: () => number; redaction?: Redaction } = {},
): Alerts =>
  createWebhookAlerts({
    spec: { name: 'team', format: 'generic', ...spec },
    secrets: {
      resolveWithin: async (written) => written.replace(/\$\{([^}]+)\}/g, (_, name: string) => values[name] ?? ''),
    },
    redaction,
    nowMs,
  });
