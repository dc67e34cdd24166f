import type { Incident, Marks } from '../model.ts';
import { isHeldBack } from './flapping.ts';
import { tellingLimits } from './limits.ts';

/** Where a message goes: the name of a webhook; undefined is the topic. */
export type Channel = string | undefined;

/** open, closed: in strict turn · update: something that matters changed · reminder: it is still open. */
export type ToldState = 'open' | 'update' | 'reminder' | 'closed';

/** What a channel has not been told yet: an open one, or the end of one whose opening it was told, also where that came back. */
export const untold = (incident: Incident, channel?: Channel): 'open' | 'closed' | undefined =>
  turnOf(incident, marksOf(incident, channel));

const turnOf = (incident: Incident, marks: Marks): 'open' | 'closed' | undefined => {
  if (incident.state !== 'closed' && marks.ended !== undefined) return 'closed';
  if (incident.state === 'open' && marks.openToldMs === undefined) return 'open';
  if (incident.state === 'closed' && marks.openToldMs !== undefined && marks.closeToldMs === undefined) return 'closed';
  return undefined;
};

/** `remindEveryMs`: what is open is said again when nothing was told for so long; absent: never. */
export type Telling = { readonly channel?: Channel; readonly remindEveryMs?: number | undefined };

/** What is to be told now: what the channel misses, unless it is left alone for a while. */
export const dueNow = (incident: Incident, nowMs: number, telling: Telling = {}): ToldState | undefined => {
  const marks = marksOf(incident, telling.channel);
  const state = missingOf(incident, marks, nowMs, telling);
  return state === undefined || isResting(marks, nowMs) ? undefined : state;
};

/** What the channel should have heard by now, and has not. */
export const missing = (incident: Incident, nowMs: number, telling: Telling): ToldState | undefined =>
  missingOf(incident, marksOf(incident, telling.channel), nowMs, telling);

const missingOf = (
  incident: Incident,
  marks: Marks,
  nowMs: number,
  { remindEveryMs = Number.POSITIVE_INFINITY }: Telling,
): ToldState | undefined => {
  const turn = turnOf(incident, marks);
  if (turn === 'closed') return incident.state === 'closed' && isHeldBack(incident, nowMs) ? undefined : turn;
  if (incident.state !== 'open' || marks.openToldMs === undefined) return turn;
  const quietMs = nowMs - (marks.toldMs ?? marks.openToldMs);
  if (isNews(incident, marks) && quietMs >= tellingLimits.updateEveryMs) return 'update';
  return quietMs >= remindEveryMs ? 'reminder' : undefined;
};

/** Marks what a channel was told, so that it is told once. */
export const markTold = (incident: Incident, what: ToldState, nowMs: number, channel?: Channel): Incident => {
  // What a channel takes ends its failure, and an end that it is told is owed no more.
  const { failure: _, ended: __, ...before } = marksOf(incident, channel);
  const { updates = 0, reminders = 0 } = before;
  if (what === 'closed' && incident.state !== 'closed') return withMarks(incident, channel, { toldMs: nowMs });
  const heard = { gistTold: incident.gist ?? '' };
  const marks: Readonly<Record<ToldState, Marks>> = {
    open: { openToldMs: nowMs, ...heard },
    update: { toldMs: nowMs, updates: updates + 1, ...heard },
    reminder: { toldMs: nowMs, reminders: reminders + 1, ...heard },
    closed: { closeToldMs: nowMs },
  };
  return withMarks(incident, channel, what === 'open' ? marks.open : { ...before, ...marks[what] });
};

/** What a webhook has heard of, with the failure of its last try. */
export const markFailed = (incident: Incident, failure: Marks['failure'] & object, channel: string): Incident =>
  withMarks(incident, channel, { ...marksOf(incident, channel), failure });

/** The incident as its end is told to a channel: of the one whose opening it heard. */
export const endOf = (incident: Incident, channel: Channel): Incident => {
  const { ended } = marksOf(incident, channel);
  if (ended === undefined) return incident;
  const { closedMs = ended.closedMs } = incident;
  return { ...incident, state: 'closed', firstSeenMs: ended.firstSeenMs, closedMs };
};

export const marksOf = (incident: Incident, channel: Channel): Marks =>
  channel === undefined ? incident : (incident.channels?.[channel] ?? {});

/** Who refuses for good is asked again now and then: a person may have mended it. */
const isResting = ({ failure }: Marks, nowMs: number): boolean =>
  failure?.isFinal === true && nowMs - failure.atMs < tellingLimits.refusedAgainMs;

const isNews = ({ gist }: Incident, { gistTold, updates = 0 }: Marks): boolean =>
  gist !== undefined && gistTold !== undefined && gist !== gistTold && updates < tellingLimits.updatesMax;

/** These marks in the place of those that the channel had. */
const withMarks = (incident: Incident, channel: Channel, marks: Marks): Incident =>
  channel === undefined
    ? { ...withoutMarks(incident), ...marks }
    : { ...incident, channels: { ...incident.channels, [channel]: marks } };

const withoutMarks = ({
  openToldMs,
  closeToldMs,
  gistTold,
  updates,
  reminders,
  toldMs,
  ended,
  failure,
  ...incident
}: Incident): Incident => incident;
