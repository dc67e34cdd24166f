import type { Decision } from '../decision.ts';
import { defaults } from '../defaults.ts';
import { isIllness } from '../health/judge.ts';
import type { Problem } from '../model.ts';
import { problem } from '../problems.ts';

/**
 * When most of a cluster's live jobs look ill at once, it or the view of it is ill: none of them is ended, and that is told as one thing.
 * What is lost, or failed, or never ran is started all the same.
 */
export const withBreaker = (
  decisions: readonly Decision[],
): { readonly decisions: readonly Decision[]; readonly problems: readonly Problem[] } => {
  const live = decisions.filter(({ health }) => health !== undefined);
  const ill = live.filter(({ health }) => health === 'ill');
  if (ill.length < defaults.healing.breakerJobs || ill.length * 2 <= live.length) return { decisions, problems: [] };
  const named = ill.slice(0, defaults.healing.breakerNamed).map(sightOf);
  const more = ill.length > named.length ? ` and ${ill.length - named.length} more` : '';
  const what = `${ill.length} of ${live.length} live jobs look ill at once: ${named.join(', ')}${more}`;
  return { decisions: decisions.map(spared), problems: [problem('MANY_JOBS_ILL', what)] };
};

/** What is wrong with one whose tasks all run would not be seen otherwise. */
const sightOf = ({ job, saw, further }: Decision): string => {
  const codes = further?.map(({ code }) => code).filter(isIllness) ?? [];
  return `${job} (${[saw, ...codes].join(', ')})`;
};

const spared = (decision: Decision): Decision => {
  if (decision.health === undefined) return decision;
  const { wantsSnapshots: _s, ...rest } = decision;
  // What is live and was not ordered to end is cancelled for its illness alone.
  if (decision.effect?.kind !== 'cancel') return rest;
  const { effect: _e, urgent: _u, waitFor: _w, ...live } = rest;
  return { ...live, verdict: 'steady', because: `${decision.because}; not done: most live jobs look ill at once` };
};
