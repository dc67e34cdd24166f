import type { Incident, Problem } from '../model.ts';
import { problem } from '../problems.ts';
import { marksOf, missing, type Telling } from './marks.ts';

/** What a person has to hear of the webhooks themselves, over those channels that work: of each, whether the last try failed of what it is still to hear. */
export const channelProblems = (
  incidents: readonly Incident[],
  webhooks: readonly string[],
  nowMs: number,
  { remindEveryMs }: Pick<Telling, 'remindEveryMs'> = {},
): readonly Problem[] => {
  const failing = webhooks.flatMap((name) => {
    const isMissed = (incident: Incident) => missing(incident, nowMs, { channel: name, remindEveryMs }) !== undefined;
    const why = failureOf(incidents, name, isMissed);
    return why === undefined ? [] : [{ name, text: `${name} (${why})` }];
  });
  if (failing.length === 0) return [];
  const what = `messages do not arrive at ${failing.map(({ text }) => text).join(', ')}`;
  return [problem('WEBHOOK_FAILING', what, undefined, failing.map(({ name }) => name).join())];
};

/** Why the newest try failed; undefined where it did not. */
const failureOf = (
  incidents: readonly Incident[],
  webhook: string,
  isMissed: (incident: Incident) => boolean,
): string | undefined => {
  const failures = incidents
    .filter((incident) => marksOf(incident, webhook).failure !== undefined && isMissed(incident))
    .flatMap((incident) => marksOf(incident, webhook).failure ?? []);
  if (failures.length === 0) return undefined;
  const told = incidents.flatMap((incident) => {
    const { openToldMs = 0, toldMs = 0, closeToldMs = 0 } = marksOf(incident, webhook);
    return [openToldMs, toldMs, closeToldMs];
  });
  return failures.toSorted((a, b) => b.atMs - a.atMs).find(({ atMs }) => atMs > Math.max(0, ...told))?.what;
};
