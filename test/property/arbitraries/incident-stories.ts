import fc from 'fast-check';
import { foldIncidents } from '../../../lib/core/incidents.ts';
import type { Incident } from '../../../lib/core/model.ts';
import { problem } from '../../../lib/core/problems.ts';
import { type Channel, dueNow, markFailed, markTold, type ToldState } from '../../../lib/core/telling/marks.ts';
import { t0 } from '../../support/builders.ts';

/** Each cause in the forms in which it may be seen: with another text, and with another root cause. */
export const causes = [
  ['refused', 'timed out', 'refused'].map((root) => problem('JOB_FAILED', `it is FAILED: ${root}`, 'orders', root)),
  [problem('SLOTS_MISSING', '1 of 2 slots', 'orders'), problem('SLOTS_MISSING', '0 of 2 slots', 'orders')],
  [problem('JAR_MISSING', 'there is no jar', 'payments')],
  [problem('ECS_UNSEEN', 'throttled')],
] as const;

/** The topic, and a webhook with an outbox of its own, whose messages get through at other times. */
export const channels: readonly Channel[] = [undefined, 'team'];

const wrong = fc
  .tuple(...causes.map((forms) => fc.option(fc.constantFrom(...forms), { nil: undefined, freq: 2 })))
  .map((found) => found.flatMap((each) => each ?? []));

/** One look: what is wrong, whether a job is out of sight, how much later it is, and on which channels messages get through. */
const step = fc.record({
  wrong,
  isBlind: fc.boolean(),
  laterMs: fc.constantFrom(0, 1_000, 60_000, 60_000, 120_000, 900_000, 3_600_000),
  through: fc.subarray([...channels]),
});

export const steps = fc.array(step, { maxLength: 40 });

export type Step = typeof steps extends fc.Arbitrary<readonly (infer S)[]> ? S : never;

/** Nothing is wrong, and all messages get through. */
export const calm = (laterMs: number) => ({ wrong: [], isBlind: false, laterMs, through: [...channels] });

/** Of one cause alone, while all messages get through: it comes and goes each minute, or stays for hours and changes its root cause. */
const ofOne = (laterMs: number, goes: number) =>
  fc.array(
    fc
      .option(fc.constantFrom(...causes[0]), { nil: undefined, freq: goes })
      .map((cause) => ({ ...calm(laterMs), wrong: cause === undefined ? [] : [cause] })),
    { minLength: 20, maxLength: 80 },
  );
export const restless = fc.oneof(ofOne(60_000, 2), ofOne(900_000, 20));

export type Heard = {
  readonly key: string;
  readonly what: ToldState;
  readonly channel: Channel;
  readonly atMs: number;
  readonly gist: string | undefined;
};

/** The alerts of a whole story, in order, each marked as told before the next look. */
export const story = (
  all: readonly (Omit<Step, 'laterMs'> & { readonly laterMs: number })[],
  remindEveryMs?: number,
) => {
  const alerts: Heard[] = [];
  let incidents: readonly Incident[] = [];
  let nowMs = t0;
  const tell = (incident: Incident, channel: Channel, isThrough: boolean): Incident => {
    const what = dueNow(incident, nowMs, { channel, remindEveryMs });
    if (what === undefined) return incident;
    if (!isThrough && channel === undefined) return incident;
    if (!isThrough) return markFailed(incident, { atMs: nowMs, what: 'HTTP 500', isFinal: false }, channel ?? '');
    alerts.push({ key: incident.key, what, channel, atMs: nowMs, gist: incident.gist });
    return markTold(incident, what, nowMs, channel);
  };
  for (const { wrong, isBlind, laterMs, through } of all) {
    nowMs += laterMs;
    const folded = foldIncidents(incidents, wrong, ({ job }) => isBlind && job === 'orders', nowMs);
    incidents = folded.map((each) =>
      channels.reduce((incident, channel) => tell(incident, channel, through.includes(channel)), each),
    );
  }
  return { alerts, incidents, nowMs };
};
