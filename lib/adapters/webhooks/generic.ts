import { createHmac } from 'node:crypto';
import { machineJson } from '../machine-json.ts';
import type { Format } from './formats.ts';

/**
 * The JSON that machines get over SQS, too. With a secret it is signed: HMAC-SHA256 of `TIMESTAMP.BODY`, in hex, the time
 * being seconds since 1970, so that a receiver can refuse what is old or not ours.
 */
export const generic: Format = {
  message: (alert, { url, secret, nowMs }) => {
    const body = JSON.stringify(machineJson(alert));
    if (secret === undefined) return { url, headers: {}, body };
    const timestamp = String(Math.floor(nowMs / 1_000));
    const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
    const headers = { 'x-autopilot-timestamp': timestamp, 'x-autopilot-signature': `sha256=${signature}` };
    return { url, headers, body };
  },
  refusal: () => undefined,
};
