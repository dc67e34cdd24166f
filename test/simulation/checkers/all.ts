import { alertsInTurn } from './alerts-in-turn.ts';
import { allSeen } from './all-seen.ts';
import { anyOf, type Checker } from './checker.ts';
import { commitsFirst } from './commits-first.ts';
import { endsInTime } from './ends-in-time.ts';
import { intentFirst } from './intent-first.ts';
import { oneIntent } from './one-intent.ts';
import { oneLiveCopy } from './one-live-copy.ts';
import { ringsHeard } from './rings-heard.ts';

/** By the name under which a breach is counted. */
export const checkers: Readonly<Record<string, Checker>> = {
  I1: oneLiveCopy,
  I3: anyOf(intentFirst, oneIntent),
  I4: alertsInTurn,
  I5: ringsHeard,
  I6: allSeen,
  I8: commitsFirst,
  I9: endsInTime,
};
