import type { Answer } from '../../lib/operate/answers.ts';
import { EXIT } from '../usage.ts';
import type { Frame } from './blocks.ts';
import { showHistory, showOrder, showOrders } from './lists.ts';
import { showPlan } from './plan.ts';
import { isFine, showStatus } from './status.ts';

/** An answer for a person. */
export const showAnswer = (answer: Exclude<Answer, { ok: false }>, frame: Frame): readonly string[] => {
  switch (answer.op) {
    case 'status':
      return showStatus(answer, frame);
    case 'plan':
      return showPlan(answer, frame);
    case 'history':
      return showHistory(answer, frame);
    case 'orders':
      return showOrders(answer, frame);
    case 'order':
      return showOrder(answer, frame);
  }
};

/** The exit code that an answer means. */
export const exitCodeOf = (answer: Answer): number => {
  if (!answer.ok) return { invalid: EXIT.usage, refused: EXIT.refused, unavailable: EXIT.unreachable }[answer.why];
  if (answer.op === 'status') return isFine(answer) ? EXIT.fine : EXIT.open;
  if (answer.op === 'order')
    return { taken: EXIT.fine, open: EXIT.fine, dropped: EXIT.refused, unknown: EXIT.open }[answer.came];
  const isBlind = answer.op === 'plan' && answer.clusters.some(({ rung }) => rung === 'unknown');
  return isBlind ? EXIT.open : EXIT.fine;
};
