import type { ReachedCancel } from '../world/truth.ts';
import { type Checker, eachOf } from './checker.ts';
import { isForAnother } from './sender.ts';

/** Where high availability is on and the manifest has no `leader` nobody but Flink brings jobs back (F100, F128): no POST, cancel or savepoint of the product reaches such a process. */
export const haUntouched: Checker = (run) => {
  const { posts, cancels, triggers } = run.world.truth;
  return [
    ...eachOf(run, posts, touched),
    ...eachOf(run, cancels, touched),
    ...eachOf(run, triggers, (trigger) => (isForAnother(run, trigger) ? undefined : touched(trigger))),
  ];
};

const touched = (what: ReachedCancel): string | undefined =>
  isForeign(what) ? `${what.invocation} touches ${what.jobId} on ${what.process}, which has ${what.ha}` : undefined;

/** Where the manifest says who leads the product has its business. */
const isForeign = ({ ha, led }: ReachedCancel): boolean => ha !== 'none' && led === undefined;
