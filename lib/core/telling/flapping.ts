import type { Incident } from '../model.ts';
import { tellingLimits } from './limits.ts';

/** It was told before so often, so lately, that it comes and goes. */
export const isFlapping = ({ opened }: Pick<Incident, 'opened'>): boolean =>
  (opened?.length ?? 0) >= tellingLimits.flapsMax - 1;

/** The end of what comes and goes is told when it has not come back for a while; what ends by a person's wish is told at once. */
export const isHeldBack = (incident: Incident, nowMs: number): boolean =>
  isFlapping(incident) &&
  incident.closedBecause === undefined &&
  nowMs - (incident.closedMs ?? nowMs) < tellingLimits.flapStableMs;

/** What the next incident of the same key has to know of this one and those before it. */
export const openingsBefore = (
  { opened = [], openToldMs = 0, ended }: Incident,
  nowMs: number,
): Pick<Incident, 'opened'> => {
  // Where an end is still owed, the opening that it belongs to was counted when it came back.
  const told = ended === undefined ? [...opened, openToldMs] : opened;
  const lately = told.filter((ms) => nowMs - ms < tellingLimits.flapWithinMs).slice(-tellingLimits.flapsMax);
  return lately.length === 0 ? {} : { opened: lately };
};

/** The same incident, which was thought to be over. */
export const reopened = ({ closedMs: _, closedBecause: __, ...incident }: Incident): Incident => ({
  ...incident,
  state: 'open',
});
