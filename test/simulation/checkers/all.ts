import { alertsInTurn } from './alerts-in-turn.ts';
import { allSeen } from './all-seen.ts';
import { budgetKept } from './budget-kept.ts';
import { cancelsStartable } from './cancels-startable.ts';
import { anyOf, type Checker, type Run } from './checker.ts';
import { checkpointsTold } from './checkpoints-told.ts';
import { closesJudged } from './closes-judged.ts';
import { commitsFirst } from './commits-first.ts';
import { crashesTold } from './crashes-told.ts';
import { curesNeeded } from './cures-needed.ts';
import { deletesSpare } from './deletes-spare.ts';
import { effectsUnderLease } from './effects-under-lease.ts';
import { endsInTime } from './ends-in-time.ts';
import { endsRespected } from './ends-respected.ts';
import { endsTrue } from './ends-true.ts';
import { failuresLast } from './failures-last.ts';
import { haUntouched } from './ha-untouched.ts';
import { healingKept } from './healing-kept.ts';
import { intentFirst } from './intent-first.ts';
import { ledKept } from './led-kept.ts';
import { leftoversHeld } from './leftovers-held.ts';
import { loopsTold } from './loops-told.ts';
import { neverEmpty } from './never-empty.ts';
import { newestRestored } from './newest-restored.ts';
import { nobodyWoken } from './nobody-woken.ts';
import { oldFlinkUnused } from './old-flink-unused.ts';
import { oneIntent } from './one-intent.ts';
import { oneLiveCopy } from './one-live-copy.ts';
import { oneSavepoint } from './one-savepoint.ts';
import { ordersOnce } from './orders-once.ts';
import { restoresBounded } from './refusals-bounded.ts';
import { replay } from './replay.ts';
import { restraintKept } from './restraint-kept.ts';
import { ringsHeard } from './rings-heard.ts';
import { savepointsTrue } from './savepoints-true.ts';
import { secondPass } from './second-pass.ts';
import { worseTold } from './worse-told.ts';

/** By the name under which a breach is counted. I10 is asked in the calm. */
export const checkers: Readonly<Record<string, Checker>> = {
  I1: oneLiveCopy,
  I2: anyOf(neverEmpty, leftoversHeld, newestRestored, oneSavepoint, deletesSpare, worseTold),
  I3: anyOf(intentFirst, oneIntent, restraintKept, effectsUnderLease),
  I4: anyOf(alertsInTurn, checkpointsTold, closesJudged, crashesTold, failuresLast, loopsTold, nobodyWoken),
  I5: ringsHeard,
  I6: anyOf(allSeen, cancelsStartable, endsRespected, endsTrue, haUntouched, ledKept, oldFlinkUnused, savepointsTrue),
  I7: anyOf(budgetKept, restoresBounded, healingKept, curesNeeded),
  I8: commitsFirst,
  I9: endsInTime,
  I12: ordersOnce,
};

/** Asked once, at the end of a run that is clean so far. */
export const lastCheckers: Readonly<Record<string, (run: Run) => Promise<string | undefined>>> = {
  I11: replay,
  I12: secondPass,
};
