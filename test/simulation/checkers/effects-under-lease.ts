import { type Call, effectsOf } from '../sim.ts';
import { always, type Checker } from './checker.ts';
import { clusterOf, jobIdOf } from './looks.ts';

/** I3: nobody takes a cluster over while a POST of its owner is on its way, unless the owner froze or died. */
export const effectsUnderLease: Checker = always(({ sim }) => {
  const [sent, claimed] = [effectsOf(sim, 'flink.run'), effectsOf(sim, 'store.acquire')];
  let [readPosts, readClaims] = [0, 0];
  let posts: readonly Call[] = [];
  let claims: readonly Call[] = [];
  return () => {
    if (claims.length === 0 && readClaims === claimed.length) return undefined;
    const open = [...claims, ...claimed.slice(readClaims)];
    readClaims = claimed.length;
    posts = [...posts, ...sent.slice(readPosts)].filter(isUnderWay);
    readPosts = sent.length;
    claims = open.filter(({ given }) => given === undefined);
    for (const claim of open) {
      if (!hasLease(claim)) continue;
      const [cluster] = claim.args;
      const { by, executedMs = 0 } = claim;
      const post = posts.find((call) => call.by !== by && call.atMs < executedMs && clusterOf(call) === cluster);
      if (post !== undefined) return `${by.name} takes ${cluster} over while ${post.by.name} submits ${jobIdOf(post)}`;
    }
    return undefined;
  };
});

const isUnderWay = ({ by, given }: Call): boolean => given === undefined && !by.dead && !by.disturbed;

const hasLease = ({ given }: Call): boolean => given !== undefined && 'value' in given && given.value !== undefined;
