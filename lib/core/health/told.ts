import type { Decision } from '../decision.ts';
import { HEALTH_CODES, type HealthCode } from './judge.ts';

export const isHealth = (code: string): code is HealthCode => HEALTH_CODES.some((each) => each === code);

/** What runs, or is to run again, has to be seen well before its incident closes; what is over, or held, lies still, unless that is for two that run. */
export const staysTold = ({ blind, verdict, well = [], problem }: Decision, code: HealthCode): boolean => {
  if (blind) return true;
  if (verdict === 'off' || verdict === 'done' || well.includes(code)) return false;
  return verdict !== 'hold' || problem?.code === 'TWO_LIVE_COPIES';
};
