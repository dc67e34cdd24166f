import type { Checker } from './checker.ts';

/** Where high availability is on nobody but Flink brings jobs back (F100, F128): no POST, cancel or savepoint of the product reaches such a process. */
export const haUntouched: Checker = ({ world }) => {
  let posts = 0;
  let cancels = 0;
  let triggers = 0;
  return () => {
    const { truth } = world;
    const touched =
      truth.posts.slice(posts).find(({ ha }) => ha !== 'none') ??
      truth.cancels.slice(cancels).find(({ ha }) => ha !== 'none') ??
      truth.triggers.slice(triggers).find(({ ha }) => ha !== 'none');
    posts = truth.posts.length;
    cancels = truth.cancels.length;
    triggers = truth.triggers.length;
    return touched && `${touched.invocation} touches ${touched.jobId} on ${touched.process}, which has ${touched.ha}`;
  };
};
