import type { Call } from '../sim.ts';
import type { Checker } from './checker.ts';
import { clusterOf, jobIdOf } from './looks.ts';

/** I3: nobody takes a cluster over while a POST of its owner is on its way, unless the owner froze or died. */
export const effectsUnderLease: Checker = ({ sim }) => {
  let read = 0;
  let posts: Call[] = [];
  let claims: Call[] = [];
  return () => {
    for (; read < sim.effects.length; read += 1) {
      const call = sim.effects[read];
      if (call?.name === 'flink.run') posts.push(call);
      if (call?.name === 'store.acquire') claims.push(call);
    }
    if (claims.length === 0) return undefined;
    posts = posts.filter(isUnderWay);
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
