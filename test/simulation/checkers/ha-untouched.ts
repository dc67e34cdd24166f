import type { ReachedCancel } from '../world/truth.ts';
import type { Checker } from './checker.ts';
import { isForAnother } from './sender.ts';

/** Where high availability is on and the manifest has no `leader` nobody but Flink brings jobs back (F100, F128): no POST, cancel or savepoint of the product reaches such a process. */
export const haUntouched: Checker = (run) => {
  const { world } = run;
  let posts = 0;
  let cancels = 0;
  let triggers = 0;
  return () => {
    const { truth } = world;
    const touched =
      truth.posts.slice(posts).find(isForeign) ??
      truth.cancels.slice(cancels).find(isForeign) ??
      truth.triggers.slice(triggers).find((trigger) => isForeign(trigger) && !isForAnother(run, trigger));
    posts = truth.posts.length;
    cancels = truth.cancels.length;
    triggers = truth.triggers.length;
    return touched && `${touched.invocation} touches ${touched.jobId} on ${touched.process}, which has ${touched.ha}`;
  };
};

/** Where the manifest says who leads the product has its business. */
const isForeign = ({ ha, led }: ReachedCancel): boolean => ha !== 'none' && led === undefined;
