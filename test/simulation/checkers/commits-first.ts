import { type Checker, eachCall } from './checker.ts';
import { jobIdOf, lookBefore } from './looks.ts';

/** I8: while the store does not answer, nothing reaches Flink: the last commit before an effect was heard to be written. */
export const commitsFirst: Checker = eachCall(['flink.run', 'flink.cancel'], (call) => {
  const last = lookBefore(call).store;
  const isWritten = last?.name === 'store.commit' && last.given !== undefined && 'value' in last.given;
  return isWritten
    ? undefined
    : `${call.by.name} acts on ${jobIdOf(call)} after ${last?.name}, which was not heard to be written`;
});
