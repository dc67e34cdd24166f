import type { Incident, Marks } from '../model.ts';
import { tellingLimits } from './limits.ts';

/** Where a message goes: the name of a webhook; undefined is the topic. */
export type Channel = string | undefined;

export type ToldState = 'open' | 'closed';

/** What a channel has not been told yet: an open one, or the end of one whose opening it was told. */
export const untold = (incident: Incident, channel?: Channel): ToldState | undefined => {
  const marks = marksOf(incident, channel);
  if (incident.state === 'open' && marks.openToldMs === undefined) return 'open';
  if (incident.state === 'closed' && marks.openToldMs !== undefined && marks.closeToldMs === undefined) return 'closed';
  return undefined;
};

/** Marks what a channel was told, so that it is told once. */
export const markTold = (incident: Incident, what: ToldState, nowMs: number, channel?: Channel): Incident =>
  withMarks(incident, channel, what === 'open' ? { openToldMs: nowMs } : { closeToldMs: nowMs });

/** What a webhook has heard of, with the failure of its last try. */
export const markFailed = (incident: Incident, failure: Marks['failure'] & object, channel: string): Incident =>
  withMarks(incident, channel, { failure });

/** Who refuses for good is asked again now and then: a person may have mended it. */
export const isResting = (incident: Incident, nowMs: number, channel: Channel): boolean => {
  const failure = marksOf(incident, channel).failure;
  return failure?.isFinal === true && nowMs - failure.atMs < tellingLimits.refusedAgainMs;
};

/** What is left of a closed incident for the one that follows it: a channel that has not heard of the end goes on from its opening. */
export const marksToKeep = ({ channels = {} }: Incident): Pick<Incident, 'channels'> => {
  const kept = Object.entries(channels).filter(
    ([, { openToldMs, closeToldMs }]) => openToldMs !== undefined && closeToldMs === undefined,
  );
  return kept.length === 0 ? {} : { channels: Object.fromEntries(kept) };
};

export const marksOf = (incident: Incident, channel: Channel): Marks =>
  channel === undefined ? incident : (incident.channels?.[channel] ?? {});

/** What a channel takes ends its failure. */
const withMarks = (incident: Incident, channel: Channel, marks: Marks): Incident => {
  if (channel === undefined) return { ...incident, ...marks };
  const { failure: _, ...before } = marksOf(incident, channel);
  return { ...incident, channels: { ...incident.channels, [channel]: { ...before, ...marks } } };
};
