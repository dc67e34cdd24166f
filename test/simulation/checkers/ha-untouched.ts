import type { Checker } from './checker.ts';

/** Where high availability is on nobody but Flink brings jobs back (F100, F128): no POST and no cancel of the product reaches such a process. */
export const haUntouched: Checker = ({ world }) => {
  let posts = 0;
  let cancels = 0;
  return () => {
    const { truth } = world;
    const touched =
      truth.posts.slice(posts).find(({ ha }) => ha !== 'none') ??
      truth.cancels.slice(cancels).find(({ ha }) => ha !== 'none');
    posts = truth.posts.length;
    cancels = truth.cancels.length;
    return touched && `${touched.invocation} touches ${touched.jobId} on ${touched.process}, which has ${touched.ha}`;
  };
};
