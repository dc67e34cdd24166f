import { cut } from './cut.ts';
import { defaults } from './defaults.ts';
import { withoutExplained } from './inhibition.ts';
import type { Incident, Problem } from './model.ts';
import { isHeldBack, openingsBefore, reopened } from './telling/flapping.ts';
import { isOwed, owed } from './telling/owed.ts';

/** One cause = one key: the code, the job where it is a job's, and which one where there may be several. */
export const keyOf = ({ code, job, about }: Pick<Problem, 'code' | 'job' | 'about'>): string =>
  `${code}${afterHash(job)}${afterHash(about)}`;

const afterHash = (part: string | undefined): string => (part === undefined ? '' : `#${part}`);

/**
 * The incidents after a look: conditions that hold now open when their patience is over, those that ended close,
 * and those that could not be judged now (`isBlindTo`) stay as they are. What a bigger one explains does not open beside
 * it. `whyOver` says why one ends whose condition did not.
 */
export const foldIncidents = (
  incidents: readonly Incident[],
  problems: readonly Problem[],
  isBlindTo: (incident: Incident) => boolean,
  nowMs: number,
  whyOver: (incident: Incident) => string | undefined = () => undefined,
): readonly Incident[] => {
  const wanted = new Map(problems.map((each) => [keyOf(each), bounded(each)]));
  const kept = incidents.map((incident) => {
    const still = wanted.get(incident.key);
    if (still !== undefined) return seenAgain(incident, still, nowMs);
    if (incident.state === 'closed' || isBlindTo(incident)) return incident;
    const because = whyOver(incident);
    return {
      ...incident,
      state: 'closed',
      closedMs: nowMs,
      ...(because === undefined ? {} : { closedBecause: because }),
    } as const;
  });
  for (const { key } of incidents) wanted.delete(key);
  const fresh = [...wanted.values()].map((each) => seenFirst(each, nowMs));
  return withoutExplained(incidents, [...kept, ...fresh], nowMs);
};

const bounded = (problem: Problem): Problem => {
  const what = cut(problem.what, defaults.incidentTextMax);
  const fix = cut(problem.fix, defaults.incidentTextMax);
  return what === problem.what && fix === problem.fix ? problem : { ...problem, what, fix };
};

const seenFirst = (problem: Problem, nowMs: number, kept: Partial<Incident> = {}): Incident => ({
  ...problem,
  ...kept,
  key: keyOf(problem),
  state: problem.graceMs === 0 ? 'open' : 'pending',
  firstSeenMs: nowMs,
  lastSeenMs: nowMs,
});

/**
 * A closed one opens again at once; a channel that is still to be told of its end hears of that first, so that each hears
 * openings and closings in strict turn, whatever another one takes. One that comes and goes is the same again, of whose
 * end nobody has heard.
 */
const seenAgain = (incident: Incident, problem: Problem, nowMs: number): Incident => {
  if (incident.state === 'closed' && isHeldBack(incident, nowMs) && isOwed(incident))
    return { ...reopened(incident), ...problem, lastSeenMs: nowMs };
  if (incident.state === 'closed')
    return seenFirst(problem, nowMs, { ...owed(incident), ...openingsBefore(incident, nowMs) });
  if (incident.state === 'open') return { ...incident, ...problem, lastSeenMs: nowMs };
  const seen = { ...incident, ...problem, ...unlooked(incident, nowMs), lastSeenMs: nowMs };
  const due = nowMs - seen.firstSeenMs - (seen.unlookedMs ?? 0) >= seen.graceMs;
  return due ? { ...seen, state: 'open' } : seen;
};

/** Patience counts looks: what was there at two of them, long after each other as ticks are late, need not have lasted. */
const unlooked = ({ lastSeenMs, unlookedMs = 0 }: Incident, nowMs: number): Partial<Pick<Incident, 'unlookedMs'>> => {
  const tooLongMs = nowMs - lastSeenMs - defaults.patienceGapMs;
  return tooLongMs > 0 ? { unlookedMs: unlookedMs + tooLongMs } : {};
};
