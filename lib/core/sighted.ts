import { isAbsentOn, isSameMemory } from './absence.ts';
import { defaults } from './defaults.ts';
import { equal } from './equal.ts';
import { isTerminal, jobsOf, RECOVERING } from './liveness.ts';
import type { Attempt, FlinkJob, FlinkView } from './model.ts';

/** What Flink says of an attempt. Where it lives counts last: what another JobManager says of its end does not end it. */
export const sighted = (attempt: Attempt, views: readonly FlinkView[], nowMs: number): Attempt => {
  const isLiveOn = (view: FlinkView): boolean =>
    jobsOf(view).some(({ jobId, state }) => jobId === attempt.jobId && !isTerminal(state));
  const seen = views
    .toSorted((a, b) => Number(isLiveOn(a)) - Number(isLiveOn(b)))
    .reduce((known, view) => sightedIn(known, view, nowMs), attempt);
  return equal(seen, attempt) ? attempt : seen;
};

const sightedIn = (attempt: Attempt, view: FlinkView, nowMs: number): Attempt => {
  const listed = jobsOf(view).find(({ jobId }) => jobId === attempt.jobId);
  if (listed !== undefined) return seenAs(attempt, listed.state, listed, view, nowMs);
  if (view.recovers?.includes(attempt.jobId)) return seenAs(attempt, RECOVERING, undefined, view, nowMs);
  const byId = view.byId[attempt.jobId];
  if (byId?.known === true && byId.value !== 'absent') return seenAs(attempt, byId.value, undefined, view, nowMs);
  if (attempt.end !== undefined || !isAbsentOn(view, attempt.jobId)) return attempt;
  const { process, led, peers } = view.incarnation;
  if (peers !== undefined) return attempt; // one of them alone says nothing: rest-absence.ts
  const { sightedOn } = attempt;
  // Who was seen when nobody said who leads is known by its processes alone.
  const isKnown = sightedOn?.led === undefined && [sightedOn?.process, ...(sightedOn?.peers ?? [])].includes(process);
  const isAtHome =
    led === undefined ? sightedOn?.process === process : isKnown || isSameMemory(sightedOn, view.incarnation);
  if (!isAtHome && led === undefined) return attempt;
  const absent = absentSince(attempt, led?.session, nowMs);
  const gone = isAtHome && isAbsentLong(absent, nowMs);
  return { ...absent, ...(gone ? { end: { state: 'GONE', atMs: nowMs } } : {}) };
};

/** Another leader's answers count anew. */
const absentSince = (attempt: Attempt, session: string | undefined, nowMs: number): Attempt => {
  if (attempt.absentSinceMs !== undefined && attempt.absentUnder === session) return attempt;
  return { ...attempt, absentSinceMs: nowMs, ...(session === undefined ? {} : { absentUnder: session }) };
};

/** Long enough that a JobMaster that is slow to be listed is out of the question. */
export const isAbsentLong = ({ absentSinceMs = Number.POSITIVE_INFINITY }: Attempt, nowMs: number): boolean =>
  nowMs - absentSinceMs >= defaults.goneAfterMs;

/**
 * The list is fresh; by id Flink's answer may be 3 s old, so it may find a live job but never revives an ended one. Ended
 * ones are not asked for, so that this is for two JobManagers in one look: one lists the end, the other's answer is older.
 */
const seenAs = (
  attempt: Attempt,
  state: string,
  listed: FlinkJob | undefined,
  view: FlinkView,
  nowMs: number,
): Attempt => {
  if (isAsKnown(attempt, state, listed, view)) return attempt;
  const { absentSinceMs: _absent, absentUnder: _under, end, ...rest } = attempt;
  const seen = { ...rest, sightedOn: view.incarnation, ...(listed === undefined ? {} : { flinkName: listed.name }) };
  if (isTerminal(state)) return { ...seen, end: end?.state === state ? end : { state, atMs: nowMs } };
  return end !== undefined && listed === undefined ? attempt : seen;
};

/** Most looks show what the one before did. */
const isAsKnown = (
  { absentSinceMs, end, sightedOn, flinkName }: Attempt,
  state: string,
  listed: FlinkJob | undefined,
  { incarnation }: FlinkView,
): boolean =>
  absentSinceMs === undefined &&
  end?.state === (isTerminal(state) ? state : undefined) &&
  (listed === undefined || listed.name === flinkName) &&
  equal(sightedOn, incarnation);
