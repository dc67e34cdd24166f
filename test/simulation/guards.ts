import type { Guard } from './guard-patch.ts';

/** Every guard that the simulation shows to be needed. */
export const guards: readonly Guard[] = [
  {
    name: 'unsettled',
    what: 'a POST that nobody heard of may still make its job appear',
    file: 'lib/core/liveness.ts',
    text: "(isUnheard(post) || post.refusal?.code === 'DUPLICATE_JOB')",
    instead: 'false',
    profile: 'uniform',
  },
];
