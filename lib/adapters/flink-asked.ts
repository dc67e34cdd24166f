import { Fault } from '../core/errors.ts';
import type { Answer } from './http.ts';

/** For what may be asked again without harm: no answer is `transient`, whatever became of the request. */
export const repeatable = async (answer: Promise<Answer>): Promise<Answer> => {
  try {
    return await answer;
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    if (thrown.code === 'HTTP_TOO_LARGE') throw new Fault('invalid', 'FLINK_UNREADABLE', thrown.message);
    if (!thrown.code.startsWith('HTTP_')) throw thrown;
    throw new Fault('transient', 'FLINK_UNREACHABLE', thrown.message);
  }
};
