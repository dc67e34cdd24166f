import type { Call } from '../sim.ts';
import type { Checker } from './checker.ts';
import { clusterOf, jobIdOf } from './looks.ts';

/** I3: nobody takes a cluster over while a POST of its owner is on its way, unless the owner froze or died. */
export const effectsUnderLease: Checker = ({ sim }) => {
  let read = 0;
  let posts: readonly Call[] = [];
  let claims: readonly Call[] = [];
  return () => {
    const fresh = sim.calls.slice(read);
    read = sim.calls.length;
    posts = [...posts, ...fresh.filter(({ name }) => name === 'flink.run')].filter(isUnderWay);
    claims = [...claims, ...fresh.filter(({ name }) => name === 'store.acquire')];
    const carriedOut = claims.filter(({ given }) => given !== undefined);
    claims = claims.filter((call) => !carriedOut.includes(call));
    for (const claim of carriedOut.filter(hasLease)) {
      const [cluster] = claim.args;
      const { by, executedMs = 0 } = claim;
      const post = posts.find((call) => call.by !== by && call.atMs < executedMs && clusterOf(call) === cluster);
      if (post !== undefined) return `${by.name} takes ${cluster} over while ${post.by.name} submits ${jobIdOf(post)}`;
    }
    return undefined;
  };
};

const isUnderWay = ({ by, given }: Call): boolean => given === undefined && !by.dead && !by.disturbed;

const hasLease = ({ given }: Call): boolean => given !== undefined && 'value' in given && given.value !== undefined;
