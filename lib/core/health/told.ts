import type { Decision } from '../decision.ts';
import { HEALTH_CODES, type HealthCode } from './judge.ts';

export const isHealth = (code: string): code is HealthCode => CODES.has(code);

const CODES: ReadonlySet<string> = new Set(HEALTH_CODES);

/**
 * What runs, or is to run again, has to be seen well before its incident closes; what is over, or held, or would only be started in a dry run, lies
 * still, unless that is for two that run.
 */
export const staysTold = (decision: Decision, code: HealthCode): boolean => {
  const { blind, verdict, well = [], problem, dryRun, effect } = decision;
  if (blind) return true;
  if (dryRun && effect?.kind === 'run') return false;
  if (verdict === 'off' || verdict === 'done' || well.includes(code)) return false;
  return verdict !== 'hold' || problem?.code === 'TWO_LIVE_COPIES';
};
