import type { Incident, Problem } from '../model.ts';
import { problem } from '../problems.ts';
import { marksOf, untold } from './marks.ts';

/** What a person has to hear of the webhooks themselves, over those channels that work: of each, whether its last message failed. */
export const channelProblems = (incidents: readonly Incident[], webhooks: readonly string[]): readonly Problem[] => {
  const failing = webhooks.flatMap((name) => {
    const why = failureOf(incidents, name);
    return why === undefined ? [] : [{ name, text: `${name} (${why})` }];
  });
  if (failing.length === 0) return [];
  const what = `messages do not arrive at ${failing.map(({ text }) => text).join(', ')}`;
  return [problem('WEBHOOK_FAILING', what, undefined, failing.map(({ name }) => name).join())];
};

/** Why the newest try failed; undefined where it did not. */
const failureOf = (incidents: readonly Incident[], webhook: string): string | undefined => {
  const marks = incidents.map((incident) => marksOf(incident, webhook));
  const toldMs = Math.max(0, ...marks.flatMap(({ openToldMs = 0, closeToldMs = 0 }) => [openToldMs, closeToldMs]));
  // What ended before it could be told is tried no more, so that its failure would last for ever.
  const failures = incidents.flatMap((incident) => {
    const { failure } = marksOf(incident, webhook);
    return failure === undefined || untold(incident, webhook) === undefined ? [] : [failure];
  });
  return failures.toSorted((a, b) => b.atMs - a.atMs).find(({ atMs }) => atMs > toldMs)?.what;
};
